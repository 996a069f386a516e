import { createReadStream } from 'node:fs';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import type { OpenLogFile } from './log-files.ts';

/** Whether a file is compressed with gzip, by its first bytes. */
export function isGzip(head: Buffer): boolean {
  return head.length > 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** The first bytes of what is compressed in a file, fewer only when that is all; empty when it cannot be read (yet). */
export function gunzipHead(file: OpenLogFile, lengthBytes: number): Buffer {
  for (const sample of samples) {
    const bytes = file.read(0, sample);
    try {
      const inflated = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
      if (inflated.length >= lengthBytes) return inflated.subarray(0, lengthBytes);
      // Less than that is known for all only when the file is whole: it may still be written.
      if (bytes.length < sample) return gunzipSync(bytes);
    } catch {
      return Buffer.alloc(0);
    }
  }
  return Buffer.alloc(0);
}

/** Each inflates to a few megabytes at most. */
const samples = [4096, 65_536];

/** What is compressed in a file, from its beginning to its end. */
export interface GzipReader {
  /** The next bytes; undefined at the end. Errors: what zlib throws, at once or where the file is damaged. */
  next(): Promise<Buffer | undefined>;
  close(): void;
}

/** Whether an error says that the file ends before what is compressed in it: it may still be written. */
export function isCutShort(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
}

/** Reads a compressed file. */
export function openGzip(path: string): GzipReader {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const inflating = createGunzip({ chunkSize: chunkBytes });
  file.on('error', (error) => inflating.destroy(error));
  const chunks = file.pipe(inflating)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return {
    next: async () => {
      const { done, value } = await chunks.next();
      return done === true ? undefined : value;
    },
    close: () => {
      file.destroy();
      inflating.destroy();
    },
  };
}

const chunkBytes = 256 * 1024;
