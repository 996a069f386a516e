import { crc32 } from 'node:zlib';

/** What an event is known by: the 128 bits of its id, each word mixed with its source's. */
export type IdKey = Uint32Array;

/** Bytes of a key. */
export const keyBytes = 16;
/** The bucket of ids that don't tell their time. */
export const untimed = 0;

const minuteMs = 60_000;
/** An id that is older when it comes goes to those of its hour: else there would be as many minutes as old ids. */
const freshMs = 3_600_000;

/**
 * Turns ids into keys, and tells the epoch milliseconds that an id of version 7 was made at; -1 for another. What it
 * remembers of sources is bounded by the number of keys that there are.
 */
export function createKeyReader(): (source: string, id: string, into: IdKey) => number {
  const salts = new Map<string, Uint32Array>();
  const saltOf = (source: string): Uint32Array => {
    let salt = salts.get(source);
    if (salt === undefined) {
      salt = Uint32Array.from([1, 2, 3, 4], (round) => mix(crc32(`${round} ${source}`) ^ round));
      salts.set(source, salt);
    }
    return salt;
  };
  return (source, id, into) => {
    const salt = saltOf(source);
    let word = 0;
    let digits = 0;
    let madeMs = 0;
    for (let index = 0; index < id.length && digits < 32; index++) {
      const code = id.charCodeAt(index);
      if (code === 45) continue;
      word = (word << 4) | (code <= 57 ? code - 48 : (code | 32) - 87);
      if ((++digits & 7) !== 0) continue;
      const at = (digits >> 3) - 1;
      into[at] = word ^ (salt[at] ?? 0);
      if (at === 0) madeMs = (word >>> 0) * 65_536;
      else if (at === 1) madeMs = ((word >>> 12) & 15) === 7 ? madeMs + (word >>> 16) : -1;
      word = 0;
    }
    return madeMs;
  };
}

/** The UTC minute in which an id was made, since the epoch, where that is within the range; else `untimed`. */
export function minuteOf(madeMs: number, fromMs: number, toMs: number): number {
  return madeMs >= fromMs && madeMs <= toMs ? Math.floor(madeMs / minuteMs) : untimed;
}

/** The hour of a minute. Hours and minutes since the epoch are so far apart that both are buckets beside each other. */
export function hourOf(minute: number): number {
  return Math.floor(minute / 60);
}

/** The bucket of an id of this minute that comes now: the minute itself, or the hour of one that is long ago or far ahead. */
export function bucketOf(minute: number, nowMs: number): number {
  return Math.abs(nowMs - minute * minuteMs) <= freshMs ? minute : hourOf(minute);
}

/** 32 bits of a key, well mixed. */
export function hashOf(words: Uint32Array, at: number): number {
  let hash = 1;
  for (let index = 0; index < 4; index++) hash = mix(hash ^ (words[at + index] ?? 0)) + 0x9e_37_79_b9;
  return mix(hash) >>> 0;
}

/**
 * Where among so many places a hash belongs. Larger hashes lie further back, however many places there are: what is read
 * in the order of one table is written into another from the front to the back, not here and there.
 */
export function placeOf(hash: number, places: number): number {
  return Math.floor((hash * places) / 2 ** 32);
}

/** The last steps of MurmurHash3. */
export function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
