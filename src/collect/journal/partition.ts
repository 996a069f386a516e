import { join } from 'node:path';
import {
  count,
  hasCode,
  OctavoError,
  toOctavoError,
  type AppendFile,
  type Logger,
  type Storage,
} from '../../base/index.ts';
import type { LogDamage, LogOffset, PackedRecords, ReadLimits, RunBatch } from '../event-log.ts';
import {
  bodyBytesMax,
  bodyBytesOf,
  encodeFrame,
  encodeHeader,
  frameAt,
  headerBytes,
  type Frame,
} from './frame.ts';
import { segmentName } from './inspect.ts';
import { goneEnding, removeSegment } from './remove-segment.ts';
import { FrameWindow, TakenRuns } from './read-frames.ts';
import { scanSegment, type Gap } from './scan.ts';

interface Segment {
  readonly name: string;
  readonly firstOffset: number;
  frames: Frame[] | undefined;
  gaps: readonly Gap[];
}

interface Pending {
  readonly records: PackedRecords;
  readonly resolve: (offset: LogOffset) => void;
  readonly reject: (error: unknown) => void;
}

const keptMemoryBytes = 4 * 1024 * 1024;

/** What a partition is made of. */
export interface PartitionOptions {
  readonly storage: Storage;
  readonly directory: string;
  readonly partition: number;
  readonly segmentBytes: number;
  readonly logger: Logger;
  /** Up to here records were loaded: when the files end before it, some were removed, and what comes is numbered from here. */
  readonly loadedTo?: LogOffset;
}

