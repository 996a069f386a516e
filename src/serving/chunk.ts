import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { OctavoError } from '../base/index.ts';
import type { EditionEntry, EditionPart } from './store-port.ts';

/** A run of a part's entries as it is stored: compressed JSON. */
export interface Chunk {
  /** Position of the first entry within the part. */
  readonly first: number;
  readonly count: number;
  readonly body: Uint8Array;
}

/** Entries of a chunk in memory, with their places by key (made on the first look-up). */
export interface DecodedChunk {
  readonly entries: readonly EditionEntry[];
  /** Bytes of JSON that the entries were read from. */
  readonly sizeBytes: number;
}

/** Most entries in one chunk: a page of a list is read from one or two of them. */
export const chunkEntriesMax = 100;

/** Cuts a part into chunks. Errors: `edition_invalid` when a key is there twice. */
export function encodeChunks(part: EditionPart): readonly Chunk[] {
  assertUnique(part);
  const chunks: Chunk[] = [];
  for (let first = 0; first < part.entries.length; first += chunkEntriesMax) {
    const entries = part.entries.slice(first, first + chunkEntriesMax);
    chunks.push({
      first,
      count: entries.length,
      body: pack(entries.map((entry) => [entry.key, entry.body])),
    });
  }
  return chunks;
}

/** The entries of a stored chunk. Errors: `edition_damaged`. */
export function decodeChunk(body: Uint8Array): DecodedChunk {
  const { value, sizeBytes } = unpack(body);
  const rows = value as readonly (readonly [string, EditionEntry['body']])[];
  return { entries: rows.map(([key, entry]) => ({ key, body: entry })), sizeBytes };
}

/** A value as compressed JSON: one byte that says how, then the bytes. */
export function pack(value: unknown): Uint8Array {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length < compressedBytesMin) return Buffer.concat([storedPlain, json]);
  return Buffer.concat([storedDeflated, deflateRawSync(json, { level: 1 })]);
}

/** The value of `pack`. Errors: `edition_damaged`. */
export function unpack(body: Uint8Array): { readonly value: unknown; readonly sizeBytes: number } {
  try {
    const rest = Buffer.from(body.buffer, body.byteOffset + 1, body.byteLength - 1);
    const json = body[0] === storedDeflated[0] ? inflateRawSync(rest) : rest;
    return { value: JSON.parse(json.toString()), sizeBytes: json.length };
  } catch (cause) {
    throw new OctavoError('edition_damaged', 'a stored chunk cannot be read', { cause });
  }
}

const compressedBytesMin = 512;
const storedPlain = Buffer.from([0]);
const storedDeflated = Buffer.from([1]);

function assertUnique(part: EditionPart): void {
  const keys = new Set<string>();
  for (const { key } of part.entries) {
    if (keys.has(key))
      throw new OctavoError('edition_invalid', `part '${part.part}' has the key '${key}' twice`);
    keys.add(key);
  }
}
