import type { AppendFile, BusinessDay, Storage } from '../../base/index.ts';
import type { TakenRun } from './take-records.ts';

/** Records that count for the same day, as lines of a file: each the record with its place in the log before its own fields. */
export interface DayLinesFile {
  readonly path: string;
  /** The day they count for; whether it is a later one than their own, which is sealed. */
  readonly day: BusinessDay;
  readonly late: boolean;
  /** When they happened, as their bytes say: from here, and before there. */
  readonly startMs: number;
  readonly endMs: number;
  readonly recordCount: number;
  /** Of the longest line. */
  readonly bytesMax: number;
}

/** The keys of a record's place in its line; no envelope has them. */
export const placeKeys = { partition: '@p', offset: '@o' } as const;

/** Such a file while it is written. */
export class DayFile {
  readonly path: string;
  readonly #storage: Storage;
  readonly #day: BusinessDay;
  readonly #late: boolean;
  #file: AppendFile | undefined;
  #buffer = Buffer.allocUnsafeSlow(pieceBytes);
  #used = 0;
  #recordCount = 0;
  #bytesMax = 0;
  #startMs = Infinity;
  #endMs = -Infinity;

  constructor(
    storage: Storage,
    { path, day, late }: { readonly path: string; readonly day: BusinessDay; readonly late: boolean },
  ) {
    this.#storage = storage;
    this.path = path;
    this.#day = day;
    this.#late = late;
  }

  /** Days whose events count for one later day follow each other. */
  cover(startMs: number, endMs: number): void {
    this.#startMs = Math.min(this.#startMs, startMs);
    this.#endMs = Math.max(this.#endMs, endMs);
  }

  /** Of a run, one of its records. False when there is no room before the next flush. */
  add({ partition, firstOffset, bytes, bounds }: TakenRun, index: number): boolean {
    const [from, to] = [bounds[index] ?? 0, bounds[index + 1] ?? 0];
    const needed = to - from + placeBytesMax;
    if (this.#used + needed > this.#buffer.length) {
      if (this.#used > 0) return false;
      this.#buffer = Buffer.allocUnsafeSlow(needed);
    }
    const buffer = this.#buffer;
    const start = this.#used;
    let at = put(buffer, start, beforePartition);
    at = putNumber(buffer, at, partition);
    at = put(buffer, at, beforeOffset);
    at = putNumber(buffer, at, firstOffset + index);
    buffer[at++] = comma;
    at += bytes.copy(buffer, at, from + 1, to);
    buffer[at++] = lineFeed;
    this.#used = at;
    this.#recordCount++;
    if (at - start > this.#bytesMax) this.#bytesMax = at - start;
    return true;
  }

  async flush(): Promise<void> {
    if (this.#used === 0) return;
    this.#file ??= await this.#storage.append(this.path);
    await this.#file.append(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      const file = this.#file;
      this.#file = undefined;
      this.#buffer = Buffer.alloc(0);
      await file?.close();
    }
  }

  lines(): DayLinesFile {
    return {
      path: this.path,
      day: this.#day,
      late: this.#late,
      startMs: this.#startMs,
      endMs: this.#endMs,
      recordCount: this.#recordCount,
      bytesMax: this.#bytesMax,
    };
  }
}

function put(buffer: Buffer, at: number, bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index++) buffer[at + index] = bytes[index] as number;
  return at + bytes.length;
}

function putNumber(buffer: Buffer, at: number, value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; digits++) rest = Math.floor(rest / 10);
  for (let index = digits - 1, rest = value; index >= 0; index--) {
    const tens = Math.floor(rest / 10);
    buffer[at + index] = digit0 + rest - tens * 10;
    rest = tens;
  }
  return at + digits;
}

const pieceBytes = 512 * 1024;
/** Room for two numbers, their keys and the end of the line. */
const placeBytesMax = 64;
const beforePartition = Buffer.from(`{"${placeKeys.partition}":`);
const beforeOffset = Buffer.from(`,"${placeKeys.offset}":`);
const [comma, lineFeed, digit0] = [0x2c, 0x0a, 0x30];
