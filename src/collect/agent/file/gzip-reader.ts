import { constants, createGunzip, gunzipSync, type Gunzip } from 'node:zlib';
import type { OpenLogFile } from './log-files.ts';

/** Whether a file is compressed with gzip, by its first bytes. */
export function isGzip(head: Buffer): boolean {
  return head.length > 1 && head[0] === 0x1f && head[1] === 0x8b;
}

/** The beginning of what is compressed in a file. */
export interface GzipHead {
  /** As many bytes as were asked for, fewer only when that is all; none when they cannot be read (yet). */
  readonly bytes: Buffer;
  /** Why there are none, as zlib says it. */
  readonly error?: unknown;
}

/** Inflates the first bytes of what is compressed in a file. */
export function gunzipHead(file: OpenLogFile, lengthBytes: number): GzipHead {
  let error: unknown;
  for (const sample of samples) {
    const bytes = file.read(0, sample);
    try {
      const inflated = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
      if (inflated.length >= lengthBytes) return { bytes: inflated.subarray(0, lengthBytes) };
      // Less than that is known for all only when the file is whole: it may still be written.
      if (bytes.length < sample) return { bytes: gunzipSync(bytes) };
    } catch (thrown) {
      error = thrown;
      break;
    }
  }
  const before = isDamage(error) ? beforeDamage(file, lengthBytes) : undefined;
  return before === undefined ? { bytes: Buffer.alloc(0), error } : { bytes: before };
}

/** The first bytes of a file that is damaged behind them. */
function beforeDamage(file: OpenLogFile, lengthBytes: number): Buffer | undefined {
  for (let size = samples[0] >> 1; size >= headerBytes; size -= stepBytes) {
    try {
      const inflated = gunzipSync(file.read(0, size), { finishFlush: constants.Z_SYNC_FLUSH });
      // Fewer come from still fewer bytes.
      return inflated.length < lengthBytes ? undefined : inflated.subarray(0, lengthBytes);
    } catch {
      // It reaches into the damage.
    }
  }
  return undefined;
}

const headerBytes = 18;
const stepBytes = 64;

/** Each inflates to a few megabytes at most. */
const samples = [4096, 65_536] as const;

/** What is compressed in a file, from its beginning to its end. */
export interface GzipReader {
  /**
   * The next bytes; undefined at the end. Errors: what zlib throws, once everything before the damage was given; `storage_failed`.
   */
  next(): Promise<Buffer | undefined>;
  close(): void;
}

/** Whether an error says that the file ends before what is compressed in it: it may still be written. */
export function isCutShort(error: unknown): boolean {
  return codeOf(error) === 'Z_BUF_ERROR';
}

/** Whether an error is of what is compressed, and not of the disk. */
export function isDamage(error: unknown): boolean {
  return codeOf(error).startsWith('Z_');
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** Reads a compressed file, which is closed with the reader. */
export function openGzip(file: OpenLogFile): GzipReader {
  return new Inflating(file);
}

/** Bytes of the file that are inflated at once; after damage was found the smaller ones, one after the other. */
const pieceBytes = [64 * 1024, 256, 1] as const;
const chunkBytes = 256 * 1024;

class Inflating implements GzipReader {
  readonly #file: OpenLogFile;
  #inflater: Gunzip;
  #ready: Buffer[] = [];
  /** Of the file. */
  #position = 0;
  #givenBytes = 0;
  /** Bytes that were given already, when the file is inflated a second time. */
  #skipBytes = 0;
  /** Where smaller pieces begin, so that nothing is lost that stands before the damage. */
  #carefulFrom: readonly number[] = [];
  #failure: unknown;
  #ended = false;

  constructor(file: OpenLogFile) {
    this.#file = file;
    this.#inflater = this.#begin();
  }

  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#ready.shift();
      if (chunk !== undefined) {
        const fresh = chunk.subarray(Math.min(chunk.length, this.#skipBytes));
        this.#skipBytes -= chunk.length - fresh.length;
        this.#givenBytes += fresh.length;
        if (fresh.length > 0) return fresh;
      } else if (this.#failure !== undefined) throw this.#failure;
      else if (this.#ended) return undefined;
      else await this.#inflateMore();
    }
  }

  close(): void {
    this.#inflater.destroy();
    this.#file.close();
  }

  #begin(): Gunzip {
    const inflater = createGunzip({ chunkSize: chunkBytes });
    inflater.on('data', (chunk: Buffer) => this.#ready.push(chunk));
    // Told to whoever waits for the piece.
    inflater.on('error', () => undefined);
    this.#position = 0;
    return inflater;
  }

  async #inflateMore(): Promise<void> {
    const from = this.#position;
    const size = pieceBytes[this.#carefulFrom.filter((place) => from >= place).length] ?? 1;
    const piece = this.#file.read(from, size);
    this.#position += piece.length;
    try {
      await this.#feed(piece.length === 0 ? undefined : piece);
      this.#ended = piece.length === 0;
    } catch (error) {
      // What was inflated of the piece before its damage is not given by zlib's streams.
      if (isCutShort(error) || size === 1 || !isDamage(error)) this.#failure = error;
      else this.#again(from);
    }
  }

  #again(from: number): void {
    this.#inflater.destroy();
    this.#skipBytes = this.#givenBytes;
    this.#ready = [];
    this.#carefulFrom = [...this.#carefulFrom, from];
    this.#inflater = this.#begin();
  }

  /** Resolves when the piece, or with none the end, is inflated. */
  #feed(piece: Buffer | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const inflater = this.#inflater;
      inflater.once('error', reject);
      const done = (error?: Error | null): void => {
        if (error !== undefined && error !== null) return reject(error);
        inflater.off('error', reject);
        resolve();
      };
      if (piece !== undefined) inflater.write(piece, done);
      else {
        inflater.once('end', done);
        inflater.end();
      }
    });
  }
}
