import type { Logger } from '../../../base/index.ts';
import { beginsWith, printOf, seedOf, type Print } from './fingerprint.ts';
import { keyOf } from './same-content.ts';
import { TrackedFile, type SavedFile } from './tracked-file.ts';

/** What contents are kept by. */
export interface ContentsOptions {
  /** Of the agent; part of the seeds of ids. */
  readonly name: string;
  readonly logger: Logger;
  /** A file without a newer line is closed after so long, and opened again when it grows. */
  readonly idleMs: number;
  /** A content that was in no file for so long is forgotten. */
  readonly forgetMs: number;
}

/** Files that are held open at once; beyond it the longest idle ones are closed. */
const openMax = 500;
/** Contents that are remembered; beyond it those that were gone first are forgotten. */
const knownMax = 20_000;

/** All contents that are known, and the files that some of them are in. */
export class Contents {
  readonly #options: ContentsOptions;
  readonly #known = new Set<TrackedFile>();
  readonly #byKey = new Map<string, TrackedFile>();
  readonly #seeds = new Set<string>();
  /** By length and hash of the head with which each was first known: a head grows, but goes on to begin so. */
  readonly #byHead = new Map<number, Map<string, TrackedFile[]>>();
  readonly #firstHeads = new Map<TrackedFile, Print>();

  constructor(options: ContentsOptions, saved: readonly SavedFile[]) {
    this.#options = options;
    for (const one of saved) {
      const file = new TrackedFile(one);
      file.saved = true;
      this.#remember(file);
    }
  }

  /** Everything that is to be kept over a restart. */
  get known(): ReadonlySet<TrackedFile> {
    return this.#known;
  }

  /** Contents that are in a file now, or in one that was removed and is still open. */
  get attached(): readonly TrackedFile[] {
    return [...this.#byKey.values()];
  }

  /** The content that was last found in a file. */
  at(file: { readonly device: number; readonly inode: number }): TrackedFile | undefined {
    return this.#byKey.get(keyOf(file));
  }

  /** A content is in this file. */
  attach(content: TrackedFile, file: { readonly device: number; readonly inode: number }): void {
    content.device = file.device;
    content.inode = file.inode;
    content.attached = true;
    this.#byKey.set(keyOf(file), content);
  }

  /** The content is in no file any more. */
  detach(file: TrackedFile): void {
    file.close();
    file.attached = false;
    file.gzip = false;
    if (this.#byKey.get(keyOf(file)) === file) this.#byKey.delete(keyOf(file));
  }

  /** Contents whose head is the beginning of these bytes. */
  beginningLike(head: Buffer): readonly TrackedFile[] {
    const found: TrackedFile[] = [];
    for (const [lengthBytes, sameLength] of this.#byHead)
      if (lengthBytes > 0 && lengthBytes <= head.length)
        found.push(...(sameLength.get(printOf(head.subarray(0, lengthBytes)).hash) ?? []));
    return found.filter((file) => beginsWith(head, file.head));
  }

  /** A content that begins like this and was never seen. */
  add(path: string, head: Buffer, nowMs: number): TrackedFile {
    let turn = 0;
    while (this.#seeds.has(seedOf(this.#options.name, head, turn))) turn += 1;
    const seed = seedOf(this.#options.name, head, turn);
    const start = { offset: 0, tail: printOf(Buffer.alloc(0)), inside: false };
    const place = { path, device: 0, inode: 0, seenMs: nowMs };
    const file = new TrackedFile({ seed, head: printOf(head), cuts: [], ...place, ...start });
    this.#remember(file);
    this.#options.logger.info('a new file is followed', { file: path });
    return file;
  }

  /** Closes files that do not grow, and those that are too many. */
  closeIdle(nowMs: number): void {
    const open = this.attached.filter((file) => file.handle !== undefined);
    // A file may have grown or been written anew since it was looked at, and this may be the only way to it.
    const idle = open.filter(({ handle, grownMs, read, info }) => {
      if (nowMs - grownMs <= this.#options.idleMs) return false;
      const now = handle?.info();
      return now?.sizeBytes === read.offset && now.modifiedMs === info?.modifiedMs;
    });
    const surplus = open.length - idle.length - openMax;
    // Of a file that was removed this is the only way to what was not read.
    const closable = open.filter(({ handle, read }) => {
      const now = handle?.info();
      return now === undefined || now.links > 0 || now.sizeBytes <= read.offset;
    });
    const oldest = surplus <= 0 ? [] : closable.toSorted((a, b) => a.grownMs - b.grownMs).slice(0, surplus);
    for (const file of [...idle, ...oldest]) {
      if (file.info?.links === 0) this.detach(file);
      else file.close();
    }
  }

  /** Forgets contents that were in no file for long, and those that are too many. */
  forget(nowMs: number): void {
    const gone = [...this.#known].filter((file) => !file.attached && file.waiting === 0);
    const surplus = this.#known.size - knownMax;
    const oldest = surplus <= 0 ? [] : gone.toSorted((a, b) => a.seenMs - b.seenMs).slice(0, surplus);
    const old = gone.filter((file) => nowMs - file.seenMs > this.#options.forgetMs);
    for (const file of [...old, ...oldest]) this.#forgetOne(file);
  }

  #remember(file: TrackedFile): void {
    this.#known.add(file);
    this.#seeds.add(file.seed);
    const { lengthBytes, hash } = file.head;
    this.#firstHeads.set(file, file.head);
    const sameLength = this.#byHead.get(lengthBytes) ?? new Map<string, TrackedFile[]>();
    this.#byHead.set(lengthBytes, sameLength);
    const alike = sameLength.get(hash);
    if (alike === undefined) sameLength.set(hash, [file]);
    else alike.push(file);
  }

  #forgetOne(file: TrackedFile): void {
    this.#known.delete(file);
    this.#seeds.delete(file.seed);
    const { lengthBytes, hash } = this.#firstHeads.get(file) ?? file.head;
    this.#firstHeads.delete(file);
    const sameLength = this.#byHead.get(lengthBytes);
    const left = (sameLength?.get(hash) ?? []).filter((one) => one !== file);
    if (left.length > 0) sameLength?.set(hash, left);
    else sameLength?.delete(hash);
    if (sameLength?.size === 0) this.#byHead.delete(lengthBytes);
  }
}
