import type { Contents } from './contents.ts';
import { isCutShort, openGzip, type GzipReader } from './gzip-reader.ts';
import type { LogFileInfo, LogFiles } from './log-files.ts';
import { keyOf } from './same-content.ts';
import { cutShort, type TrackedFile } from './tracked-file.ts';
import type { Troubles } from './troubles.ts';

/** A compressed file that ends early may be written still, until it has not changed for so long. */
const growingMs = 30_000;

/** A compressed file whose beginning cannot be inflated: what it has is not known, nothing of it was sent. */
export interface TornFile {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  /** When it was last there, epoch milliseconds. */
  readonly seenMs: number;
  readonly damage: string;
}

/** What is to be done for contents whose files are compressed. */
export class GzipFiles {
  readonly #files: LogFiles;
  readonly #troubles: Troubles;
  readonly #contents: Contents;
  /** By device and inode. */
  readonly #torn = new Map<string, TornFile & { readonly modifiedMs: number }>();

  constructor(
    { files, troubles }: { readonly files: LogFiles; readonly troubles: Troubles },
    contents: Contents,
  ) {
    this.#files = files;
    this.#troubles = troubles;
    this.#contents = contents;
  }

  /** Files of which nothing could be read. */
  get torn(): readonly TornFile[] {
    return [...this.#torn.values()].map(({ modifiedMs: _modified, ...file }) => file);
  }

  /** The beginning of a file could not be inflated. */
  tear(path: string, info: LogFileInfo, error: unknown, nowMs: number): void {
    const damage = isCutShort(error) ? cutShort : (error as Error).message;
    const { device, inode, modifiedMs } = info;
    this.#torn.set(keyOf(info), { path, device, inode, seenMs: nowMs, damage, modifiedMs });
  }

  /** A file can be read, or is not there any more. */
  mend(key: string): void {
    const torn = this.#torn.get(key);
    if (torn === undefined) return;
    this.#torn.delete(key);
    this.#troubles.heal(torn.path);
  }

  /** Only these files are there. */
  keepTorn(keys: ReadonlySet<string>): void {
    for (const key of this.#torn.keys()) if (!keys.has(key)) this.mend(key);
  }

  /** A reader of a file; undefined when its name is another file's by now. Errors: `storage_failed`. */
  openReader(file: TrackedFile): GzipReader | undefined {
    const handle = this.#files.open(file.path);
    const info = handle?.info();
    if (handle !== undefined && info !== undefined && keyOf(info) === keyOf(file)) {
      file.info = info;
      return openGzip(handle);
    }
    handle?.close();
    this.#contents.detach(file);
    return undefined;
  }

  /** A file begins like the content but goes on otherwise: it is another one. */
  renew(file: TrackedFile, head: Buffer, nowMs: number): void {
    const { path, input, info } = file;
    this.#contents.detach(file);
    const other = this.#contents.add(path, head, nowMs);
    Object.assign(other, { input, info, grownMs: nowMs, gzip: true });
    this.#contents.attach(other, file);
  }

  /** A file was still being written, or is another one: its next reader finds out. */
  changed(file: TrackedFile): void {
    file.reader?.close();
    file.reader = undefined;
    file.inflated = Buffer.alloc(0);
    file.complete = undefined;
    file.damage = undefined;
    this.#troubles.heal(file.path);
  }

  /** Tells of damaged files; of one that only ends early when nothing was added to it for a while, or nothing will be. */
  tellDamaged(nowMs: number, last: boolean): void {
    for (const { damage, path, read, grownMs } of this.#contents.attached) {
      if (damage === undefined || (damage === cutShort && !last && nowMs - grownMs < growingMs)) continue;
      this.#troubles.damaged({ file: path, offset: read.offset, reason: damage });
    }
    for (const { damage, path, modifiedMs } of this.#torn.values()) {
      if (!last && nowMs - modifiedMs < growingMs && damage === cutShort) continue;
      this.#troubles.damaged({ file: path, offset: 0, reason: damage });
    }
  }
}
