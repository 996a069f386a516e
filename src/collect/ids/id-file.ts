import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { OctavoError, type Storage } from '../../base/index.ts';
import { hashOf, keyBytes, type IdKey } from './id-key.ts';
import { isSame } from './id-table.ts';

/*
 * file      = section* directory directoryBytes:u32 crc32(directory):u32 "OCTAVOI1"
 * section   = table filter; the table has 16 bytes a slot, free ones zero, filled by linear probing; the filter is a
 *             Bloom filter of 20 bits a key and 4 probes
 * directory = JSON, see IdDirectory; all numbers little-endian
 */
const magic = 'OCTAVOI1';
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

/** Keys of one bucket, their words one after another. */
export interface IdBucket {
  readonly bucket: number;
  readonly keys: Uint32Array;
}

/** A file as it is written. */
interface EncodedIds {
  readonly bytes: Buffer;
  readonly directory: IdDirectory;
  /** Beside the sections. */
  readonly filters: readonly Uint32Array[];
}

/** One file of the buckets, and each section's filter; lets others work in between. */
export async function encodeIds(
  buckets: readonly IdBucket[],
  about: Pick<IdDirectory, 'writtenMs' | 'covered'>,
): Promise<EncodedIds> {
  const parts: Buffer[] = [];
  const sections: IdSection[] = [];
  const filters: Uint32Array[] = [];
  let [at, done] = [0, 0];
  for (const { bucket, keys } of buckets) {
    const count = keys.length / 4;
    const slots = Math.ceil(count * 1.5) + 1;
    const table = new Uint32Array(slots * 4);
    const filter = new Uint32Array(Math.ceil((count * filterBits) / 32) + 1);
    for (let key = 0; key < keys.length; key += 4) {
      let slot = hashOf(keys, key, 1) % slots;
      while (
        table[slot * 4] !== 0 ||
        table[slot * 4 + 1] !== 0 ||
        table[slot * 4 + 2] !== 0 ||
        table[slot * 4 + 3] !== 0
      )
        slot = slot + 1 === slots ? 0 : slot + 1;
      for (let word = 0; word < 4; word++) table[slot * 4 + word] = keys[key + word] ?? 0;
      if ((++done & turnMask) === 0) await setImmediate();
      for (let probe = 0; probe < probes; probe++) {
        const bit = probeOf(keys, key, probe) % (filter.length * 32);
        filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
      }
    }
    const bytes = Buffer.concat([Buffer.from(table.buffer), Buffer.from(filter.buffer)]);
    parts.push(bytes);
    filters.push(filter);
    sections.push({ bucket, count, at, slots, filterWords: filter.length, crc: crc32(bytes) });
    at += bytes.length;
  }
  const directory = { ...about, sections };
  const text = Buffer.from(JSON.stringify(directory));
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32LE(text.length, 0);
  trailer.writeUInt32LE(crc32(text), 4);
  trailer.write(magic, 8, 'latin1');
  return { bytes: Buffer.concat([...parts, text, trailer]), directory, filters };
}

/** What a file holds; undefined when it is none or damaged. */
export async function readDirectory(storage: Storage, path: string): Promise<IdDirectory | undefined> {
  const info = await storage.stat(path);
  if (info === undefined || info.sizeBytes < trailerBytes) return undefined;
  const trailer = await storage.read(path, {
    offset: info.sizeBytes - trailerBytes,
    lengthBytes: trailerBytes,
  });
  const lengthBytes = trailer.readUInt32LE(0);
  const offset = info.sizeBytes - trailerBytes - lengthBytes;
  if (trailer.toString('latin1', 8) !== magic || offset < 0) return undefined;
  const text = await storage.read(path, { offset, lengthBytes });
  return crc32(text) === trailer.readUInt32LE(4) ? (JSON.parse(text.toString()) as IdDirectory) : undefined;
}

/** A section's filter. */
export async function readFilter(storage: Storage, path: string, section: IdSection): Promise<Uint32Array> {
  const offset = section.at + section.slots * keyBytes;
  return wordsOf(await storage.read(path, { offset, lengthBytes: section.filterWords * 4 }));
}

/** Where a key is looked for in filters, whatever their size. */
export function probesOf(key: IdKey): Uint32Array {
  const found = new Uint32Array(probes);
  for (let probe = 0; probe < probes; probe++) found[probe] = probeOf(key, 0, probe);
  return found;
}

/** Whether a filter may have the key of these probes: false is sure. */
export function mayHave(filter: Uint32Array, places: Uint32Array): boolean {
  const bits = filter.length * 32;
  for (let probe = 0; probe < probes; probe++) {
    const bit = (places[probe] ?? 0) % bits;
    if (((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** Whether a section has the key: reads one short piece of it, seldom two. */
export async function hasKey(
  storage: Storage,
  path: string,
  section: IdSection,
  key: IdKey,
): Promise<boolean> {
  let slot = hashOf(key, 0, 1) % section.slots;
  for (let seen = 0; seen < section.slots;) {
    const count = Math.min(pieceSlots, section.slots - slot);
    const offset = section.at + slot * keyBytes;
    const piece = wordsOf(await storage.read(path, { offset, lengthBytes: count * keyBytes }));
    if (piece.length < count * 4) throw new OctavoError('storage_failed', `${path} is shorter than it says`);
    for (let at = 0; at < piece.length; at += 4) {
      if (isSame(piece, at, key)) return true;
      if (piece[at] === 0 && piece[at + 1] === 0 && piece[at + 2] === 0 && piece[at + 3] === 0) return false;
    }
    seen += count;
    slot = slot + count === section.slots ? 0 : slot + count;
  }
  return false;
}

/** All keys of a section. Errors: `storage_failed` when its bytes are not what was written. */
export async function readKeys(storage: Storage, path: string, section: IdSection): Promise<Uint32Array> {
  const lengthBytes = section.slots * keyBytes + section.filterWords * 4;
  const bytes = await storage.read(path, { offset: section.at, lengthBytes });
  if (crc32(bytes) !== section.crc) throw new OctavoError('storage_failed', `${path} is damaged`);
  const table = wordsOf(bytes.subarray(0, section.slots * keyBytes));
  const keys = new Uint32Array(section.count * 4);
  let filled = 0;
  for (let at = 0; at < table.length; at += 4) {
    if (table[at] === 0 && table[at + 1] === 0 && table[at + 2] === 0 && table[at + 3] === 0) continue;
    for (let word = 0; word < 4; word++) keys[filled++] = table[at + word] ?? 0;
  }
  return keys;
}

/** Keys between two turns. */
const turnMask = 8191;
const probes = 4;
/** One in a thousand other keys seems to be there, and the disk is asked. */
const filterBits = 20;
const pieceSlots = 32;

function probeOf(words: Uint32Array, at: number, probe: number): number {
  return hashOf(words, at, 0x51_ed_27_0b + probe);
}

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}
