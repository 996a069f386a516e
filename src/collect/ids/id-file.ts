import { setImmediate, setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { OctavoError, type Storage } from '../../base/index.ts';
import { hashOf, keyBytes, type IdKey } from './id-key.ts';
import { isFree, isSame } from './id-table.ts';

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
  let bytes = 0;
  const planned = buckets.map(({ bucket, keys }): IdSection => {
    const [count, at] = [keys.length / 4, bytes];
    const [slots, filterWords] = [Math.ceil(count * 1.5) + 1, Math.ceil((count * filterBits) / 32) + 1];
    bytes += slots * keyBytes + filterWords * 4;
    return { bucket, count, at, slots, filterWords, crc: crcMax };
  });
  const textMax = Buffer.byteLength(JSON.stringify({ ...about, sections: planned }));
  // All of it lies in one piece of memory from the beginning: large copies hold up whoever waits for an answer.
  const all = Buffer.alloc(bytes + textMax + trailerBytes);
  const sections: IdSection[] = [];
  const filters: Uint32Array[] = [];
  for (const [index, section] of planned.entries()) {
    const { at, slots, filterWords } = section;
    const table = new Uint32Array(all.buffer, all.byteOffset + at, slots * words);
    const filter = new Uint32Array(all.buffer, all.byteOffset + at + table.byteLength, filterWords);
    await fillSection(buckets[index]?.keys ?? table, table, filter);
    filters.push(filter.slice());
    const crc = await crcOf(all.subarray(at, at + table.byteLength + filter.byteLength));
    sections.push({ ...section, crc });
  }
  const directory = { ...about, sections };
  const text = Buffer.from(JSON.stringify(directory));
  text.copy(all, bytes);
  const trailer = bytes + text.length;
  all.writeUInt32LE(text.length, trailer);
  all.writeUInt32LE(crc32(text), trailer + 4);
  all.write(magic, trailer + 8, 'latin1');
  return { bytes: all.subarray(0, trailer + trailerBytes), directory, filters };
}

async function fillSection(keys: Uint32Array, table: Uint32Array, filter: Uint32Array): Promise<void> {
  const slots = table.length / words;
  for (let key = 0; key < keys.length; key += words) {
    let at = (hashOf(keys, key, 1) % slots) * words;
    while (!isFree(table, at)) at = at + words === table.length ? 0 : at + words;
    for (let word = 0; word < words; word++) table[at + word] = keys[key + word] ?? 0;
    for (let probe = 0; probe < probes; probe++) {
      const bit = probeOf(keys, key, probe) % (filter.length * 32);
      filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
    // Half of the time is for those who wait for an answer.
    if ((key & turnMask) === turnMask - 3) await setTimeout(restMs);
  }
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
      if (isFree(piece, at)) return false;
    }
    seen += count;
    slot = slot + count === section.slots ? 0 : slot + count;
  }
  return false;
}

/** All keys of a section, letting others work in between. Errors: `storage_failed` when its bytes are not what was written. */
export async function readKeys(storage: Storage, path: string, section: IdSection): Promise<Uint32Array> {
  const lengthBytes = section.slots * keyBytes + section.filterWords * 4;
  const bytes = await storage.read(path, { offset: section.at, lengthBytes });
  if ((await crcOf(bytes)) !== section.crc) throw new OctavoError('storage_failed', `${path} is damaged`);
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
/** Of the words of keys that are put in between two turns. */
const turnMask = 4 * 1024 - 1;
const restMs = 2;
/** Of the words of slots that are read between two turns. */
const readMask = 4 * 16_384 - 1;
const crcTurnBytes = 1024 * 1024;
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
