import { join } from 'node:path';
import { gauge, hasCode, type Logger, type Storage } from '../../base/index.ts';
import {
  countOf,
  encodeIds,
  hasKey,
  readDirectory,
  readFilter,
  type IdFile,
  type IdSection,
} from './id-file.ts';
import { mayHave, probeOf } from './id-filter.ts';
import { hourOf, untimed, type IdKey } from './id-key.ts';
import type { IdSource } from './id-table.ts';
import { rewriteFormer } from './former-file.ts';
import { mergeFiles } from './merge-files.ts';

/** What the files of ids are opened with. */
export interface IdFilesOptions {
  readonly storage: Storage;
  readonly directory: string;
  readonly logger: Logger;
  /** Files of no more ids together are merged. */
  readonly mergeMax: number;
  readonly filterBytesMax: number;
}

/** For how long ids are known. */
const seenDays = 30;
const dayMs = 24 * 3_600_000;
const attemptsMax = 5;
const asksBeforeFilter = 16;
const none: readonly never[] = [];

interface Placed {
  readonly path: string;
  readonly section: IdSection;
}

/** The files of one folder, and the filters of those that were asked of late. */
export class IdFiles {
  readonly #options: IdFilesOptions;
  readonly #filters = new Map<IdSection, Uint32Array>();
  #filterBytes = 0;
  /** How often each section was asked of since its filter went from memory. */
  readonly #asked = new WeakMap<IdSection, number>();
  /** Filters that are being read: many who ask at once wait for one reading. */
  readonly #reading = new Map<IdSection, Promise<Uint32Array>>();
  #files: readonly IdFile[];
  #byBucket: ReadonlyMap<number, readonly Placed[]>;

  constructor(options: IdFilesOptions, files: readonly IdFile[]) {
    this.#options = options;
    this.#files = files;
    this.#byBucket = indexOf(files, options.directory);
  }

  static async open(options: IdFilesOptions): Promise<IdFiles> {
    const { storage, directory, logger } = options;
    await storage.makeDirectory(directory);
    const names = (await storage.list(directory)).filter(({ name }) => /^\d{15}-\d{8}\.ids$/.test(name));
    const files: IdFile[] = [];
    for (const { name } of names) {
      const path = join(directory, name);
      const found = (await readDirectory(storage, path)) ?? (await rewriteFormer(storage, path));
      if (found === undefined) logger.error('a file of known ids is damaged and left out', { file: name });
      else files.push({ name, directory: found });
    }
    return new IdFiles(options, files);
  }

  /** Up to which offsets of the event log every id is in a file, by partition. */
  get covered(): readonly number[] {
    return this.#files.at(-1)?.directory.covered ?? [];
  }

  /** Whether the disk must be asked for a key: false when the filters in memory know that it has it not. */
  mayHave(minute: number, key: IdKey): boolean {
    const places = this.#placesOf(minute);
    if (places.length === 0) return false;
    const probe = probeOf(key);
    for (const { section } of places) {
      const filter = this.#filters.get(section);
      if (filter === undefined || mayHave(filter, probe)) return true;
    }
    return false;
  }

  async has(minute: number, key: IdKey): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#has(minute, key);
      } catch (error) {
        // The file went while it was looked into; its successor has what it had.
        if (attempt === attemptsMax || !hasCode(error, 'storage_not_found')) throw error;
      }
    }
  }

  async #has(minute: number, key: IdKey): Promise<boolean> {
    const { storage } = this.#options;
    const probe = probeOf(key);
    for (const { path, section } of this.#placesOf(minute)) {
      const filter = this.#filters.get(section) ?? (await this.#wanted(path, section));
      if (filter !== undefined && !mayHave(filter, probe)) continue;
      if (await hasKey(storage, path, section, key)) return true;
    }
    return false;
  }

  /** The filter of a section that is asked of often: to read it costs as much as many short looks into the table. */
  async #wanted(path: string, section: IdSection): Promise<Uint32Array | undefined> {
    const asked = (this.#asked.get(section) ?? 0) + 1;
    this.#asked.set(section, asked);
    if (asked < asksBeforeFilter) return undefined;
    const reading = this.#reading.get(section) ?? readFilter(this.#options.storage, path, section);
    this.#reading.set(section, reading);
    try {
      const filter = await reading;
      if (this.#reading.get(section) === reading) this.#keep(section, filter);
      return filter;
    } finally {
      this.#asked.delete(section);
      this.#reading.delete(section);
    }
  }

  /** Writes a file; merges small ones, and removes those of a time that is over. */
  async write(ids: IdSource, covered: readonly number[], nowMs: number): Promise<void> {
    const { storage, directory, mergeMax, logger } = this.#options;
    const serial = this.#files.reduce((next, { name }) => Math.max(next, Number(name.slice(16, 24)) + 1), 0);
    const name = `${String(nowMs).padStart(15, '0')}-${String(serial).padStart(8, '0')}.ids`;
    const made = await encodeIds(ids, { writtenMs: nowMs, covered });
    await storage.create(join(directory, name), made.bytes);
    for (const [index, section] of made.directory.sections.entries())
      this.#keep(section, made.filters[index] ?? new Uint32Array(1));
    this.#use([...this.#files, { name, directory: made.directory }]);
    const { files, merged } = await mergeFiles({ storage, directory, idsMax: mergeMax, logger }, this.#files);
    const over = files.filter(({ directory: { writtenMs } }) => writtenMs < nowMs - (seenDays + 1) * dayMs);
    this.#use(files.filter((file) => !over.includes(file)));
    for (const file of [...merged, ...over]) await storage.remove(join(directory, file.name));
    gauge(
      'octavo_collect_known_ids',
      this.#files.reduce((sum, file) => sum + countOf(file), 0),
    );
  }

  #use(files: readonly IdFile[]): void {
    this.#files = files;
    this.#byBucket = indexOf(files, this.#options.directory);
  }

  /** Those of a minute; of its hour, for who came late; and of ids without a time, for one that was not believed then. */
  #placesOf(minute: number): readonly Placed[] {
    const all = this.#byBucket.get(untimed) ?? none;
    if (minute === untimed) return all;
    const own = this.#byBucket.get(minute) ?? none;
    const late = this.#byBucket.get(hourOf(minute)) ?? none;
    return all.length + late.length === 0 ? own : [...own, ...late, ...all];
  }

  #keep(section: IdSection, filter: Uint32Array): void {
    this.#filterBytes += filter.byteLength - (this.#filters.get(section)?.byteLength ?? 0);
    this.#filters.delete(section);
    this.#filters.set(section, filter);
    for (const [oldest, kept] of this.#filters) {
      if (this.#filterBytes <= this.#options.filterBytesMax || this.#filters.size === 1) break;
      this.#filters.delete(oldest);
      this.#filterBytes -= kept.byteLength;
    }
  }
}

/** The newest first: what is sent again is mostly of late. */
function indexOf(files: readonly IdFile[], directory: string): ReadonlyMap<number, readonly Placed[]> {
  const placed = files.flatMap((file) =>
    file.directory.sections.map((section) => ({ path: join(directory, file.name), section })),
  );
  return Map.groupBy(placed.toReversed(), ({ section }) => section.bucket);
}
