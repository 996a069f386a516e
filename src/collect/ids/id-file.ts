import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { OctavoError, type Storage } from '../../base/index.ts';
import { addToFilter, filterWordsOf } from './id-filter.ts';
import { hashOf, keyBytes, placeOf, type IdKey } from './id-key.ts';
import { isFree, isSame, type IdSource } from './id-table.ts';

/*
 * file      = section* directory directoryBytes:u32 crc32(directory):u32 "OCTAVOI2"
 * section   = table filter; the table has 16 bytes a slot, free ones zero, filled by linear probing from the place of
 *             the key's hash; the filter is a blocked Bloom filter
 * directory = JSON, see IdDirectory; all numbers little-endian
 */
const magic = 'OCTAVOI2';
const trailerBytes = 16;

/** The ids of one bucket in one file. */
export interface IdSection {
  readonly bucket: number;
  readonly count: number;
  /** Where it begins in the file. */
  readonly at: number;
  readonly slots: number;
  readonly filterWords: number;
  readonly crc: number;
}

/** What a file holds. */
export interface IdDirectory {
  readonly writtenMs: number;
  /** Records of the event log before these offsets are in this file or an older one; by partition. */
  readonly covered: readonly number[];
  readonly sections: readonly IdSection[];
}

/** A file with its name. */
export interface IdFile {
  readonly name: string;
  readonly directory: IdDirectory;
}

/** Ids in a file. */
export function countOf({ directory }: IdFile): number {
  return directory.sections.reduce((sum, { count }) => sum + count, 0);
}

/** A file as it is written. */
interface EncodedIds {
  readonly bytes: Buffer;
  readonly directory: IdDirectory;
  /** Beside the sections. */
  readonly filters: readonly Uint32Array[];
}

/** A section that is being filled. */
interface Filling {
  readonly section: IdSection;
  readonly table: Uint32Array;
  readonly filter: Uint32Array;
  count: number;
}

/** One file of the keys, and each section's filter; lets others work in between. */
export async function encodeIds(
  source: IdSource,
  about: Pick<IdDirectory, 'writtenMs' | 'covered'>,
): Promise<EncodedIds> {
  const planned = await planSections(source);
  const last = planned.at(-1);
  const bytes = last === undefined ? 0 : last.at + bytesOf(last);
  const textMax = Buffer.byteLength(JSON.stringify({ ...about, sections: planned }));
  // All of it lies in one piece of memory from the beginning: large copies hold up whoever waits for an answer.
  const all = Buffer.alloc(bytes + textMax + trailerBytes);
  const fillings = planned.map((section): Filling => {
    const table = new Uint32Array(all.buffer, all.byteOffset + section.at, section.slots * words);
    const filterAt = all.byteOffset + section.at + table.byteLength;
    return { section, table, filter: new Uint32Array(all.buffer, filterAt, section.filterWords), count: 0 };
  });
  await fillSections(source, fillings);
  const sections: IdSection[] = [];
  for (const { section, count } of fillings)
    sections.push({
      ...section,
      count,
      crc: await crcOf(all.subarray(section.at, section.at + bytesOf(section))),
    });
  const directory = { ...about, sections };
  const text = Buffer.from(JSON.stringify(directory));
  text.copy(all, bytes);
  const trailer = bytes + text.length;
  all.writeUInt32LE(text.length, trailer);
  all.writeUInt32LE(crc32(text), trailer + 4);
  all.write(magic, trailer + 8, 'latin1');
  const filters = fillings.map(({ filter }) => filter.slice());
  return { bytes: all.subarray(0, trailer + trailerBytes), directory, filters };
}

/** Where the section of each bucket will lie. */
async function planSections(source: IdSource): Promise<readonly IdSection[]> {
  const counts = new Map<number, number>();
  await source.forEach((_words, _at, bucket) => counts.set(bucket, (counts.get(bucket) ?? 0) + 1));
  let next = 0;
  return [...counts].map(([bucket, count]): IdSection => {
    const at = next;
    const [slots, filterWords] = [Math.ceil(count * 1.5) + 1, filterWordsOf(count)];
    next += bytesOf({ slots, filterWords });
    return { bucket, count, at, slots, filterWords, crc: crcMax };
  });
}

