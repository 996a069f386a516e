import type { Logger } from '../../../base/index.ts';
import { beginsWith, headBytes, printOf, seedOf } from './fingerprint.ts';
import { gunzipHead, isGzip } from './gzip-reader.ts';
import type { LogFileInfo, LogFiles, OpenLogFile } from './log-files.ts';
import { TrackedFile, type SavedFile } from './tracked-file.ts';

/** Which files are followed. */
export interface TrackedInput {
  readonly files: readonly string[];
  readonly exclude: readonly string[];
}

/** What a tracker is made of. */
export interface TrackerOptions {
  /** Of the agent; part of the seeds of ids. */
  readonly name: string;
  readonly files: LogFiles;
  readonly inputs: readonly TrackedInput[];
  readonly logger: Logger;
  /** A file without a newer line is closed after so long, and opened again when it grows. */
  readonly idleMs: number;
  /** A content that was in no file for so long is forgotten. */
  readonly forgetMs: number;
  /** Whether files without a single whole line are taken too, when they have not changed for a while. */
  readonly once: boolean;
}

/** Files that are held open at once; beyond it the longest idle ones are closed. */
const openMax = 500;
/** Contents that are remembered; beyond it those that were gone first are forgotten. */
const knownMax = 20_000;
/** A file that has not changed for so long has no writer in the middle of a line. */
const quietMs = 5000;

