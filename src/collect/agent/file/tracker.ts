import { hasCode } from '../../../base/index.ts';
import { Contents, type ContentsOptions } from './contents.ts';
import { headBytes } from './fingerprint.ts';
import { gunzipHead, isGzip, openGzip, type GzipReader } from './gzip-reader.ts';
import type { LogFileInfo, LogFiles } from './log-files.ts';
import { isComplete, isCopy, isLonger, keyOf, rank, stillHas, type Found } from './same-content.ts';
import { cutShort, type SavedFile, type TrackedFile } from './tracked-file.ts';
import type { Troubles } from './troubles.ts';

/** Which files are followed. */
export interface TrackedInput {
  readonly files: readonly string[];
  readonly exclude: readonly string[];
}

/** What a tracker is made of. */
export interface TrackerOptions extends ContentsOptions {
  readonly files: LogFiles;
  readonly inputs: readonly TrackedInput[];
  /** Whether files without a single whole line are taken too, when they have not changed for a while. */
  readonly once: boolean;
  /** Told of files that cannot be read. */
  readonly troubles: Troubles;
}

/** A file that has not changed for so long has no writer in the middle of a line. */
const quietMs = 5000;
/** A compressed file that ends early may be written still, until it has not changed for so long. */
const growingMs = 30_000;

/** Finds the files and knows each content again, whatever has become of the file it was in. */
export class Tracker {
  readonly #options: TrackerOptions;
  readonly #contents: Contents;
  #scannedMs = 0;

  constructor(options: TrackerOptions, saved: readonly SavedFile[]) {
    this.#options = options;
    this.#contents = new Contents(options, saved);
  }

  /** Contents that are in a file now, or in one that was removed and is still open. */
  get attached(): readonly TrackedFile[] {
    return this.#contents.attached;
  }

  /** Everything that is to be kept over a restart. */
  get known(): ReadonlySet<TrackedFile> {
    return this.#contents.known;
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
        const file = this.#contents.at(info);
        const still =
          file !== undefined && this.#guarded(path, true, () => this.#isStill(file, path, info, nowMs));
        if (still) file.input = input;
        else strange.push({ path, input, info });
      }
    }
    for (const file of this.attached)
      if (!claimed.has(keyOf(file)) && file.handle === undefined && file.reader === undefined)
        this.detach(file);
    for (const { path, input, info } of strange)
      this.#guarded(path, undefined, () => this.#identify(path, input, info, nowMs));
    this.#contents.closeIdle(nowMs);
    this.tellDamaged(nowMs, false);
    this.#contents.forget(nowMs);
  }

  /**
   * Tells of compressed files that are damaged; of one that only ends early when nothing was added to it for a while, or nothing
   * will be.
   */
  tellDamaged(nowMs: number, last: boolean): void {
    for (const { damage, path, read, grownMs } of this.attached) {
      if (damage === undefined || (damage === cutShort && !last && nowMs - grownMs < growingMs)) continue;
      this.#options.troubles.damaged({ file: path, offset: read.offset, reason: damage });
    }
  }

  /** A reader of a compressed file; undefined when its name is another file's by now. Errors: `storage_failed`. */
  openReader(file: TrackedFile): GzipReader | undefined {
    const handle = this.#options.files.open(file.path);
    const info = handle?.info();
    if (handle !== undefined && info !== undefined && keyOf(info) === keyOf(file)) {
      file.info = info;
      return openGzip(handle);
    }
    handle?.close();
    this.detach(file);
    return undefined;
  }

  /** The content is in no file any more. */
  detach(file: TrackedFile): void {
    this.#contents.detach(file);
  }

  /** The file that a content is in does not have it any more: it was truncated, or written anew. */
  replaced(file: TrackedFile): void {
    this.#options.logger.info('a file was truncated or written anew', {
      file: file.path,
      readBytes: file.read.offset,
      sizeBytes: file.info?.sizeBytes,
    });
    const { handle, path, input } = file;
    const info = handle?.info();
    if (handle === undefined || info === undefined || this.#isFound(path, info)) return this.detach(file);
    // It was removed or moved away since, and this is the only way to what was written anew.
    file.handle = undefined;
    this.detach(file);
    const head = handle.read(0, headBytes);
    const known = head.includes(lineFeed) ? this.#contentOf({ handle, info, head, gzip: false }) : 'copy';
    if (known === 'copy') return handle.close();
    const other = known ?? this.#contents.add(path, head, this.#scannedMs);
    Object.assign(other, { handle, info, input, grownMs: this.#scannedMs, gzip: false, renamed: true });
    this.#contents.attach(other, info);
  }

  /** Whether a file that is open is still there under its name, where the next scan looks at it. */
  #isFound(path: string, info: LogFileInfo): boolean {
    const there = info.links === 0 ? undefined : this.#options.files.info(path);
    return there !== undefined && keyOf(there) === keyOf(info);
  }

  /** A compressed file begins like the content but goes on otherwise: it is another one. */
  renew(file: TrackedFile, head: Buffer, nowMs: number): void {
    const { path, input, info } = file;
    this.detach(file);
    const other = this.#contents.add(path, head, nowMs);
    Object.assign(other, { input, info, grownMs: nowMs, gzip: true });
    this.#contents.attach(other, file);
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

  /** A file that cannot be read is told of, and the others are read. */
  #guarded<T>(path: string, otherwise: T, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!hasCode(error, 'storage_failed')) throw error;
      this.#options.troubles.unreadable(path, 0, error);
      return otherwise;
    }
  }

  #isStill(file: TrackedFile, path: string, info: LogFileInfo, nowMs: number): boolean {
    if (file.path !== path) file.renamed = true;
    file.path = path;
    file.seenMs = nowMs;
    // The clock was set back.
    if (file.grownMs > nowMs) file.grownMs = nowMs;
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
      file.damage = undefined;
      this.#options.troubles.heal(path);
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
      this.#options.troubles.heal(path);
      const raw = handle.read(0, headBytes);
      const gzip = isGzip(raw);
      const head = gzip ? gunzipHead(handle, headBytes) : raw;
      const quiet = this.#options.once && nowMs - info.modifiedMs > quietMs;
      if (head.length === 0 || !(head.includes(lineFeed) || head.length >= headBytes || gzip || quiet))
        return;
      const fresh = handle.info();
      // It was renamed in this moment, and another one has its name: the next scan sees clearer.
      if (this.#contents.at(fresh) !== undefined) return;
      const content = this.#contentOf({ handle, info: fresh, head, gzip });
      if (content === 'copy') return;
      const file = content ?? this.#contents.add(path, head, nowMs);
      file.renamed = file.path !== path;
      file.path = path;
      file.input = input;
      file.seenMs = nowMs;
      file.grownMs = nowMs;
      file.info = fresh;
      file.gzip = gzip;
      if (gzip && !isComplete(file, fresh)) {
        file.complete = undefined;
        file.damage = undefined;
      }
      this.#contents.attach(file, fresh);
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
    const { files } = this.#options;
    const matching = this.#contents
      .beginningLike(found.head)
      .toSorted((a, b) => b.head.lengthBytes - a.head.lengthBytes || rank(b, found) - rank(a, found));
    for (const file of matching) {
      if (file.attached && !stillHas(files, file)) this.replaced(file);
      if (file.attached) {
        if (isLonger(files, file, found)) {
          this.detach(file);
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
}

const lineFeed = 10;
