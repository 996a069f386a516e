import { hash } from 'node:crypto';

/** A part of a file by its length and hash. */
export interface Print {
  readonly lengthBytes: number;
  /** SHA-256, 32 hexadecimal digits of it. */
  readonly hash: string;
}

/** Bytes at the beginning by which a file is known; fewer while it is smaller. */
export const headBytes = 1024;
/** Bytes before a position by which it is known that the file is still the same there. */
export const tailBytes = 128;

/** The print of some bytes. */
export function printOf(bytes: Uint8Array): Print {
  return { lengthBytes: bytes.byteLength, hash: hash('sha256', bytes).slice(0, 32) };
}

/** Whether bytes begin with what a print was made of. */
export function beginsWith(bytes: Uint8Array, print: Print): boolean {
  if (bytes.byteLength < print.lengthBytes) return false;
  return printOf(bytes.subarray(0, print.lengthBytes)).hash === print.hash;
}

/**
 * The seed of a file's event ids: 74 bits of a hash of its beginning, as the first digits of a UUID of version 8. What follows is
 * the byte offset of a line, so two lines of a file never share an id, and a line that is sent again has its id again.
 *
 * @param name - of the agent: two servers may write the same first line
 * @param turn - 0, or more for a file that begins like another one
 */
export function seedOf(name: string, head: Uint8Array, turn: number): string {
  const digits = hash('sha256', Buffer.concat([Buffer.from(`octavo ship\0${name}\0${turn}\0`), head]));
  const variant = (8 + (Number.parseInt(digits.slice(15, 16), 16) & 3)).toString(16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(12, 15)}-${variant}${digits.slice(16, 19)}-`;
}

/** The id of what begins at an offset. */
export function idAt(seed: string, offset: number): string {
  return seed + offset.toString(16).padStart(12, '0');
}
