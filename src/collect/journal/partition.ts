import { OctavoError, toOctavoError } from '../../base/index.ts';
import type { LogOffset, PackedRecords, ReadLimits, RunBatch } from '../event-log.ts';
import { bodyBytesMax, bodyBytesOf } from './frame.ts';
import { readSegments } from './read-segments.ts';
import { recoverSegments, type Recovered } from './recover-segments.ts';
import { removeSegment } from './remove-segment.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Segment, SegmentPlace, Segments } from './segments.ts';

interface Pending {
  readonly records: PackedRecords;
  readonly resolve: (offset: LogOffset) => void;
  readonly reject: (error: unknown) => void;
}

/** What a partition is made of. */
export interface PartitionOptions extends SegmentPlace {
  readonly segmentBytes: number;
  /** Up to here records were loaded: when the files end before it, some were removed, and what comes is numbered from here. */
  readonly loadedTo?: LogOffset;
}

/** One partition of the journal: a folder of segments, and the only writer of it. */
export class Partition {
  readonly #segments: Segments;
  readonly #writer: SegmentWriter;
  /** Segments that are no longer part of the log and whose files are still to be removed. */
  #released: readonly Segment[] = [];
  #end: LogOffset;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #removing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor({ segments, end }: Recovered, writer: SegmentWriter) {
    this.#segments = segments;
    this.#writer = writer;
    this.#end = end;
  }

  /** Opens the folder; a torn tail of the newest segment is cut, counted and logged. */
  static async open(options: PartitionOptions): Promise<Partition> {
    const recovered = await recoverSegments(options);
    const writer = new SegmentWriter({ ...options, ...recovered });
    await writer.cutTail(recovered.end);
    return new Partition({ ...recovered, end: endAfter(recovered.end, options) }, writer);
  }

  get end(): LogOffset {
    return this.#end;
  }

  get start(): LogOffset {
    return this.#segments.all[0]?.firstOffset ?? this.#end;
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
      const batch = await readSegments(this.#segments, from, { ...limits, end: this.#end });
      // What was released meanwhile may have been read while it went.
      this.#refuseReleased(from);
      return batch;
    } catch (error) {
      this.#refuseReleased(from);
      throw error;
    }
  }

  /**
   * Removes whole segments before the offset; the newest stays. Calls may overlap: what leaves the log is decided at once,
   * and a file that cannot be removed now is removed by the next call.
   */
  async release(before: LogOffset): Promise<void> {
    this.#released = [...this.#released, ...this.#segments.takeBefore(before)];
    const turn = this.#removing.then(() => this.#removeReleased());
    this.#removing = turn.catch(() => undefined);
    return await turn;
  }

  async #removeReleased(): Promise<void> {
    for (const segment of this.#released) {
      await removeSegment(this.#segments.storage, this.#segments.path(segment.name));
      this.#released = this.#released.filter((one) => one !== segment);
    }
  }

  /** Writes what was handed in, then closes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#removing;
    await this.#writer.close();
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = takeBatch(this.#pending);
      try {
        let offset = await this.#write(batch.map((one) => one.records));
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
    if (count > 0) await this.#writer.write(first, parts, count);
    this.#end = first + count;
    return first;
  }

  #refuseReleased(from: LogOffset): void {
    if (from < this.start) throw new OctavoError('log_offset_gone', `offset ${from} is before ${this.start}`);
  }
}

/** Takes out of the queue what fits into one frame, at least one. */
function takeBatch(pending: Pending[]): readonly Pending[] {
  let [bytes, taken] = [0, 0];
  for (const { records } of pending) {
    bytes += bodyBytesOf(records);
    if (taken > 0 && bytes > bodyBytesMax) break;
    taken += 1;
  }
  return pending.splice(0, taken);
}

/** Records must never get numbers that the loader has passed already: it would not load them. */
function endAfter(end: LogOffset, { loadedTo = 0, logger, directory }: PartitionOptions): LogOffset {
  if (end < loadedTo)
    logger.error('files of the journal are missing: it ends before what was loaded from it', {
      directory,
      end,
      loadedTo,
    });
  return Math.max(end, loadedTo);
}