async function fillSections(source: IdSource, fillings: readonly Filling[]): Promise<void> {
  const byBucket = new Map(fillings.map((filling) => [filling.section.bucket, filling]));
  await source.forEach((keys, from, bucket) => {
    const filling = byBucket.get(bucket);
    if (filling === undefined) return;
    const { section, table, filter } = filling;
    const hash = hashOf(keys, from);
    let at = placeOf(hash, section.slots) * words;
    while (!isFree(table, at)) at = at + words === table.length ? 0 : at + words;
    for (let word = 0; word < words; word++) table[at + word] = keys[from + word] ?? 0;
    addToFilter(filter, hash, keys, from);
    filling.count += 1;
  });
}

function bytesOf({ slots, filterWords }: Pick<IdSection, 'slots' | 'filterWords'>): number {
  return slots * keyBytes + filterWords * 4;
}

/** The checksum of a long piece, letting others work in between. */
async function crcOf(bytes: Buffer): Promise<number> {
  let crc = 0;
  for (let at = 0; at < bytes.length; at += crcTurnBytes) {
    crc = crc32(bytes.subarray(at, at + crcTurnBytes), crc);
    if (bytes.length > crcTurnBytes) await setImmediate();
  }
  return crc;
}

/** What a file holds; undefined when it is none of those that end so, or damaged. */
export async function readDirectory(
  storage: Storage,
  path: string,
  end = magic,
): Promise<IdDirectory | undefined> {
  const info = await storage.stat(path);
  if (info === undefined || info.sizeBytes < trailerBytes) return undefined;
  const trailer = await storage.read(path, {
    offset: info.sizeBytes - trailerBytes,
    lengthBytes: trailerBytes,
  });
  const lengthBytes = trailer.readUInt32LE(0);
  const offset = info.sizeBytes - trailerBytes - lengthBytes;
  if (trailer.toString('latin1', 8) !== end || offset < 0) return undefined;
  const text = await storage.read(path, { offset, lengthBytes });
  return crc32(text) === trailer.readUInt32LE(4) ? (JSON.parse(text.toString()) as IdDirectory) : undefined;
}

/** A section's filter. */
export async function readFilter(storage: Storage, path: string, section: IdSection): Promise<Uint32Array> {
  const offset = section.at + section.slots * keyBytes;
  return wordsOf(await storage.read(path, { offset, lengthBytes: section.filterWords * 4 }));
}

/** Whether a section has the key: reads one short piece of it, seldom two. */
export async function hasKey(
  storage: Storage,
  path: string,
  section: IdSection,
  key: IdKey,
): Promise<boolean> {
  let slot = placeOf(hashOf(key, 0), section.slots);
  for (let seen = 0; seen < section.slots;) {
    const count = Math.min(pieceSlots, section.slots - slot);
    const offset = section.at + slot * keyBytes;
    const piece = wordsOf(await storage.read(path, { offset, lengthBytes: count * keyBytes }));
    if (piece.length < count * 4) throw new OctavoError('storage_failed', `${path} is shorter than it says`);
    for (let at = 0; at < piece.length; at += 4) {
      if (isSame(piece, at, key)) return true;
      if (isFree(piece, at)) return false;
    }
    seen += count;
    slot = slot + count === section.slots ? 0 : slot + count;
  }
  return false;
}

/** All keys of a section, letting others work in between; undefined when its bytes are not what was written. */
export async function readKeys(
  storage: Storage,
  path: string,
  section: IdSection,
): Promise<Uint32Array | undefined> {
  const lengthBytes = bytesOf(section);
  const bytes = await storage.read(path, { offset: section.at, lengthBytes });
  if ((await crcOf(bytes)) !== section.crc) return undefined;
  const table = wordsOf(bytes.subarray(0, section.slots * keyBytes));
  const keys = new Uint32Array(section.count * words);
  let filled = 0;
  for (let at = 0; at < table.length; at += words) {
    if (!isFree(table, at)) {
      for (let word = 0; word < words; word++) keys[filled++] = table[at + word] ?? 0;
    }
    if ((at & readMask) === readMask - 3) await setImmediate();
  }
  return keys;
}

const words = keyBytes / 4;
const crcMax = 0xff_ff_ff_ff;
/** Of the words of slots that are read between two turns. */
const readMask = 4 * 16_384 - 1;
const crcTurnBytes = 1024 * 1024;
const pieceSlots = 32;

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}
