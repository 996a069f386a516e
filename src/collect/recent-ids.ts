/**
 * The ids of the newest events of each source: a bounded window, the oldest half forgotten first. The ids
 * lie as 128 bits in two flat tables with linear probing, so that a million of them cost no garbage collection.
 */
export interface RecentIds {
  /** Remembers an id of 32 hexadecimal digits, with or without dashes; false when it was known. */
  add(source: string, id: string): boolean;
  has(source: string, id: string): boolean;
  delete(source: string, id: string): void;
}

/** @param idsMax - ids that are surely remembered; up to twice as many are */
export function createRecentIds(idsMax: number): RecentIds {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(16, idsMax * 2)));
  const sources = new Map<string, number>();
  let young = new Uint32Array(slots * slotWords);
  let old = new Uint32Array(slots * slotWords);
  let youngCount = 0;
  const key = new Uint32Array(slotWords);

  const setKey = (source: string, id: string): number => {
    let number = sources.get(source);
    if (number === undefined) sources.set(source, (number = sources.size + 1));
    return readKey(key, number, id) & (slots - 1);
  };

  return {
    has: (source, id) => {
      const home = setKey(source, id);
      return find(young, home, key) >= 0 || find(old, home, key) >= 0;
    },
    add: (source, id) => {
      const home = setKey(source, id);
      const place = find(young, home, key);
      if (place >= 0 || find(old, home, key) >= 0) return false;
      for (let index = 0; index < slotWords; index++) young[index - 1 - place] = key[index] ?? 0;
      youngCount += 1;
      if (youngCount < idsMax) return true;
      [old, young] = [young, old.fill(0)];
      youngCount = 0;
      return true;
    },
    delete: (source, id) => {
      const home = setKey(source, id);
      for (const table of [young, old]) {
        const place = find(table, home, key);
        if (place >= 0) table.fill(removed, place, place + slotWords);
      }
    },
  };
}

const slotWords = 5;
/** Slots that are looked at; when all are others', the first is given to the new id: an old one is forgotten. */
const probesMax = 128;
const removed = 0xff_ff_ff_ff;

/** The word at which the key lies, else -1 minus the word at which it may be put. */
function find(table: Uint32Array, home: number, key: Uint32Array): number {
  let free = -1;
  const { 0: a, 1: b, 2: c, 3: d, 4: e } = key;
  let at = home * slotWords;
  for (let probe = 0; probe < probesMax; probe++, at += slotWords) {
    if (at === table.length) at = 0;
    const source = table[at + 4];
    if (source === 0) return -1 - (free < 0 ? at : free);
    if (source === removed) {
      if (free < 0) free = at;
    } else if (
      table[at] === a &&
      table[at + 1] === b &&
      table[at + 2] === c &&
      table[at + 3] === d &&
      source === e
    ) {
      return at;
    }
  }
  return -1 - (free < 0 ? home * slotWords : free);
}

/** Writes the four words of the id and the source's number; returns their mixed bits. */
function readKey(key: Uint32Array, source: number, id: string): number {
  let word = 0;
  let digits = 0;
  let hash = Math.imul(source, 0x9e_37_79_b1);
  for (let index = 0; index < id.length && digits < 32; index++) {
    const code = id.charCodeAt(index);
    if (code === 45) continue;
    word = (word << 4) | (code <= 57 ? code - 48 : (code | 32) - 87);
    if ((++digits & 7) !== 0) continue;
    key[(digits >> 3) - 1] = word;
    hash = Math.imul(hash ^ word, 0x85_eb_ca_6b);
    hash ^= hash >>> 15;
    word = 0;
  }
  key[4] = source;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
