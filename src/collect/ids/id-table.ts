import { setImmediate } from 'node:timers/promises';
import { hashOf, type IdKey } from './id-key.ts';

const words = 4;
/** Beside each key its bucket. */
const slotWords = words + 1;
/** Words that are visited in one turn. */
const turnWords = slotWords * 32_768;
const gone = 0xff_ff_ff_ff;

/** Keys in memory: a flat table with linear probing, so that a million of them cost no garbage collection. */
export class IdTable {
  readonly #slots: number;
  readonly #table: Uint32Array;
  #used = 0;

  /** @param capacity - keys that it takes; a third more of slots than that keeps probing short */
  constructor(capacity: number) {
    this.#slots = Math.ceil(capacity * 1.4) + 8;
    this.#table = new Uint32Array(this.#slots * slotWords);
  }

  /** Keys that were put in; those that were taken out again count. */
  get used(): number {
    return this.#used;
  }

  has(key: IdKey): boolean {
    return this.#used > 0 && this.#find(key) >= 0;
  }

  /** Puts a key in, unless it is there. */
  add(key: IdKey, bucket: number): boolean {
    const table = this.#table;
    let at = (hashOf(key, 0, 1) % this.#slots) * slotWords;
    while (!isFree(table, at)) {
      if (isSame(table, at, key)) return false;
      at = at + slotWords === table.length ? 0 : at + slotWords;
    }
    table.set(key, at);
    table[at + words] = bucket;
    this.#used += 1;
    return true;
  }

  delete(key: IdKey): void {
    const at = this.#find(key);
    if (at >= 0) this.#table.fill(gone, at, at + words);
  }

  clear(): void {
    if (this.#used > 0) this.#table.fill(0);
    this.#used = 0;
  }

  /** Every key with its bucket, letting others work in between; the words lie in `table` from `at` on. */
  async forEach(visit: (table: Uint32Array, at: number, bucket: number) => void): Promise<void> {
    const table = this.#table;
    for (let at = 0; at < table.length; at += slotWords) {
      if (!isFree(table, at) && !isGone(table, at)) visit(table, at, table[at + words] ?? 0);
      if ((at + slotWords) % turnWords === 0) await setImmediate();
    }
  }

  #find(key: IdKey): number {
    const table = this.#table;
    let at = (hashOf(key, 0, 1) % this.#slots) * slotWords;
    while (!isFree(table, at)) {
      if (isSame(table, at, key)) return at;
      at = at + slotWords === table.length ? 0 : at + slotWords;
    }
    return -1;
  }
}

/** Whether the four words from `at` on are a slot without a key. */
export function isFree(table: Uint32Array, at: number): boolean {
  return table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0 && table[at + 3] === 0;
}

function isGone(table: Uint32Array, at: number): boolean {
  return table[at] === gone && table[at + 1] === gone && table[at + 2] === gone && table[at + 3] === gone;
}

/** Whether the key lies in the words from `at` on. */
export function isSame(table: Uint32Array, at: number, key: IdKey): boolean {
  return (
    table[at] === key[0] && table[at + 1] === key[1] && table[at + 2] === key[2] && table[at + 3] === key[3]
  );
}
