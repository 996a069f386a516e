import { crc32 } from 'node:zlib';

/** What an event is known by: the 128 bits of its id, each word mixed with its source's. */
export type IdKey = Uint32Array;

/** Bytes of a key. */
export const keyBytes = 16;
/** The bucket of ids that don't tell their time. */
export const untimed = 0;

const hourMs = 3_600_000;

/** Turns ids into keys; what it remembers of sources is bounded by the number of keys that there are. */
export function createKeyReader(): (source: string, id: string, into: IdKey) => void {
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
    let [word, digits] = [0, 0];
    for (let index = 0; index < id.length && digits < 32; index++) {
      const code = id.charCodeAt(index);
      if (code === 45) continue;
      word = (word << 4) | (code <= 57 ? code - 48 : (code | 32) - 87);
      if ((++digits & 7) !== 0) continue;
      const at = (digits >> 3) - 1;
      into[at] = word ^ (salt[at] ?? 0);
      word = 0;
    }
  };
}

/** The UTC hour in which an id of version 7 was made, where that is within the range; else `untimed`. */
export function bucketOf(id: string, range: { readonly fromMs: number; readonly toMs: number }): number {
  if (id.charCodeAt(14) !== 55) return untimed;
  const ms = Number.parseInt(id.slice(0, 8), 16) * 65_536 + Number.parseInt(id.slice(9, 13), 16);
  return ms >= range.fromMs && ms <= range.toMs ? Math.floor(ms / hourMs) : untimed;
}

/** 32 bits of a key, well mixed; `seed` makes another choice. */
export function hashOf(words: Uint32Array, at: number, seed: number): number {
  let hash = seed;
  for (let index = 0; index < 4; index++) hash = mix(hash ^ (words[at + index] ?? 0)) + 0x9e_37_79_b9;
  return mix(hash) >>> 0;
}

/** The last steps of MurmurHash3. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return hash ^ (hash >>> 16);
}
