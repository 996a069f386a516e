import { closeSync, constants, fstatSync, globSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { matchesGlob } from 'node:path';
import { OctavoError } from '../../../base/index.ts';

/** What is known of a log file. */
export interface LogFileInfo {
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Names that the file still has; 0 when it was removed while it is open. */
  readonly links: number;
}

/** A file that is open for reading; it stays readable when it is renamed or removed. */
export interface OpenLogFile {
  info(): LogFileInfo;
  /** Bytes from a position, fewer at the end of the file; in memory of its own, or that which is given. */
  read(position: number, lengthBytes: number, into?: Buffer): Buffer;
  close(): void;
}

/** The log files of a machine, as the agent sees them. */
export interface LogFiles {
  /** Absolute paths of files that match one of the patterns and none of the excluded, sorted. */
  find(patterns: readonly string[], exclude: readonly string[]): readonly string[];
  /** Undefined when there is no such file, or it may not be read. */
  info(path: string): LogFileInfo | undefined;
  /** Undefined when there is no such file (any more). Errors: `storage_failed`. */
  open(path: string): OpenLogFile | undefined;
}

/**
 * The machine's files. Reads are synchronous: a log was just written and lies in memory, where a read of a quarter of a
 * megabyte takes less than the way to a thread and back; nothing else waits in the agent's process meanwhile but its answers.
 */
export function machineLogFiles(): LogFiles {
  return {
    find: (patterns, exclude) => {
      const found = new Set<string>();
      for (const pattern of patterns) for (const path of globSync(pattern)) found.add(path);
      const wanted = [...found].filter((path) => !exclude.some((pattern) => isExcluded(path, pattern)));
      return wanted.toSorted();
    },
    info: (path) => {
      try {
        const found = statSync(path);
        return found.isFile() ? infoOf(found) : undefined;
      } catch {
        return undefined;
      }
    },
    open: (path) => {
      let handle: number;
      try {
        // Not to wait for a writer where the name is a pipe's.
        handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new OctavoError('storage_failed', path, { cause });
      }
      return openFile(handle, path);
    },
  };
}

function openFile(handle: number, path: string): OpenLogFile {
  const guarded = <T>(run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      throw new OctavoError('storage_failed', path, { cause });
    }
  };
  return {
    info: () => guarded(() => infoOf(fstatSync(handle))),
    read: (position, lengthBytes, into) =>
      guarded(() => {
        const buffer = into ?? Buffer.allocUnsafe(lengthBytes);
        let filled = 0;
        while (filled < lengthBytes) {
          const part = readSync(handle, buffer, filled, lengthBytes - filled, position + filled);
          if (part === 0) break;
          filled += part;
        }
        return buffer.subarray(0, filled);
      }),
    close: () => closeSync(handle),
  };
}

function infoOf(found: Stats): LogFileInfo {
  const { dev, ino, size, mtimeMs, nlink } = found;
  return { device: dev, inode: ino, sizeBytes: size, modifiedMs: mtimeMs, links: nlink };
}

/** A pattern without a folder is of the name alone. */
function isExcluded(path: string, pattern: string): boolean {
  return matchesGlob(pattern.includes('/') ? path : path.slice(path.lastIndexOf('/') + 1), pattern);
}
