import { beginsWith, headBytes, printOf, tailBytes, type Print } from './fingerprint.ts';
import type { LogFileInfo, OpenLogFile } from './log-files.ts';
import type { GzipReader } from './gzip-reader.ts';

/** A place in a file's content, and how it is known again. */
export interface Place {
  /** Byte offset in the content, uncompressed. */
  readonly offset: number;
  /** Of the bytes before it. */
  readonly tail: Print;
  /** It is inside of a record that was cut. */
  readonly inside: boolean;
}

/** What is kept of a file over restarts. */
export interface SavedFile extends Place {
  /** First digits of its event ids. */
  readonly seed: string;
  readonly head: Print;
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** When it was last there, epoch milliseconds. */
  readonly seenMs: number;
  /** Offsets at which a record was declared whole without its line break or successor. */
  readonly cuts: readonly number[];
  /** Whether the file that it was last in is compressed. */
  readonly gzip?: boolean;
  /** Size and time of a compressed file that was read to its end. */
  readonly complete?: { readonly sizeBytes: number; readonly modifiedMs: number };
  /** Why a compressed file could not be read beyond `offset`. */
  readonly damage?: string;
}

/** Damage of a compressed file that may still be written. */
export const cutShort = 'it ends in the middle of what is compressed';

/** A stretch of a file that was read and is on its way. */
export interface Stretch {
  readonly file: TrackedFile;
  readonly end: Place;
  delivered: boolean;
}

/**
 * One content that is followed, wherever it lies: under its name, another one, as a copy, compressed, or removed and still open.
 */
export class TrackedFile {
  readonly seed: string;
  head: Print;
  path: string;
  device: number;
  inode: number;
  seenMs: number;
  /** Number of the input that it belongs to. */
  input = 0;
  /** Up to here it was read. */
  read: Place;
  /** Up to here everything is acknowledged. */
  acknowledged: Place;
  cuts: readonly number[];
  complete: { readonly sizeBytes: number; readonly modifiedMs: number } | undefined;
  /** Why a compressed file, which was read as far as possible, is not read further. */
  damage: string | undefined;
  /** When it could not be read; -Infinity when it can. */
  failedMs = -Infinity;
  /** Whether there is a file that has this content. */
  attached = false;
  /** Whether it got another name: its writer has another file now, or soon. */
  renamed = false;
  /** The open file, when it is attached and not closed for being idle. */
  handle: OpenLogFile | undefined;
  /** Whether the file is compressed, its reader, and what was inflated beyond `read`. */
  gzip = false;
  reader: GzipReader | undefined;
  inflated: Buffer = Buffer.alloc(0);
  /** As it was last looked at. */
  info: LogFileInfo | undefined;
  /** When it was last found to have grown. */
  grownMs = 0;
  /** Its size when all that was left was the beginning of a record; -1 else. */
  stuckBytes = -1;
  /** Newest time of its lines. */
  newestMs = -Infinity;
  /** Whether the saved state knows it, and all of its cuts: nothing of it is sent before. */
  saved = false;
  readonly #stretches: Stretch[] = [];

  constructor(saved: SavedFile) {
    this.seed = saved.seed;
    this.head = saved.head;
    this.path = saved.path;
    this.device = saved.device;
    this.inode = saved.inode;
    this.seenMs = saved.seenMs;
    this.cuts = saved.cuts;
    this.complete = saved.complete;
    this.damage = saved.damage;
    this.gzip = saved.gzip ?? false;
    this.read = { offset: saved.offset, tail: saved.tail, inside: saved.inside };
    this.acknowledged = this.read;
  }

  /** Stretches that are not acknowledged. */
  get waiting(): number {
    return this.#stretches.length;
  }

  /** Bytes that are there and not acknowledged; of a compressed file they are not known before it is read. */
  get lagBytes(): number {
    if (this.gzip) return this.complete === undefined ? (this.info?.sizeBytes ?? 0) : 0;
    return Math.max(0, (this.info?.sizeBytes ?? 0) - this.acknowledged.offset);
  }

  /** Notes that the content was read up to a place. */
  advance(end: Place): Stretch {
    this.read = end;
    const stretch = { file: this, end, delivered: false };
    this.#stretches.push(stretch);
    return stretch;
  }

  /** A stretch was acknowledged; the offset moves over all that are, in their order. */
  acknowledge(stretch: Stretch): void {
    stretch.delivered = true;
    while (this.#stretches[0]?.delivered === true) {
      this.acknowledged = this.#stretches.shift()?.end ?? this.acknowledged;
    }
    this.cuts = this.cuts.filter((cut) => cut > this.acknowledged.offset);
  }

  /**
   * Whether the open file still has this content: it is as long as what was read of it, begins so, and has the same bytes before
   * that place. A head that was taken while the file was small grows with it.
   */
  holds(file: OpenLogFile, info: LogFileInfo): boolean {
    const { offset, tail } = this.read;
    if (info.sizeBytes < Math.max(offset, this.head.lengthBytes)) return false;
    const bytes = file.read(0, headBytes);
    if (!beginsWith(bytes, this.head)) return false;
    if (bytes.length > this.head.lengthBytes) this.head = printOf(bytes);
    const before = file.read(offset - tail.lengthBytes, tail.lengthBytes);
    return before.length === tail.lengthBytes && printOf(before).hash === tail.hash;
  }

  close(): void {
    this.handle?.close();
    this.handle = undefined;
    this.reader?.close();
    this.reader = undefined;
    this.inflated = Buffer.alloc(0);
  }

  save(): SavedFile {
    const { seed, head, path, device, inode, seenMs, cuts, gzip, complete, damage, acknowledged } = this;
    const whole = complete !== undefined && acknowledged.offset === this.read.offset;
    const done = whole ? { complete, ...(damage === undefined ? {} : { damage }) } : {};
    return { seed, head, path, device, inode, seenMs, cuts, gzip, ...acknowledged, ...done };
  }
}

/** The place at `offset`, after these last bytes. */
export function placeAfter(offset: number, before: Buffer, inside: boolean): Place {
  return { offset, tail: printOf(before.subarray(Math.max(0, before.length - tailBytes))), inside };
}