/** One partition of the journal: a folder of segments, and the only writer of it. */
export class Partition {
  readonly #options: PartitionOptions;
  /** Replaced, never changed in place: a read goes on over the segments it began with. */
  #segments: readonly Segment[] = [];
  /** Segments that are no longer part of the log and whose files are still to be removed. */
  #released: readonly Segment[] = [];
  #end: LogOffset = 0;
  #file: AppendFile | undefined;
  #durableBytes = 0;
  /** A segment whose tail must be cut before anything is written after it. */
  #suspect: { readonly name: string; readonly sizeBytes: number } | undefined;
  #block = Buffer.alloc(0);
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #removing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PartitionOptions) {
    this.#options = options;
  }

  /** Opens the folder; a torn tail of the newest segment is cut, counted and logged. */
  static async open(options: PartitionOptions): Promise<Partition> {
    const partition = new Partition(options);
    await partition.#recover();
    return partition;
  }

  get end(): LogOffset {
    return this.#end;
  }

  get start(): LogOffset {
    return this.#segments[0]?.firstOffset ?? this.#end;
  }

  append(records: PackedRecords): Promise<LogOffset> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new OctavoError('log_closed'));
      const bytes = bodyBytesOf(records);
      if (bytes > bodyBytesMax)
        return reject(new OctavoError('log_record_too_large', `${bytes} bytes in one append`));
      this.#pending.push({ records, resolve, reject });
      this.#writing ??= this.#drain().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  async read(from: LogOffset, limits: ReadLimits): Promise<RunBatch> {
    this.#refuseReleased(from);
    try {
      const batch = await this.#read(from, limits);
      // What was released meanwhile may have been read while it went.
      this.#refuseReleased(from);
      return batch;
    } catch (error) {
      this.#refuseReleased(from);
      throw error;
    }
  }

  async #read(from: LogOffset, limits: ReadLimits): Promise<RunBatch> {
    const segments = this.#segments;
    const end = this.#end;
    const taken = new TakenRuns(limits);
    const damage: LogDamage[] = [];
    let next = from;
    for (const [index, segment] of segments.entries()) {
      if (next >= end) break;
      const limit = Math.min(end, segments[index + 1]?.firstOffset ?? end);
      if (next >= limit) continue;
      const frames = await this.#framesOf(segment);
      const { storage } = this.#options;
      const window = new FrameWindow(storage, this.#path(segment.name), frames);
      for (const [place, frame] of frames.entries()) {
        if (frame.firstOffset + frame.count <= next) continue;
        if (frame.firstOffset >= limit) break;
        if (taken.isFull) return this.#batch(from, next, taken, damage);
        if (frame.firstOffset > next) {
          if (taken.count > 0) return this.#batch(from, next, taken, damage);
          damage.push(...this.#damageAfter(segment, next, frame.position));
          next = frame.firstOffset;
        }
        let { bytes, position } = await window.holding(place, { ...taken.room, limit });
        if (!isFrame(frame, bytes, position)) {
          // What was read wrongly once may be whole on the disk.
          const { position: offset, sizeBytes: lengthBytes } = frame;
          bytes = await storage.read(this.#path(segment.name), { offset, lengthBytes });
          position = offset;
        }
        if (!isFrame(frame, bytes, position)) {
          this.#giveUp(segment, frame);
          if (taken.count > 0) return this.#batch(from, next, taken, damage);
          continue;
        }
        const before = taken.count;
        const whole = taken.add(bytes, frame.position - position, { frame, next });
        next += taken.count - before;
        if (!whole) return this.#batch(from, next, taken, damage);
      }
      if (next < limit) {
        if (taken.count > 0) break;
        const known = this.#damageAfter(segment, next, Infinity);
        damage.push(...(known.length > 0 ? known : [this.#hole(segment, limit - next)]));
        next = limit;
      }
    }
    return this.#batch(from, next, taken, damage);
  }

  /**
   * Removes whole segments before the offset; the newest stays. Calls may overlap: what leaves the log is decided at once,
   * and a file that cannot be removed now is removed by the next call.
   */
  async release(before: LogOffset): Promise<void> {
    const kept = Math.max(
      0,
      this.#segments.findLastIndex((segment) => segment.firstOffset <= before),
    );
    this.#released = [...this.#released, ...this.#segments.slice(0, kept)];
    this.#segments = this.#segments.slice(kept);
    const turn = this.#removing.then(() => this.#removeReleased());
    this.#removing = turn.catch(() => undefined);
    return await turn;
  }

  async #removeReleased(): Promise<void> {
    for (const segment of this.#released) {
      await removeSegment(this.#options.storage, this.#path(segment.name));
      this.#released = this.#released.filter((one) => one !== segment);
    }
  }

  /** Writes what was handed in, then closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#removing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch: Pending[] = [];
      let bytes = 0;
      while (this.#pending.length > 0) {
        const [next] = this.#pending;
        if (next === undefined) break;
        bytes += bodyBytesOf(next.records);
        if (batch.length > 0 && bytes > bodyBytesMax) break;
        batch.push(next);
        this.#pending.shift();
      }
      try {
        const first = await this.#write(batch.map((one) => one.records));
        let offset = first;
        for (const one of batch) {
          one.resolve(offset);
          offset += one.records.count;
        }
      } catch (thrown) {
        const error = toOctavoError(thrown);
        for (const one of batch) one.reject(error);
      }
    }
  }

  async #write(parts: readonly PackedRecords[]): Promise<LogOffset> {
    const first = this.#end;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    if (count === 0) return first;
    const bytes = encodeFrame(first, parts, (lengthBytes) => this.#memory(lengthBytes));
    await this.#cutSuspect();
    if (this.#file === undefined || this.#durableBytes >= this.#options.segmentBytes) await this.#roll();
    const file = this.#file;
    const segment = this.#segments.at(-1);
    if (file === undefined || segment === undefined)
      throw new OctavoError('internal', 'the journal has no open segment');
    try {
      await file.append(bytes);
      await file.sync();
    } catch (error) {
      await this.#abandon(file, segment.name, error);
      throw error;
    }
    segment.frames?.push({
      position: this.#durableBytes,
      sizeBytes: bytes.length,
      firstOffset: first,
      count,
    });
    this.#durableBytes += bytes.length;
    this.#end = first + count;
    return first;
  }

  /** For a frame: one is written at a time, so the next may lie where the last did, unless that was large. */
  #memory(lengthBytes: number): Buffer {
    if (lengthBytes > keptMemoryBytes) return Buffer.allocUnsafeSlow(lengthBytes);
    if (this.#block.length < lengthBytes)
      this.#block = Buffer.allocUnsafeSlow(Math.min(keptMemoryBytes, Math.max(lengthBytes * 2, 64 * 1024)));
    return this.#block.subarray(0, lengthBytes);
  }

  /** A failed write or sync is never tried again on the same file: it is closed, and its tail is cut before the next write. */
  async #abandon(file: AppendFile, name: string, error: unknown): Promise<void> {
    this.#options.logger.error('a segment of the journal failed and is closed', { file: name, error });
    this.#file = undefined;
    this.#suspect = { name, sizeBytes: this.#durableBytes };
    await file.close().catch(() => undefined);
    if (hasCode(error, 'storage_full')) await this.#cutSuspect().catch(() => undefined);
  }

  async #cutSuspect(): Promise<void> {
    const suspect = this.#suspect;
    if (suspect === undefined) return;
    const file = await this.#options.storage.append(this.#path(suspect.name));
    try {
      if (file.sizeBytes > suspect.sizeBytes) await file.truncate(suspect.sizeBytes);
      await file.sync();
    } finally {
      await file.close().catch(() => undefined);
    }
    const segment = this.#segments.at(-1);
    if (segment !== undefined && this.#end > segment.firstOffset) {
      const bytes = await this.#options.storage.read(this.#path(segment.name));
      const scan = scanSegment(bytes, segment.firstOffset);
      const last = scan.frames.at(-1);
      if (last === undefined || last.firstOffset + last.count !== this.#end) {
        this.#options.logger.error('the journal lost durable records after a failed write', {
          file: segment.name,
        });
      }
      segment.frames = [...scan.frames];
      segment.gaps = scan.gaps;
    }
    this.#suspect = undefined;
  }

  async #roll(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    const previous = this.#segments.at(-1);
    const generation = previous?.firstOffset === this.#end ? Number(previous.name.slice(21, 27)) + 1 : 0;
    const name = `${String(this.#end).padStart(20, '0')}-${String(generation).padStart(6, '0')}.log`;
    await this.#options.storage.create(this.#path(name), encodeHeader(this.#end));
    this.#segments = [...this.#segments, { name, firstOffset: this.#end, frames: [], gaps: [] }];
    this.#durableBytes = headerBytes;
    this.#file = await this.#options.storage.append(this.#path(name));
  }

  async #recover(): Promise<void> {
    const { storage, directory, logger } = this.#options;
    await storage.makeDirectory(directory);
    const found = await storage.list(directory);
    for (const { name } of found.filter((file) => file.name.endsWith(goneEnding)))
      await storage.remove(this.#path(name));
    const files = found.filter((file) => segmentName.test(file.name));
    this.#segments = files.map(({ name }) => ({
      name,
      firstOffset: Number(name.slice(0, 20)),
      frames: undefined,
      gaps: [],
    }));
    const newest = this.#segments.at(-1);
    if (newest === undefined) return this.#goOnFrom(this.#options.loadedTo ?? 0);
    const bytes = await storage.read(this.#path(newest.name));
    const scan = scanSegment(bytes, newest.firstOffset);
    newest.frames = [...scan.frames];
    newest.gaps = scan.gaps.filter((gap) => gap.position < scan.validBytes);
    const last = scan.frames.at(-1);
    this.#end = last === undefined ? newest.firstOffset : last.firstOffset + last.count;
    const tornBytes = bytes.length - scan.validBytes;
    if (tornBytes > 0) {
      logger.warn('a torn tail of the journal was cut', {
        file: newest.name,
        position: scan.validBytes,
        tornBytes,
      });
      count('octavo_collect_journal_torn_bytes_total', {}, tornBytes);
    }
    this.#durableBytes = Math.min(scan.validBytes, bytes.length);
    this.#suspect = { name: newest.name, sizeBytes: this.#durableBytes };
    await this.#cutSuspect();
    this.#goOnFrom(this.#options.loadedTo ?? 0);
  }

  /** Records must never get numbers that the loader has passed already: it would not load them. */
  #goOnFrom(loadedTo: LogOffset): void {
    if (this.#end >= loadedTo) return;
    const { logger, directory } = this.#options;
    logger.error('files of the journal are missing: it ends before what was loaded from it', {
      directory,
      end: this.#end,
      loadedTo,
    });
    this.#end = loadedTo;
  }

  async #framesOf(segment: Segment): Promise<readonly Frame[]> {
    if (segment.frames === undefined) {
      const scan = scanSegment(
        await this.#options.storage.read(this.#path(segment.name)),
        segment.firstOffset,
      );
      segment.frames = [...scan.frames];
      segment.gaps = scan.gaps;
    }
    return segment.frames;
  }

  /** A frame that was true when it was written or scanned is none any more. */
  #giveUp(segment: Segment, frame: Frame): void {
    const { position, sizeBytes: lengthBytes } = frame;
    segment.frames = segment.frames?.filter((one) => one !== frame);
    const known = segment.gaps.some((gap) => gap.position === position);
    if (known || !this.#segments.includes(segment)) return;
    this.#options.logger.error('a part of the journal is damaged', {
      file: segment.name,
      position,
      lengthBytes,
    });
    const gap = { position, lengthBytes, reason: 'a checksum does not match' };
    segment.gaps = [...segment.gaps, gap].toSorted((a, b) => a.position - b.position);
  }

  /** What is damaged between the records before an offset and a place in the file. */
  #damageAfter(segment: Segment, offset: LogOffset, position: number): readonly LogDamage[] {
    const before = segment.frames?.findLast((frame) => frame.firstOffset + frame.count <= offset);
    const from = before === undefined ? 0 : before.position + before.sizeBytes;
    const gaps = segment.gaps.filter((gap) => gap.position >= from && gap.position < position);
    const partition = this.#options.partition;
    return gaps.map((gap) => ({
      partition,
      file: segment.name,
      offsetBytes: gap.position,
      lengthBytes: gap.lengthBytes,
      reason: gap.reason,
    }));
  }

  /** Records of which no file is left. */
  #hole(segment: Segment, records: number): LogDamage {
    const { partition } = this.#options;
    const reason = `${records} records after it are in no file`;
    return { partition, file: segment.name, offsetBytes: 0, lengthBytes: 0, reason };
  }

  #refuseReleased(from: LogOffset): void {
    if (from < this.start) throw new OctavoError('log_offset_gone', `offset ${from} is before ${this.start}`);
  }

  #batch(from: LogOffset, nextOffset: LogOffset, taken: TakenRuns, damage: readonly LogDamage[]): RunBatch {
    const firstOffset = taken.count > 0 ? nextOffset - taken.count : from;
    return { partition: this.#options.partition, firstOffset, nextOffset, runs: taken.runs, damage };
  }

  #path(name: string): string {
    return join(this.#options.directory, name);
  }
}

/** Whether these bytes of a segment hold the frame, whole. */
function isFrame(frame: Frame, bytes: Buffer, position: number): boolean {
  return frameAt(bytes, frame.position - position)?.firstOffset === frame.firstOffset;
}
