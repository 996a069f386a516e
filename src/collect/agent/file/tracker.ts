import { hasCode } from '../../../base/index.ts';
import { Contents, type ContentsOptions } from './contents.ts';
import { GzipFiles } from './gzip-files.ts';
import { HeldFiles, type HeldFile } from './held-files.ts';
import { identify } from './identify.ts';
import type { LogFileInfo, LogFiles } from './log-files.ts';
import { keyOf } from './same-content.ts';
import { type SavedFile, type TrackedFile } from './tracked-file.ts';
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

/** Finds the files and knows each content again, whatever has become of the file it was in. */
export class Tracker {
  /** Its compressed files. */
  readonly gzip: GzipFiles;
  readonly #options: TrackerOptions;
  readonly #contents: Contents;
  readonly #held = new HeldFiles();
  #scannedMs = 0;
  #isPending = false;

  constructor(options: TrackerOptions, saved: readonly SavedFile[]) {
    this.#options = options;
    this.#contents = new Contents(options, saved);
    this.gzip = new GzipFiles(options, this.#contents);
  }

  /** Contents that are in a file now, or in one that was removed and is still open. */
  get attached(): readonly TrackedFile[] {
    return this.#contents.attached;
  }

  /** Inodes of the files that are held open. */
  get openInodes(): ReadonlySet<number> {
    const open = this.attached.filter((file) => file.handle !== undefined);
    return new Set([...open.map((file) => file.inode), ...this.#held.inodes]);
  }

  /** Whether a file is known to have something new in it, which a look will tell. */
  get isPending(): boolean {
    return this.#isPending;
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
    const strange: { readonly path: string; readonly input: number; readonly key: string }[] = [];
    for (const [input, { files: patterns, exclude }] of inputs.entries()) {
      for (const path of files.find(patterns, exclude)) {
        const info = files.info(path);
        if (info === undefined || claimed.has(keyOf(info))) continue;
        claimed.add(keyOf(info));
        const file = this.#contents.at(info);
        const still =
          file !== undefined && this.#guarded(path, true, () => this.#isStill(file, path, info, nowMs));
        if (still) file.input = input;
        else strange.push({ path, input, key: keyOf(info) });
      }
    }
    for (const file of this.attached)
      if (!claimed.has(keyOf(file)) && file.handle === undefined && file.reader === undefined)
        this.detach(file);
    this.#isPending = false;
    // First what has no name any more: a file that is found may be its compressed copy.
    for (const [key, file] of this.#held.entries)
      if (!claimed.has(key)) this.#guarded(file.path, undefined, () => this.#identify(file, key, false));
    for (const { key, ...file } of strange)
      this.#guarded(file.path, undefined, () => this.#identify(file, key, true));
    this.#contents.closeIdle(nowMs);
    this.gzip.keepTorn(claimed);
    this.gzip.tellDamaged(nowMs, false);
    this.#contents.forget(nowMs);
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
    const { path, input } = file;
    const handle = file.handle ?? this.#options.files.open(path);
    const info = handle?.info();
    file.handle = undefined;
    this.detach(file);
    if (handle === undefined || info === undefined) return;
    // It may be moved away before the next look, and this is the only way to what was written anew then.
    if (keyOf(info) === keyOf(file)) this.#held.hold({ handle, path, input }, info, this.#scannedMs);
    else handle.close();
    this.#isPending = true;
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
    if (file.gzip || file.holds(handle, info)) {
      file.handle = handle;
      return true;
    }
    file.handle = handle;
    this.replaced(file);
    return false;
  }

  /** Lets go of all files. */
  close(): void {
    for (const file of this.known) file.close();
    this.#held.close();
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
      file.info = info;
      this.gzip.changed(file);
      return true;
    }
    if (file.handle === undefined) return this.reopen(file);
    file.info = file.handle.info();
    if (file.holds(file.handle, file.info)) return true;
    this.replaced(file);
    return false;
  }

  /** What a file is whose content is not known; where it is held open, its handle is used. */
  #identify(file: Omit<HeldFile, 'handle'>, key: string, isThere: boolean): void {
    const { files, once, troubles } = this.#options;
    const held = this.#held.take(key);
    const handle = held?.handle ?? files.open(file.path);
    if (handle === undefined) return;
    identify({ ...held, ...file, handle }, isThere, {
      files,
      once,
      troubles,
      gzip: this.gzip,
      contents: this.#contents,
      held: this.#held,
      nowMs: this.#scannedMs,
      replaced: (other) => this.replaced(other),
    });
  }
}
