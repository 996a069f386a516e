import { crc32 } from 'node:zlib';
import { hasCode, OctavoError, type Storage } from '../../base/index.ts';

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

/** The contents of a metadata file. Errors: `metadata_damaged` when it is missing or not as its name states. */
export async function readAsWritten(storage: Storage, path: string): Promise<Buffer> {
  const damaged = (about: string, cause?: unknown): OctavoError =>
    new OctavoError('metadata_damaged', `${path} ${about}`, { cause, details: { path } });
  let bytes: Buffer;
  try {
    bytes = await storage.read(path);
  } catch (cause) {
    throw hasCode(cause, 'storage_not_found') ? damaged('is missing', cause) : cause;
  }
  const checksum = statedChecksum(path);
  if (checksum !== undefined && checksum !== crc32(bytes))
    throw damaged('has other contents than were written');
  return bytes;
}
