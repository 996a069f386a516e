import { setTimeout } from 'node:timers/promises';
import { hashOf, placeOf, type IdKey } from './id-key.ts';

const words = 4;
/** Beside each key its bucket. */
const slotWords = words + 1;
/** Words that are visited in one turn: a millisecond or less, and as long is for those who wait for an answer. */
const turnWords = slotWords * 8_192;
const restMs = 1;
const gone = 0xff_ff_ff_ff;

/** Told of a key, whose words lie in `words` from `at` on, and of its bucket. */
export type VisitId = (words: Uint32Array, at: number, bucket: number) => void;

/** Keys with their buckets. */
export interface IdSource {
  /** Visits every key, letting others work in between; the same keys at each call. */
  forEach(visit: VisitId): Promise<void>;
}

/** Keys in memory: a flat table with linear probing, so that a million of them cost no garbage collection. */
export class IdTable implements IdSource {
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
    let at = placeOf(hashOf(key, 0), this.#slots) * slotWords;
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

  /** In the order of their hashes. */
  async forEach(visit: VisitId): Promise<void> {
    const table = this.#table;
    for (let at = 0; at < table.length; at += slotWords) {
      if (!isFree(table, at) && !isGone(table, at)) visit(table, at, table[at + words] ?? 0);
      if ((at + slotWords) % turnWords === 0) await setTimeout(restMs);
    }
  }

  #find(key: IdKey): number {
    const table = this.#table;
    let at = placeOf(hashOf(key, 0), this.#slots) * slotWords;
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