/** Finds the files and knows each content again, whatever has become of the file it was in. */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #known = new Set<TrackedFile>();
  readonly #byInode = new Map<string, TrackedFile>();
  #scannedMs = 0;

  constructor(options: TrackerOptions, saved: readonly SavedFile[]) {
    this.#options = options;
    for (const one of saved) {
      const file = new TrackedFile(one);
      file.saved = true;
      this.#known.add(file);
    }
  }

  /** Contents that are in a file now, or in one that was removed and is still open. */
  get attached(): readonly TrackedFile[] {
    return [...this.#byInode.values()];
  }

  /** Everything that is to be kept over a restart. */
  get known(): ReadonlySet<TrackedFile> {
    return this.#known;
  }

  /** Looks at all the files that there are. */
  scan(nowMs: number): void {
    this.#scannedMs = nowMs;
    const { files, inputs } = this.#options;
    const claimed = new Set<string>();
    const strange: { readonly path: string; readonly input: number; readonly info: LogFileInfo }[] = [];
    for (const [input, { files: patterns, exclude }] of inputs.entries()) {
      for (const path of files.find(patterns, exclude)) {
        const info = files.info(path);
        if (info === undefined || claimed.has(keyOf(info))) continue;
        claimed.add(keyOf(info));
        const file = this.#byInode.get(keyOf(info));
        if (file !== undefined && this.#isStill(file, path, info, nowMs)) file.input = input;
        else strange.push({ path, input, info });
      }
    }
    for (const [key, file] of this.#byInode)
      if (!claimed.has(key) && file.handle === undefined && file.reader === undefined) this.detach(file);
    for (const { path, input, info } of strange) this.#identify(path, input, info, nowMs);
    this.#closeIdle(nowMs);
    this.#forget(nowMs);
  }

  /** The content is in no file any more. */
  detach(file: TrackedFile): void {
    file.close();
    file.attached = false;
    file.gzip = false;
    if (this.#byInode.get(keyOf(file)) === file) this.#byInode.delete(keyOf(file));
  }

  /** The file that a content is in does not have it any more: it was truncated, or written anew. */
  replaced(file: TrackedFile): void {
    this.#options.logger.info('a file was truncated or written anew', {
      file: file.path,
      readBytes: file.read.offset,
      sizeBytes: file.info?.sizeBytes,
    });
    const { handle, path, input } = file;
    const removed = handle?.info();
    if (handle === undefined || removed?.links !== 0) return this.detach(file);
    // It was removed since, and this is the only way to what was written anew.
    file.handle = undefined;
    this.detach(file);
    const head = handle.read(0, headBytes);
    if (!head.includes(lineFeed)) return handle.close();
    const other = this.#newContent(path, head, this.#scannedMs);
    const { device, inode } = removed;
    Object.assign(other, { handle, device, inode, input, grownMs: this.#scannedMs, attached: true });
    this.#byInode.set(keyOf(removed), other);
  }

  /** A compressed file begins like the content but goes on otherwise: it is another one. */
  renew(file: TrackedFile, head: Buffer, nowMs: number): void {
    const { path, device, inode, input, info } = file;
    this.detach(file);
    const other = this.#newContent(path, head, nowMs);
    Object.assign(other, { device, inode, input, info, grownMs: nowMs, gzip: true, attached: true });
    this.#byInode.set(keyOf(other), other);
  }

  /** Opens the file of a content again; false when it does not have it any more. */
  reopen(file: TrackedFile): boolean {
    const { files } = this.#options;
    const handle = files.open(file.path);
    const info = handle?.info();
    if (handle === undefined || info === undefined || keyOf(info) !== keyOf(file)) {
      handle?.close();
      this.detach(file);
      return false;
    }
    file.info = info;
    if (!file.gzip && !file.holds(handle, info)) {
      handle.close();
      this.replaced(file);
      return false;
    }
    file.handle = handle;
    return true;
  }

  #isStill(file: TrackedFile, path: string, info: LogFileInfo, nowMs: number): boolean {
    if (file.path !== path) file.renamed = true;
    file.path = path;
    file.seenMs = nowMs;
    const changed = file.info?.sizeBytes !== info.sizeBytes || file.info.modifiedMs !== info.modifiedMs;
    if (!changed) return true;
    file.grownMs = nowMs;
    if (file.gzip) {
      // It was still being written, or is another one: its reader finds out.
      file.info = info;
      file.reader?.close();
      file.reader = undefined;
      file.inflated = Buffer.alloc(0);
      file.complete = undefined;
      return true;
    }
    if (file.handle === undefined) return this.reopen(file);
    file.info = file.handle.info();
    if (file.holds(file.handle, file.info)) return true;
    this.replaced(file);
    return false;
  }

  /** Finds out which content a file has. */
  #identify(path: string, input: number, info: LogFileInfo, nowMs: number): void {
    const { files } = this.#options;
    const handle = files.open(path);
    if (handle === undefined) return;
    let kept = false;
    try {
      const raw = handle.read(0, headBytes);
      const gzip = isGzip(raw);
      const head = gzip ? gunzipHead(handle, headBytes) : raw;
      const quiet = this.#options.once && nowMs - info.modifiedMs > quietMs;
      if (head.length === 0 || !(head.includes(lineFeed) || head.length >= headBytes || gzip || quiet))
        return;
      const fresh = handle.info();
      // It was renamed in this moment, and another one has its name: the next scan sees clearer.
      if (this.#byInode.has(keyOf(fresh))) return;
      const content = this.#contentOf({ handle, info: fresh, head, gzip });
      if (content === 'copy') return;
      const file = content ?? this.#newContent(path, head, nowMs);
      file.renamed = file.path !== path;
      file.path = path;
      file.device = fresh.device;
      file.inode = fresh.inode;
      file.input = input;
      file.seenMs = nowMs;
      file.grownMs = nowMs;
      file.info = fresh;
      file.gzip = gzip;
      file.attached = true;
      if (gzip && !isComplete(file, fresh)) file.complete = undefined;
      this.#byInode.set(keyOf(fresh), file);
      if (!gzip) {
        file.handle = handle;
        kept = true;
      }
    } finally {
      if (!kept) handle.close();
    }
  }

  /** The known content that a file has; `copy` when another file is where it is read. */
  #contentOf(found: Found): TrackedFile | 'copy' | undefined {
    const prints = new Map<number, string>();
    const printAt = (lengthBytes: number): string => {
      const known = prints.get(lengthBytes) ?? printOf(found.head.subarray(0, lengthBytes)).hash;
      prints.set(lengthBytes, known);
      return known;
    };
    const matching = [...this.#known]
      .filter(({ head }) => head.lengthBytes > 0 && head.lengthBytes <= found.head.length)
      .filter(({ head }) => printAt(head.lengthBytes) === head.hash)
      .toSorted((a, b) => b.head.lengthBytes - a.head.lengthBytes || rank(b, found) - rank(a, found));
    for (const file of matching) {
      if (file.attached && !this.#stillHas(file)) this.replaced(file);
      if (file.attached) {
        if (this.#isLonger(file, found)) {
          this.detach(file);
          return file;
        }
        if (this.#isCopy(file, found)) return 'copy';
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

  #stillHas(file: TrackedFile): boolean {
    if (file.gzip) return true;
    const handle = file.handle ?? this.#options.files.open(file.path);
    if (handle === undefined) return false;
    try {
      const info = handle.info();
      return keyOf(info) === keyOf(file) && file.holds(handle, info);
    } finally {
      if (handle !== file.handle) handle.close();
    }
  }

  /** Whether a file has all of a content and more of it than the file in which it is read, which then is the copy. */
  #isLonger(file: TrackedFile, { handle, info, gzip }: Found): boolean {
    if (gzip || (file.gzip && file.complete === undefined)) return false;
    const size = file.gzip
      ? file.read.offset
      : (this.#options.files.info(file.path)?.sizeBytes ?? file.info?.sizeBytes ?? 0);
    return info.sizeBytes > size && file.holds(handle, info);
  }

  /** Whether a file has a part of what the content's own file has now, from its beginning. */
  #isCopy(file: TrackedFile, { head, info, gzip }: Found): boolean {
    if (file.gzip) return gzip || info.sizeBytes <= file.read.offset;
    const handle = file.handle ?? this.#options.files.open(file.path);
    if (handle === undefined) return false;
    try {
      const { sizeBytes } = handle.info();
      const own = handle.read(0, headBytes);
      return (gzip || info.sizeBytes <= sizeBytes) && beginsWith(own, printOf(head));
    } finally {
      if (handle !== file.handle) handle.close();
    }
  }

  #newContent(path: string, head: Buffer, nowMs: number): TrackedFile {
    const seeds = new Set([...this.#known].map((file) => file.seed));
    let turn = 0;
    while (seeds.has(seedOf(this.#options.name, head, turn))) turn += 1;
    const seed = seedOf(this.#options.name, head, turn);
    const start = { offset: 0, tail: printOf(Buffer.alloc(0)), inside: false };
    const place = { path, device: 0, inode: 0, seenMs: nowMs };
    const file = new TrackedFile({ seed, head: printOf(head), cuts: [], ...place, ...start });
    this.#known.add(file);
    this.#options.logger.info('a new file is followed', { file: path });
    return file;
  }

  #closeIdle(nowMs: number): void {
    const open = this.attached.filter((file) => file.handle !== undefined);
    // A file may have grown since it was looked at, and this may be the only way to it.
    const idle = open.filter(
      ({ handle, grownMs, read }) =>
        nowMs - grownMs > this.#options.idleMs && (handle?.info().sizeBytes ?? 0) <= read.offset,
    );
    const surplus = open.length - idle.length - openMax;
    const oldest = surplus <= 0 ? [] : open.toSorted((a, b) => a.grownMs - b.grownMs).slice(0, surplus);
    for (const file of [...idle, ...oldest]) {
      if (file.info?.links === 0) this.detach(file);
      else file.close();
    }
  }

  #forget(nowMs: number): void {
    const gone = [...this.#known].filter((file) => !file.attached && file.waiting === 0);
    const surplus = this.#known.size - knownMax;
    const oldest = surplus <= 0 ? [] : gone.toSorted((a, b) => a.seenMs - b.seenMs).slice(0, surplus);
    for (const file of gone) if (nowMs - file.seenMs > this.#options.forgetMs) this.#known.delete(file);
    for (const file of oldest) this.#known.delete(file);
  }
}

interface Found {
  readonly handle: OpenLogFile;
  readonly info: LogFileInfo;
  readonly head: Buffer;
  readonly gzip: boolean;
}

const lineFeed = 10;

function keyOf({ device, inode }: { readonly device: number; readonly inode: number }): string {
  return `${device}:${inode}`;
}

/** Of two contents that begin alike: the one of the same file before others, one that is nowhere before one that has its file. */
function rank(file: TrackedFile, { info }: Found): number {
  return (keyOf(info) === keyOf(file) ? 2 : 0) + (file.attached ? 0 : 1);
}

function isComplete({ complete }: TrackedFile, { sizeBytes, modifiedMs }: LogFileInfo): boolean {
  return complete !== undefined && complete.sizeBytes === sizeBytes && complete.modifiedMs === modifiedMs;
}
