import { beginsWith, headBytes, printOf } from './fingerprint.ts';
import type { LogFileInfo, LogFiles, OpenLogFile } from './log-files.ts';
import type { TrackedFile } from './tracked-file.ts';

/** A file whose content is to be known again. */
export interface Found {
  readonly handle: OpenLogFile;
  readonly info: LogFileInfo;
  /** Its first bytes, inflated. */
  readonly head: Buffer;
  readonly gzip: boolean;
}

/** What tells files of a machine apart as long as they are there. */
export function keyOf({ device, inode }: { readonly device: number; readonly inode: number }): string {
  return `${device}:${inode}`;
}

/** Whether a content is still in its file. */
export function stillHas(files: LogFiles, file: TrackedFile): boolean {
  if (file.gzip) return true;
  return withHandle(files, file, (handle) => {
    const info = handle.info();
    return keyOf(info) === keyOf(file) && file.holds(handle, info);
  });
}

/** Whether a file has all of a content and more of it than the file in which it is read, which then is the copy. */
export function isLonger(files: LogFiles, file: TrackedFile, { handle, info, gzip }: Found): boolean {
  if (gzip || (file.gzip && file.complete === undefined)) return false;
  const size = file.gzip ? file.read.offset : (files.info(file.path)?.sizeBytes ?? file.info?.sizeBytes ?? 0);
  return info.sizeBytes > size && file.holds(handle, info);
}

/** Whether a file has a part of what the content's own file has now, from its beginning. */
export function isCopy(files: LogFiles, file: TrackedFile, { head, info, gzip }: Found): boolean {
  if (file.gzip) return gzip || info.sizeBytes <= file.read.offset;
  return withHandle(files, file, (handle) => {
    const { sizeBytes } = handle.info();
    return (gzip || info.sizeBytes <= sizeBytes) && beginsWith(handle.read(0, headBytes), printOf(head));
  });
}

function withHandle(files: LogFiles, file: TrackedFile, run: (handle: OpenLogFile) => boolean): boolean {
  const handle = file.handle ?? files.open(file.path);
  if (handle === undefined) return false;
  try {
    return run(handle);
  } finally {
    if (handle !== file.handle) handle.close();
  }
}

/** Of two contents that begin alike: the one of the same file before others, one that is nowhere before one that has its file. */
export function rank(file: TrackedFile, { info }: Found): number {
  return (keyOf(info) === keyOf(file) ? 2 : 0) + (file.attached ? 0 : 1);
}

/** Whether a compressed file was read to its end as it is. */
export function isComplete({ complete }: TrackedFile, { sizeBytes, modifiedMs }: LogFileInfo): boolean {
  return complete !== undefined && complete.sizeBytes === sizeBytes && complete.modifiedMs === modifiedMs;
}
