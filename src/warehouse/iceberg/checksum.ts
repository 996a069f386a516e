import { crc32 } from 'node:zlib';

const stated = /\.crc([0-9a-f]{8})\.(?:parquet|avro|metadata\.json)$/;

/**
 * What stands before the ending of a file's name: `.crc` and the CRC-32 of its contents in 8 hexadecimal digits. Files never
 * change, JSON, Avro and Parquet find most damage only by chance, and other engines take any name.
 */
export function checksumMark(checksum: number): string {
  return `.crc${checksum.toString(16).padStart(8, '0')}`;
}

/** The mark for contents at hand. */
export function markOf(bytes: Uint8Array | string): string {
  return checksumMark(crc32(bytes));
}

/** The CRC-32 that a file's name states; undefined for files of other writers. */
export function statedChecksum(path: string): number | undefined {
  const digits = stated.exec(path)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** Whether the contents are those that the file's name states, if it states any. */
export function isAsWritten(path: string, bytes: Uint8Array): boolean {
  const checksum = statedChecksum(path);
  return checksum === undefined || checksum === crc32(bytes);
}
