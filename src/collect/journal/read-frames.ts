import type { Storage } from '../../base/index.ts';
import type { LogOffset, ReadLimits, RecordRun } from '../event-log.ts';
import { recordBounds, type Frame } from './frame.ts';

/** What has been read so far, within the limits. */
export class TakenRuns {
  readonly runs: RecordRun[] = [];
  readonly #limits: ReadLimits;
  #count = 0;
  #bytes = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    const { recordsMax, bytesMax } = this.#limits;
    return this.#count >= recordsMax || (this.#count > 0 && this.#bytes >= bytesMax);
  }

  get room(): ReadLimits {
    const { recordsMax, bytesMax } = this.#limits;
    return { recordsMax: recordsMax - this.#count, bytesMax: bytesMax - this.#bytes };
  }

  /** Takes the records of a frame from `next` on; false when a limit was met before its end. */
  add(
    bytes: Buffer,
    at: number,
    { frame, next }: { readonly frame: Frame; readonly next: LogOffset },
  ): boolean {
    const { recordsMax, bytesMax } = this.#limits;
    const bounds = recordBounds(bytes, at);
    const first = next - frame.firstOffset;
    let end = first;
    for (; end < frame.count; end++) {
      const length = (bounds[end + 1] ?? 0) - (bounds[end] ?? 0);
      if (this.#count >= recordsMax || (this.#count > 0 && this.#bytes + length > bytesMax)) break;
      this.#count++;
      this.#bytes += length;
    }
    if (end > first) this.runs.push({ firstOffset: next, bytes, bounds: bounds.subarray(first, end + 1) });
    return end === frame.count;
  }
}

/** A part of a segment in memory: frames beside each other are read at once. */
export class FrameWindow {
  readonly #storage: Storage;
  readonly #path: string;
  readonly #frames: readonly Frame[];
  #read: { readonly bytes: Buffer; readonly position: number } = { bytes: Buffer.alloc(0), position: 0 };

  constructor(storage: Storage, path: string, frames: readonly Frame[]) {
    this.#storage = storage;
    this.#path = path;
    this.#frames = frames;
  }

  /** The bytes that hold a frame, and where in the file they begin; with frames after it that are wanted too. */
  async holding(
    place: number,
    wanted: ReadLimits & { readonly limit: LogOffset },
  ): Promise<{ readonly bytes: Buffer; readonly position: number }> {
    const frame = this.#frames[place] as Frame;
    const { position } = frame;
    const end = this.#read.position + this.#read.bytes.length;
    if (position >= this.#read.position && position + frame.sizeBytes <= end) return this.#read;
    const bytesMax = Math.min(windowBytes, wanted.bytesMax);
    let [lengthBytes, records] = [frame.sizeBytes, frame.count];
    for (let index = place + 1; records < wanted.recordsMax; index++) {
      const next = this.#frames[index];
      if (next === undefined || next.position !== position + lengthBytes) break;
      if (next.firstOffset >= wanted.limit || lengthBytes + next.sizeBytes > bytesMax) break;
      lengthBytes += next.sizeBytes;
      records += next.count;
    }
    const bytes = await this.#storage.read(this.#path, { offset: position, lengthBytes });
    this.#read = { bytes, position };
    return this.#read;
  }
}

const windowBytes = 4 * 1024 * 1024;
