import type { Contents } from './contents.ts';
import { headBytes } from './fingerprint.ts';
import type { GzipFiles } from './gzip-files.ts';
import { gunzipHead, isGzip } from './gzip-reader.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import type { LogFiles } from './log-files.ts';
import { isComplete, isCopy, isLonger, keyOf, rank, stillHas, type Found } from './same-content.ts';
import type { TrackedFile } from './tracked-file.ts';
import type { Troubles } from './troubles.ts';

/** What a file is known again by. */
export interface Identification {
  readonly files: LogFiles;
  readonly contents: Contents;
  readonly held: HeldFiles;
  readonly troubles: Troubles;
  readonly gzip: GzipFiles;
  /** Whether a file without a whole line is taken too, when it has not changed for a while. */
  readonly once: boolean;
  readonly nowMs: number;
  /** Told of a content that is no longer in its file. */
  readonly replaced: (file: TrackedFile) => void;
}

/** A file that has not changed for so long has no writer in the middle of a line. */
const quietMs = 5000;
/** A file that has no name any more under which it is looked for, and has not grown for so long, gets nothing more. */
const leftMs = 30_000;

/**
 * Finds out which content a file has, and follows it there; the handle is kept, or closed.
 *
 * @param isThere - whether it has a name under which it was found; else its handle is the only way to it
 */
export function identify(file: HeldFile, isThere: boolean, how: Identification): void {
  const { handle } = file;
  let kept = false;
  try {
    kept = take(file, isThere, how);
  } finally {
    if (!kept) handle.close();
  }
}

/** True when the handle is kept. */
function take(file: HeldFile, isThere: boolean, how: Identification): boolean {
  const { contents, held, nowMs, once } = how;
  const { handle, path, input } = file;
  const raw = handle.read(0, headBytes);
  const gzip = isGzip(raw);
  if (gzip && !isThere) return false;
  const { bytes: head, error } = gzip ? gunzipHead(handle, headBytes) : { bytes: raw };
  const info = handle.info();
  if (error !== undefined) {
    how.gzip.tear(path, info, error, nowMs);
    return false;
  }
  how.gzip.mend(keyOf(info));
  how.troubles.heal(path);
  // It was renamed in this moment, and another one has its name: the next scan sees clearer.
  if (contents.at(info) !== undefined) return false;
  const isLeft = !isThere && nowMs - (file.sinceMs ?? nowMs) > leftMs && file.sizeBytes === info.sizeBytes;
  const quiet = isLeft || (once && nowMs - info.modifiedMs > quietMs);
  const hasLine = head.includes(lineFeed) || head.length >= headBytes || gzip || quiet;
  if (head.length === 0 || !hasLine) {
    if (gzip || isLeft) return false;
    held.hold(file, info, nowMs);
    return true;
  }
  const known = contentOf({ handle, info, head, gzip }, how);
  if (known === 'copy') return false;
  const content = known ?? contents.add(path, head, nowMs);
  content.renamed = !isThere || content.path !== path;
  Object.assign(content, { path, input, seenMs: nowMs, grownMs: isLeft ? file.sinceMs : nowMs, info, gzip });
  if (gzip && !isComplete(content, info)) {
    content.complete = undefined;
    content.damage = undefined;
  }
  contents.attach(content, info);
  if (gzip) return false;
  content.handle = handle;
  return true;
}

/** The known content that a file has; `copy` when another file is where it is read. */
function contentOf(
  found: Found,
  { files, contents, replaced }: Identification,
): TrackedFile | 'copy' | undefined {
  const matching = contents
    .beginningLike(found.head)
    .toSorted((a, b) => b.head.lengthBytes - a.head.lengthBytes || rank(b, found) - rank(a, found));
  for (const file of matching) {
    if (file.attached && !stillHas(files, file)) replaced(file);
    if (file.attached) {
      if (isLonger(files, file, found)) {
        contents.detach(file);
        return file;
      }
      if (isCopy(files, file, found)) return 'copy';
      continue;
    }
    if (found.gzip) return file;
    if (found.info.sizeBytes < file.read.offset) {
      // A copy that is being made, or was never finished: what it has was read. A file that was cut short is another one.
      if (keyOf(found.info) !== keyOf(file)) return 'copy';
      continue;
    }
    if (file.holds(found.handle, found.info)) return file;
  }
  return undefined;
}

const lineFeed = 10;
