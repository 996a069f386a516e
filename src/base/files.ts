import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, readdir, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OctavoError, type ErrorCode } from './errors.ts';
import type { AppendFile, FileInfo, Storage } from './storage.ts';
import { count, observe } from './telemetry.ts';

const syncsAtOnceMax = 16;
/** What is written before the disk has it. */
const pieceBytes = 256 * 1024;

/** The machine's files. Everything that a call says is durable was fsynced, and so was its folder. */
export function fileStorage(): Storage {
  return {
    read: (path, range) => at(path, () => readRange(path, range)),
    write: (path, bytes) =>
      at(path, () =>
        throughTemporary(path, bytes, async (temporary) => {
          await rename(temporary, path);
        }),
      ),
    create: (path, bytes) =>
      at(path, () =>
        throughTemporary(path, bytes, async (temporary) => {
          await link(temporary, path);
          await unlink(temporary);
        }),
      ),
    append: (path) => at(path, () => openAppend(path)),
    sync: async (paths) => {
      await syncAll(paths);
      await syncAll([...new Set(paths.map((path) => dirname(path)))]);
    },
    list: (directory) => at(directory, () => listFolder(directory)),
    stat: (path) => at(path, () => fileInfo(path)),
    makeDirectory: (directory) => at(directory, () => makeFolder(directory)),
    rename: (from, to, { durable } = { durable: true }) =>
      at(from, async () => {
        await rename(from, to);
        if (!durable) return;
        for (const folder of new Set([dirname(to), dirname(from)])) await syncFile(folder);
      }),
    remove: (path) => at(path, () => unlink(path).catch(unlessMissing)),
  };
}

let temporaries = 0;
/** Of this process: in a container each has the number of the one before it. */
const ownMark = `${process.pid}-${randomBytes(4).toString('hex')}`;
/** What `throughTemporary` writes to. */
const temporaryName = /(^|[\\/])\.[^\\/]+\.\d+(-[0-9a-f]{8})?\.\d+\.tmp$/;
/** Nobody writes a file for so long. */
const temporaryKeptMs = 10 * 60_000;

/** Removes the temporary files that writers left who were killed, anywhere below a folder. Returns how many. */
export async function removeTemporaries(folder: string, nowMs: number): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  let removed = 0;
  for (const name of names) {
    if (!temporaryName.test(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || nowMs - found.mtimeMs < temporaryKeptMs) continue;
    await unlink(path).catch(unlessMissing);
    removed += 1;
  }
  return removed;
}

async function throughTemporary(
  path: string,
  bytes: Uint8Array | string,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  temporaries += 1;
  const temporary = join(dirname(path), `.${basename(path)}.${ownMark}.${temporaries}.tmp`);
  const handle = await openMakingFolder(temporary, 'wx');
  try {
    try {
      await writePieces(handle, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(temporary);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFile(dirname(path));
}

/** A large file goes to the disk piece by piece: whoever syncs a small one meanwhile would wait until all of it is there. */
async function writePieces(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.byteLength; start += pieceBytes) {
    if (start > 0) await handle.datasync();
    await handle.writeFile(bytes.subarray(start, start + pieceBytes));
  }
}

async function openMakingFolder(path: string, flags: string): Promise<FileHandle> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path));
    return await open(path, flags);
  }
}

async function openAppend(path: string): Promise<AppendFile> {
  const made = (await fileInfo(path)) === undefined;
  const handle = await openMakingFolder(path, 'a');
  if (made) {
    await handle.sync();
    await syncFile(dirname(path));
  }
  let sizeBytes = (await handle.stat()).size;
  let syncFailed = false;
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    append: (bytes) =>
      at(path, async () => {
        let written = 0;
        while (written < bytes.byteLength) {
          const part = await handle.write(bytes, written, bytes.byteLength - written, null);
          written += part.bytesWritten;
          sizeBytes += part.bytesWritten;
        }
      }),
    sync: () =>
      at(path, async () => {
        // After a failed fsync the kernel may drop the pages and report the next one as good: never ask twice.
        if (syncFailed)
          throw new OctavoError(
            'storage_failed',
            `${path} was not synced before; close it and read it again`,
          );
        const startedAt = performance.now();
        try {
          await handle.datasync();
        } catch (error) {
          syncFailed = true;
          throw error;
        }
        observe('octavo_base_storage_sync_seconds', (performance.now() - startedAt) / 1000);
      }),
    truncate: (size) =>
      at(path, async () => {
        await handle.truncate(size);
        sizeBytes = size;
      }),
    close: () => at(path, () => handle.close()),
  };
}

async function readRange(
  path: string,
  range: { readonly offset: number; readonly lengthBytes: number } | undefined,
): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    if (range === undefined) return await handle.readFile();
    // What a small file does not hold is not made room for: large buffers that are thrown away make collections of garbage.
    const { size } = await handle.stat();
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(range.lengthBytes, size - range.offset)));
    let filled = 0;
    while (filled < buffer.length) {
      const part = await handle.read(buffer, filled, buffer.length - filled, range.offset + filled);
      if (part.bytesRead === 0) break;
      filled += part.bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Together, so that the disk can do one flush for many; all have ended when it returns. */
async function syncAll(paths: readonly string[]): Promise<void> {
  for (let start = 0; start < paths.length; start += syncsAtOnceMax) {
    const some = paths.slice(start, start + syncsAtOnceMax);
    const results = await Promise.allSettled(some.map((path) => at(path, () => syncFile(path))));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }
}

async function makeFolder(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let folder = dirname(directory); folder.length >= dirname(first).length; folder = dirname(folder)) {
    await syncFile(folder);
    if (folder === dirname(folder)) break;
  }
}

async function listFolder(directory: string): Promise<readonly FileInfo[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    unlessMissing(error);
    return [] as string[];
  });
  const infos = await Promise.all(names.toSorted().map((name) => fileInfo(join(directory, name))));
  return infos.filter((info) => info !== undefined);
}

async function fileInfo(path: string): Promise<FileInfo | undefined> {
  try {
    const found = await stat(path);
    return {
      name: basename(path),
      sizeBytes: found.size,
      modifiedMs: found.mtimeMs,
      directory: found.isDirectory(),
    };
  } catch (error) {
    unlessMissing(error);
    return undefined;
  }
}

async function at<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const failure = error instanceof OctavoError ? error : storageError(path, error);
    count('octavo_base_storage_errors_total', { code: failure.code });
    throw failure;
  }
}

function storageError(path: string, cause: unknown): OctavoError {
  const system = systemCode(cause) ?? '';
  const code: ErrorCode = storageCodes[system] ?? 'storage_failed';
  return new OctavoError(code, system === '' ? path : `${path} (${system})`, {
    cause,
    details: { path, system },
  });
}

const storageCodes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'storage_not_found',
  EEXIST: 'storage_exists',
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
};

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function unlessMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error;
}
