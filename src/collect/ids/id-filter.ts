import { hashOf, mix, placeOf, type IdKey } from './id-key.ts';

/*
 * A blocked Bloom filter (Putze, Sanders, Singler 2007): each key sets four bits of one block of 512 bits, a cache line, and
 * blocks lie in the order of the hashes. Two in a thousand other keys seem to be there.
 */
const blockWords = 16;
const bitMask = blockWords * 32 - 1;
const bitsOfKey = 20;
const probes = 4;

/** Where a key is looked for in filters, whatever their size. */
export interface FilterProbe {
  readonly hash: number;
  /** Its bits within the block. */
  readonly bits: number;
}

/** Words of a filter for so many keys. */
export function filterWordsOf(count: number): number {
  return Math.max(1, Math.ceil((count * bitsOfKey) / (blockWords * 32))) * blockWords;
}

/** Where the key is looked for, in all filters. */
export function probeOf(key: IdKey): FilterProbe {
  const hash = hashOf(key, 0);
  return { hash, bits: bitsOf(hash, key, 0) };
}

/** Puts the key in whose words lie from `at` on; `hash` is its. */
export function addToFilter(filter: Uint32Array, hash: number, words: Uint32Array, at: number): void {
  const block = placeOf(hash, filter.length / blockWords) * blockWords;
  const bits = bitsOf(hash, words, at);
  for (let probe = 0, bit = bits; probe < probes; probe++, bit += stepOf(bits)) {
    const word = block + ((bit & bitMask) >>> 5);
    filter[word] = (filter[word] ?? 0) | (1 << (bit & 31));
  }
}

/** Whether a filter may have the key: false is sure. */
export function mayHave(filter: Uint32Array, { hash, bits }: FilterProbe): boolean {
  const block = placeOf(hash, filter.length / blockWords) * blockWords;
  for (let probe = 0, bit = bits; probe < probes; probe++, bit += stepOf(bits)) {
    if (((filter[block + ((bit & bitMask) >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** Another hash, which says nothing of the first: keys of one block have the first in common. */
function bitsOf(hash: number, words: Uint32Array, at: number): number {
  return mix((hash >>> 0) ^ (words[at + 3] ?? 0) ^ seed) >>> 0;
}

function stepOf(bits: number): number {
  return ((bits >>> 9) & bitMask) | 1;
}

const seed = 0x51_ed_27_0b;
