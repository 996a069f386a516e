/** Puts bytes at a place; gives the place after them. */
export function put(out: Uint8Array, at: number, from: Uint8Array): number {
  // Short ones are sooner copied than handed over.
  if (from.length > handedOver) {
    out.set(from, at);
    return at + from.length;
  }
  return copy(out, at, from, 0, from.length);
}

const handedOver = 48;

/** Puts a part of some bytes. */
export function copy(out: Uint8Array, at: number, from: Uint8Array, start: number, end: number): number {
  for (let index = start; index < end; index++) out[at++] = from[index] ?? 0;
  return at;
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
