/** Puts bytes at a place; gives the place after them. */
export function put(out: DataView, at: number, from: DataView): number {
  return copy(out, at, from, 0, from.byteLength);
}

/** Puts a part of some bytes. Most are short: they are sooner copied, four at a time, than handed over. */
export function copy(out: DataView, at: number, from: DataView, start: number, end: number): number {
  const stop = at + end - start;
  const last = end - 4;
  if (last < start) {
    for (let index = start; index < end; index++) out.setUint8(at++, from.getUint8(index));
    return stop;
  }
  for (let index = start; index < last; index += 4, at += 4) out.setInt32(at, from.getInt32(index));
  // Of the last four some may be there already.
  out.setInt32(stop - 4, from.getInt32(last));
  return stop;
}

/** Puts a text of one byte a letter. */
export function letters(out: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) out[at++] = text.charCodeAt(index);
  return at;
}

/** Puts twelve hexadecimal digits. */
export function hexDigits(out: Uint8Array, at: number, value: number): number {
  let high = Math.floor(value / 0x1_00_00_00);
  let low = value % 0x1_00_00_00;
  for (let digit = 5; digit >= 0; digit--) {
    out[at + digit] = hex.charCodeAt(high & 15);
    out[at + 6 + digit] = hex.charCodeAt(low & 15);
    high >>= 4;
    low >>= 4;
  }
  return at + 12;
}

const hex = '0123456789abcdef';
