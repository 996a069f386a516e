import { visitLetters } from '../deliver/event-pack.ts';

/** A visit as it is kept over restarts: key, start, last request, and the start in its id once that is given (else 0). */
export type SavedVisit = readonly [key: number, startMs: number, lastMs: number, fixedMs: number];

/**
 * Visits by key, in arrays of numbers: a million of them are nothing that a garbage collector would have to walk over. A place
 * is the number of a visit; those of a key are linked from the first that was added.
 */
export class VisitTable {
  count = 0;
  keys = new Float64Array(firstSize);
  starts = new Float64Array(firstSize);
  /** -Infinity of a visit that was removed. */
  lasts = new Float64Array(firstSize);
  fixed = new Float64Array(firstSize);
  ids = new Uint8Array(firstSize * visitLetters);
  /** The next place of the same key and one more; 0 at the end. */
  #next = new Int32Array(firstSize);
  /**
   * By the bits of the key, with free ones between: the key, and behind it its first place and one more, 0 when free. They lie side by
   * side, for a look into memory that lies elsewhere is what a look-up costs.
   */
  #slots = new Float64Array(firstSize * 4);

  /** The first place of a key; -1 when there is none. */
  first(key: number): number {
    return (this.#slots[this.#slotOf(key) + 1] ?? 0) - 1;
  }

  /** The place after another one of the same key; -1 at the end. */
  after(place: number): number {
    return (this.#next[place] ?? 0) - 1;
  }

  /** Adds a visit behind those of its key; gives its place. */
  add(key: number, startMs: number, lastMs: number, fixedMs: number): number {
    if (this.count === this.keys.length) this.#grow();
    const place = this.count++;
    this.keys[place] = key;
    this.starts[place] = startMs;
    this.lasts[place] = lastMs;
    this.fixed[place] = fixedMs;
    this.#next[place] = 0;
    const slot = this.#slotOf(key);
    let last = (this.#slots[slot + 1] ?? 0) - 1;
    if (last < 0) {
      this.#slots[slot] = key;
      this.#slots[slot + 1] = place + 1;
    } else {
      while (this.after(last) >= 0) last = this.after(last);
      this.#next[last] = place + 1;
    }
    return place;
  }

  /** Takes a visit out of those of its key; its place stays unused until the table is made anew. */
  remove(place: number): void {
    const slot = this.#slotOf(this.keys[place] ?? 0);
    const next = this.#next[place] ?? 0;
    let at = (this.#slots[slot + 1] ?? 0) - 1;
    if (at === place) {
      // A slot must not become free: other keys may lie behind it.
      if (next === 0) throw new Error('the only visit of a key is never removed');
      this.#slots[slot + 1] = next;
    } else {
      while (this.after(at) !== place) at = this.after(at);
      this.#next[at] = next;
    }
    this.lasts[place] = -Infinity;
  }

  /** Where the slot of a key begins: its own, or the free one that would be. */
  #slotOf(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 2;
    let slot = (key << 1) & mask;
    while (slots[slot + 1] !== 0 && slots[slot] !== key) slot = (slot + 2) & mask;
    return slot;
  }

  #grow(): void {
    const size = this.keys.length * 2;
    this.keys = larger(this.keys, new Float64Array(size));
    this.starts = larger(this.starts, new Float64Array(size));
    this.lasts = larger(this.lasts, new Float64Array(size));
    this.fixed = larger(this.fixed, new Float64Array(size));
    this.ids = larger(this.ids, new Uint8Array(size * visitLetters));
    this.#next = larger(this.#next, new Int32Array(size));
    const before = this.#slots;
    this.#slots = new Float64Array(size * 4);
    for (let slot = 0; slot < before.length; slot += 2) {
      if (before[slot + 1] === 0) continue;
      const key = before[slot] ?? 0;
      const to = this.#slotOf(key);
      this.#slots[to] = key;
      this.#slots[to + 1] = before[slot + 1] ?? 0;
    }
  }
}

const firstSize = 1024;

function larger<T extends Float64Array | Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
