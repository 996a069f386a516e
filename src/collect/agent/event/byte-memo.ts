/** What is remembered of some bytes. */
interface Entry<T> {
  readonly bytes: DataView;
  readonly value: T;
}

/**
 * Remembers what was found out of stretches of bytes that come again and again, without making texts of them. It has a place for each
 * hash: what comes later takes the place of what was there.
 */
export class ByteMemo<T> {
  readonly #entries: (Entry<T> | undefined)[];
  readonly #mask: number;

  /** @param places - a power of two */
  constructor(places: number) {
    this.#entries = Array.from({ length: places }, () => undefined);
    this.#mask = places - 1;
  }

  /** What is remembered of these bytes. */
  find(bytes: DataView, from: number, to: number): T | undefined {
    const entry = this.#entries[placeOf(bytes, from, to) & this.#mask];
    if (entry === undefined) return undefined;
    const known = entry.bytes;
    const length = known.byteLength;
    if (length !== to - from) return undefined;
    let at = 0;
    for (; at + 3 < length; at += 4)
      if (known.getUint32(at, true) !== bytes.getUint32(from + at, true)) return undefined;
    for (; at < length; at++) if (known.getUint8(at) !== bytes.getUint8(from + at)) return undefined;
    return entry.value;
  }

  /** Remembers; gives the value. */
  keep(bytes: DataView, from: number, to: number, value: T): T {
    const own = new Uint8Array(bytes.buffer, bytes.byteOffset + from, to - from).slice();
    this.#entries[placeOf(bytes, from, to) & this.#mask] = { bytes: new DataView(own.buffer), value };
    return value;
  }
}

function placeOf(bytes: DataView, from: number, to: number): number {
  let mixed = to - from;
  let at = from;
  // Four bytes a step.
  for (; at + 3 < to; at += 4) mixed = Math.imul(mixed ^ bytes.getInt32(at, true), 0x9e_37_79_b1);
  for (; at < to; at++) mixed = Math.imul(mixed ^ bytes.getUint8(at), 0x85_eb_ca_6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c_1b_3c_6d) >>> 12;
}
