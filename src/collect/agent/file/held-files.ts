import type { LogFileInfo, OpenLogFile } from './log-files.ts';
import { keyOf } from './same-content.ts';

/** An open file of which it is not known yet what is in it: it was emptied, or has no whole line yet. */
export interface HeldFile {
  readonly handle: OpenLogFile;
  /** Where it was found, and by which input. */
  readonly path: string;
  readonly input: number;
  /** Its size when it was last looked at, and since when it has that; epoch milliseconds. */
  readonly sizeBytes?: number;
  readonly sinceMs?: number;
}

/** Files that are held so at once; beyond it those that were looked at first are let go. */
const heldMax = 200;

/**
 * Keeps files open until they have a line: one that is moved away or removed between two looks can still be read to its end, for
 * this is the only way to it then.
 */
export class HeldFiles {
  readonly #held = new Map<string, HeldFile>();

  /** The files, by their keys. */
  get entries(): readonly (readonly [string, HeldFile])[] {
    return [...this.#held];
  }

  /** Inodes of the files. */
  get inodes(): readonly number[] {
    return [...this.#held.keys()].map((key) => Number(key.slice(key.indexOf(':') + 1)));
  }

  /** Keeps a file. */
  hold(file: HeldFile, info: LogFileInfo, nowMs: number): void {
    const key = keyOf(info);
    this.drop(key);
    const { sizeBytes } = info;
    const sinceMs = file.sizeBytes === sizeBytes ? Math.min(file.sinceMs ?? nowMs, nowMs) : nowMs;
    this.#held.set(key, { ...file, sizeBytes, sinceMs });
    const [oldest] = this.#held.keys();
    if (this.#held.size > heldMax && oldest !== undefined) this.drop(oldest);
  }

  /** A file that is held, which is then its taker's. */
  take(key: string): HeldFile | undefined {
    const held = this.#held.get(key);
    this.#held.delete(key);
    return held;
  }

  /** Lets all files go. */
  close(): void {
    for (const key of this.#held.keys()) this.drop(key);
  }

  /** Lets a file go. */
  drop(key: string): void {
    this.take(key)?.handle.close();
  }
}
