import { join } from 'node:path';
import type { Logger, Storage } from '../../base/index.ts';
import type { LogDamage, LogOffset } from '../event-log.ts';
import type { Frame } from './frame.ts';
import { scanSegment, type Gap } from './scan.ts';

/** A file of a partition. What it holds is read when it is first asked for. */
export interface Segment {
  readonly name: string;
  readonly firstOffset: LogOffset;
  frames: Frame[] | undefined;
  gaps: readonly Gap[];
}

/** Where the segments of a partition lie. */
export interface SegmentPlace {
  readonly storage: Storage;
  /** Absolute. */
  readonly directory: string;
  readonly partition: number;
  readonly logger: Logger;
}

/** `<first offset>-<generation>.log` */
export const segmentName = /^\d{20}-\d{6}\.log$/;

/** The name of a segment; the generation tells apart those that begin with the same record. */
export function nameOfSegment(firstOffset: LogOffset, generation: number): string {
  return `${String(firstOffset).padStart(20, '0')}-${String(generation).padStart(6, '0')}.log`;
}

/** First offset and generation of a segment's name. */
export function placeOfName(name: string): { readonly firstOffset: LogOffset; readonly generation: number } {
  return { firstOffset: Number(name.slice(0, 20)), generation: Number(name.slice(21, 27)) };
}

/** A segment of which nothing was read yet. */
export function unreadSegment(name: string): Segment {
  return { name, firstOffset: placeOfName(name).firstOffset, frames: undefined, gaps: [] };
}

/** The segments of a partition, oldest first, and what is known of them. */
export class Segments {
  readonly #place: SegmentPlace;
  /** Replaced, never changed in place: a read goes on over the segments it began with. */
  #all: readonly Segment[];

  constructor(place: SegmentPlace, all: readonly Segment[]) {
    this.#place = place;
    this.#all = all;
  }

  get storage(): Storage {
    return this.#place.storage;
  }

  get partition(): number {
    return this.#place.partition;
  }

  get all(): readonly Segment[] {
    return this.#all;
  }

  get newest(): Segment | undefined {
    return this.#all.at(-1);
  }

  path(name: string): string {
    return join(this.#place.directory, name);
  }

  add(segment: Segment): void {
    this.#all = [...this.#all, segment];
  }

  /** Takes whole segments before the offset out of the list; the newest stays. */
  takeBefore(offset: LogOffset): readonly Segment[] {
    const kept = Math.max(
      0,
      this.#all.findLastIndex((segment) => segment.firstOffset <= offset),
    );
    const taken = this.#all.slice(0, kept);
    this.#all = this.#all.slice(kept);
    return taken;
  }

  async framesOf(segment: Segment): Promise<readonly Frame[]> {
    if (segment.frames === undefined) await this.scan(segment);
    return segment.frames ?? [];
  }

  /** Reads a segment anew, whole. */
  async scan(segment: Segment): Promise<void> {
    const scan = scanSegment(await this.storage.read(this.path(segment.name)), segment.firstOffset);
    segment.frames = [...scan.frames];
    segment.gaps = scan.gaps;
  }

  /** A frame that was true when it was written or scanned is none any more. */
  giveUp(segment: Segment, frame: Frame): void {
    const { position, sizeBytes: lengthBytes } = frame;
    segment.frames = segment.frames?.filter((one) => one !== frame);
    const known = segment.gaps.some((gap) => gap.position === position);
    if (known || !this.#all.includes(segment)) return;
    this.#place.logger.error('a part of the journal is damaged', {
      file: segment.name,
      position,
      lengthBytes,
    });
    const gap = { position, lengthBytes, reason: 'a checksum does not match' };
    segment.gaps = [...segment.gaps, gap].toSorted((a, b) => a.position - b.position);
  }

  /** What is damaged between the records before an offset and a place in the file. */
  damageAfter(segment: Segment, offset: LogOffset, position: number): readonly LogDamage[] {
    const before = segment.frames?.findLast((frame) => frame.firstOffset + frame.count <= offset);
    const from = before === undefined ? 0 : before.position + before.sizeBytes;
    const gaps = segment.gaps.filter((gap) => gap.position >= from && gap.position < position);
    return gaps.map((gap) => damageOf(this.partition, segment.name, gap));
  }
}

/** A gap of a file as damage of the log. */
export function damageOf(partition: number, file: string, gap: Gap): LogDamage {
  return { partition, file, offsetBytes: gap.position, lengthBytes: gap.lengthBytes, reason: gap.reason };
}
