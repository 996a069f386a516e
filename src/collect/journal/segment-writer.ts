import { hasCode, OctavoError, type AppendFile, type Logger } from '../../base/index.ts';
import type { LogOffset, PackedRecords } from '../event-log.ts';
import { encodeFrame, encodeHeader, headerBytes } from './frame.ts';
import { nameOfSegment, placeOfName, type Segments } from './segments.ts';

/** What a writer goes on from. */
export interface WriterOptions {
  readonly segments: Segments;
  /** A segment is closed at this size. */
  readonly segmentBytes: number;
  readonly logger: Logger;
  /** Bytes of the newest segment that hold whole frames; what lies behind them is cut before anything is written. */
  readonly durableBytes: number;
}

/** Writes frames at the end of the newest segment, one at a time. */
export class SegmentWriter {
  readonly #options: WriterOptions;
  #file: AppendFile | undefined;
  #durableBytes: number;
  /** A segment whose tail must be cut before anything is written after it. */
  #suspect: { readonly name: string; readonly sizeBytes: number } | undefined;
  #block = Buffer.alloc(0);

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#durableBytes = options.durableBytes;
    const { newest } = options.segments;
    if (newest !== undefined) this.#suspect = { name: newest.name, sizeBytes: options.durableBytes };
  }

  /** Resolves when a frame of the parts is on the disk; on an error nothing of it is in the log. */
  async write(first: LogOffset, parts: readonly PackedRecords[], count: number): Promise<void> {
    const bytes = encodeFrame(first, parts, (lengthBytes) => this.#memory(lengthBytes));
    await this.cutTail(first);
    if (this.#file === undefined || this.#durableBytes >= this.#options.segmentBytes) await this.#roll(first);
    const file = this.#file;
    const segment = this.#options.segments.newest;
    if (file === undefined || segment === undefined)
      throw new OctavoError('internal', 'the journal has no open segment');
    try {
      await file.append(bytes);
      await file.sync();
    } catch (error) {
      await this.#abandon(file, { name: segment.name, end: first, error });
      throw error;
    }
    const position = this.#durableBytes;
    segment.frames?.push({ position, sizeBytes: bytes.length, firstOffset: first, count });
    this.#durableBytes += bytes.length;
  }

  /** Cuts what is behind the durable frames of the newest segment, which end at this offset; does nothing when that is clean. */
  async cutTail(end: LogOffset): Promise<void> {
    const suspect = this.#suspect;
    if (suspect === undefined) return;
    const { segments, logger } = this.#options;
    const file = await segments.storage.append(segments.path(suspect.name));
    try {
      if (file.sizeBytes > suspect.sizeBytes) await file.truncate(suspect.sizeBytes);
      await file.sync();
    } finally {
      await file.close().catch(() => undefined);
    }
    const segment = segments.newest;
    if (segment !== undefined && end > segment.firstOffset) {
      await segments.scan(segment);
      const last = segment.frames?.at(-1);
      if (last === undefined || last.firstOffset + last.count !== end)
        logger.error('the journal lost durable records after a failed write', { file: segment.name });
    }
    this.#suspect = undefined;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** For a frame: one is written at a time, so the next may lie where the last did, unless that was large. */
  #memory(lengthBytes: number): Buffer {
    if (lengthBytes > keptMemoryBytes) return Buffer.allocUnsafeSlow(lengthBytes);
    if (this.#block.length < lengthBytes)
      this.#block = Buffer.allocUnsafeSlow(Math.min(keptMemoryBytes, Math.max(lengthBytes * 2, 64 * 1024)));
    return this.#block.subarray(0, lengthBytes);
  }

  /** A failed write or sync is never tried again on the same file: it is closed, and its tail is cut before the next write. */
  async #abandon(
    file: AppendFile,
    { name, end, error }: { readonly name: string; readonly end: LogOffset; readonly error: unknown },
  ): Promise<void> {
    this.#options.logger.error('a segment of the journal failed and is closed', { file: name, error });
    this.#file = undefined;
    this.#suspect = { name, sizeBytes: this.#durableBytes };
    await file.close().catch(() => undefined);
    if (hasCode(error, 'storage_full')) await this.cutTail(end).catch(() => undefined);
  }

  async #roll(first: LogOffset): Promise<void> {
    await this.close();
    const { segments } = this.#options;
    const previous = segments.newest;
    const generation = previous?.firstOffset === first ? placeOfName(previous.name).generation + 1 : 0;
    const name = nameOfSegment(first, generation);
    await segments.storage.create(segments.path(name), encodeHeader(first));
    segments.add({ name, firstOffset: first, frames: [], gaps: [] });
    this.#durableBytes = headerBytes;
    this.#file = await segments.storage.append(segments.path(name));
  }
}

const keptMemoryBytes = 4 * 1024 * 1024;
