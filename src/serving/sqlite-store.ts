import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  OctavoError,
  openDatabase,
  transaction,
  uuidv7,
  type BusinessDay,
  type Clock,
  type Random,
} from '../base/index.ts';
import { chunkEntriesMax, decodeChunk, unpack, type DecodedChunk } from './chunk.ts';
import { asStoreError } from './sqlite-errors.ts';
import { SqlitePublication } from './sqlite-publication.ts';
import { editionColumns, toEdition, type EditionRow } from './sqlite-rows.ts';
import { servingMigrations } from './sqlite-schema.ts';
import { removeOld, removeUnfinished } from './sqlite-sweep.ts';
import type {
  Edition,
  EditionDay,
  EditionDraft,
  EditionEntry,
  EditionKind,
  ServingStore,
} from './store-port.ts';
import { WeightedCache } from './weighted-cache.ts';

/** What a SQLite serving store is made of. */
export interface SqliteStoreOptions {
  /** File path of `serving.db`, or `:memory:`. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  /** JSON bytes of decoded chunks kept in memory. Default 128 MiB. */
  readonly cacheBytesMax?: number;
  /** A publication that stored nothing for this long is dead and may be swept. Default 1 hour. */
  readonly unfinishedAfterMs?: number;
  /** The database file may not grow beyond this. Default: the disk's size. */
  readonly fileBytesMax?: number;
}

/** Opens (and makes) the store. Several processes may read it while one or more publish. Errors: `storage_full`. */
export function openSqliteStore(options: SqliteStoreOptions): ServingStore {
  return new SqliteStore(options);
}

interface PartRow {
  readonly part_no: number;
  readonly entries: number;
  /** Places of keys; only asked for in parts of several chunks. */
  places: ReadonlyMap<string, number> | undefined;
}

class SqliteStore implements ServingStore {
  readonly #database: DatabaseSync;
  readonly #options: SqliteStoreOptions;
  readonly #statements = new Map<string, StatementSync>();
  readonly #chunks: WeightedCache<DecodedChunk & { places: Map<string, number> | undefined }>;
  readonly #parts = new WeightedCache<PartRow>(partsCachedMax);
  readonly #pointers = new WeightedCache<Edition>(editionsCachedMax);
  readonly #numbers = new WeightedCache<{ readonly edition: Edition; readonly edition_no: number }>(
    editionsCachedMax,
  );
  #version = -1;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#database = openDatabase({ path: options.path, migrations: servingMigrations });
    this.#chunks = new WeightedCache(options.cacheBytesMax ?? 128 * 2 ** 20);
    if (options.fileBytesMax !== undefined) {
      const { page_size } = this.#sql('pragma page_size').get() as { page_size: number };
      this.#database.exec(`pragma max_page_count = ${Math.ceil(options.fileBytesMax / page_size)}`);
    }
  }

  async publish(draft: EditionDraft): Promise<Edition> {
    const { clock, random } = this.#options;
    const nowMs = clock.now();
    const publication = new SqlitePublication({
      database: this.#database,
      prepare: (sql) => this.#sql(sql),
      draft,
      id: uuidv7({ nowMs, next: () => random.next() }),
      clock,
    });
    try {
      publication.begin();
      for await (const part of draft.parts) publication.add(part);
      return publication.finish();
    } catch (error) {
      publication.abandon();
      throw asStoreError(error);
    } finally {
      this.#forget();
    }
  }

  async current(kind: EditionKind, name: string, day?: BusinessDay): Promise<Edition | undefined> {
    this.#refresh();
    const key = `${kind}/${name}/${day ?? ''}`;
    const known = this.#pointers.get(key);
    if (known !== undefined) return known;
    const rows =
      day === undefined
        ? this.#sql(
            `${selectPointed} where p.kind = ? and p.name = ? order by p.business_day desc limit 1`,
          ).get(kind, name)
        : this.#sql(`${selectPointed} where p.kind = ? and p.name = ? and p.business_day = ?`).get(
            kind,
            name,
            day,
          );
    if (rows === undefined) return undefined;
    const edition = toEdition(rows as unknown as EditionRow);
    this.#pointers.set(key, edition, 1);
    return edition;
  }

  async edition(id: string): Promise<Edition | undefined> {
    this.#refresh();
    return this.#numbered(id)?.edition;
  }

  async history(
    kind: EditionKind,
    name: string,
    options: { readonly limit: number; readonly before?: string },
  ): Promise<readonly Edition[]> {
    const before = options.before === undefined ? undefined : await this.edition(options.before);
    if (options.before !== undefined && before === undefined) throw unknownEdition(options.before);
    const rows = this.#sql(
      `select ${editionColumns} from editions where kind = ? and name = ? and published = 1
       and (? is null or (business_day, revision) < (?, ?)) order by business_day desc, revision desc limit ?`,
    ).all(
      kind,
      name,
      before?.id ?? null,
      before?.business_day ?? null,
      before?.revision ?? null,
      Math.max(0, Math.min(options.limit, historyMax)),
    );
    return rows.map((row) => toEdition(row as unknown as EditionRow));
  }

  async names(kind: EditionKind): Promise<readonly string[]> {
    const rows = this.#sql(
      'select distinct name from pointers where kind = ? and edition_no is not null order by name',
    ).all(kind);
    return rows.map((row) => (row as { name: string }).name);
  }

  async parts(editionId: string): Promise<readonly string[]> {
    this.#refresh();
    const found = this.#numbered(editionId);
    if (found === undefined) return [];
    const rows = this.#sql('select part from parts where edition_no = ? order by part').all(found.edition_no);
    return rows.map((row) => (row as { part: string }).part);
  }

  async read(
    editionId: string,
    part: string,
    page: { readonly from: number; readonly limit: number },
  ): ReturnType<ServingStore['read']> {
    const found = this.#part(editionId, part);
    if (found === undefined) return undefined;
    const from = Math.max(0, page.from);
    const end = Math.min(found.entries, from + Math.max(0, page.limit));
    const entries = [];
    for (let at = from; at < end;) {
      const first = firstOfChunk(at);
      const chunk = this.#chunk(found.part_no, first).entries;
      const taken = chunk.slice(at - first, end - first);
      if (taken.length === 0)
        throw new OctavoError('edition_damaged', `edition ${editionId}, part '${part}'`);
      entries.push(...taken);
      at += taken.length;
    }
    return { entries, total: found.entries };
  }

  async days(kind: EditionKind, name: string): Promise<readonly EditionDay[]> {
    this.#refresh();
    const rows = this.#sql(
      `select p.business_day, e.id from pointers p join editions e on e.edition_no = p.edition_no
       where p.kind = ? and p.name = ? order by p.business_day`,
    ).all(kind, name);
    return rows as unknown as readonly EditionDay[];
  }

  async readAcross(
    editionIds: readonly string[],
    part: string,
  ): Promise<ReadonlyMap<string, readonly EditionEntry[]>> {
    this.#refresh();
    const found = new Map<string, readonly EditionEntry[]>();
    for (const id of editionIds) {
      const row = this.#knownPart(id, part);
      if (row === undefined) continue;
      if (row.entries <= chunkEntriesMax) {
        found.set(id, row.entries === 0 ? [] : this.#chunk(row.part_no, 0).entries);
        continue;
      }
      found.set(id, (await this.read(id, part, { from: 0, limit: row.entries }))?.entries ?? []);
    }
    return found;
  }

  async entry(editionId: string, part: string, key: string): ReturnType<ServingStore['entry']> {
    const found = this.#part(editionId, part);
    if (found === undefined || found.entries === 0) return undefined;
    const position = this.#position(found, key);
    if (position === undefined) return undefined;
    const first = firstOfChunk(position);
    const entry = this.#chunk(found.part_no, first).entries[position - first];
    return entry === undefined ? undefined : { entry, position };
  }

  async rollback(editionId: string, token: number): Promise<Edition> {
    const found = this.#numbered(editionId);
    if (found === undefined) throw unknownEdition(editionId);
    const { kind, name, business_day } = found.edition;
    const moved = transaction(
      this.#database,
      () =>
        this.#sql(
          `update pointers set edition_no = ?, token = ? where kind = ? and name = ? and business_day = ? and token <= ?`,
        ).run(found.edition_no, token, kind, name, business_day, token).changes,
    );
    this.#forget();
    if (moved === 0) throw new OctavoError('fenced', `${kind} '${name}' of ${business_day}, token ${token}`);
    return found.edition;
  }

  async citedSnapshots(): Promise<Readonly<Record<string, readonly string[]>>> {
    const cited = new Map<string, Set<string>>();
    for (const row of this.#sql('select distinct inputs from editions').iterate()) {
      const inputs = JSON.parse((row as { inputs: string }).inputs) as Record<string, string>;
      for (const [table, snapshot] of Object.entries(inputs)) {
        if (!isTableName(table)) continue;
        cited.set(table, (cited.get(table) ?? new Set()).add(snapshot));
      }
    }
    return Object.fromEntries([...cited].map(([table, snapshots]) => [table, [...snapshots]]));
  }

  async sweep(options: { readonly keep: number }): Promise<{ readonly removed: number }> {
    const deadBeforeMs = this.#options.clock.now() - (this.#options.unfinishedAfterMs ?? 3_600_000);
    try {
      const unfinished = removeUnfinished(this.#database, deadBeforeMs);
      return { removed: unfinished + removeOld(this.#database, Math.max(1, options.keep)) };
    } catch (error) {
      throw asStoreError(error);
    } finally {
      this.#forget();
    }
  }

  async close(): Promise<void> {
    this.#forget();
    this.#statements.clear();
    this.#database.close();
  }

  #sql(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  /** Another process may have published or swept: what was cached of pointers then no longer holds. */
  #refresh(): void {
    const { data_version } = this.#sql('pragma data_version').get() as { data_version: number };
    if (data_version === this.#version) return;
    this.#forget();
    this.#version = data_version;
  }

  #forget(): void {
    this.#pointers.clear();
    this.#numbers.clear();
    this.#parts.clear();
  }

  #numbered(id: string): { readonly edition: Edition; readonly edition_no: number } | undefined {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const row = this.#sql(`select ${editionColumns} from editions where id = ? and published = 1`).get(id);
    if (row === undefined) return undefined;
    const found = {
      edition: toEdition(row as unknown as EditionRow),
      edition_no: (row as unknown as EditionRow).edition_no,
    };
    this.#numbers.set(id, found, 1);
    return found;
  }

  #part(editionId: string, part: string): PartRow | undefined {
    this.#refresh();
    return this.#knownPart(editionId, part);
  }

  #knownPart(editionId: string, part: string): PartRow | undefined {
    const key = `${editionId}/${part}`;
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const found = this.#numbered(editionId);
    if (found === undefined) return undefined;
    const row = this.#sql('select part_no, entries from parts where edition_no = ? and part = ?').get(
      found.edition_no,
      part,
    );
    if (row === undefined) return undefined;
    const made: PartRow = { ...(row as unknown as { part_no: number; entries: number }), places: undefined };
    this.#parts.set(key, made, 1);
    return made;
  }

  #chunk(partNo: number, first: number): DecodedChunk & { places: Map<string, number> | undefined } {
    const key = `${partNo}/${first}`;
    const known = this.#chunks.get(key);
    if (known !== undefined) return known;
    const row = this.#sql('select body from chunks where part_no = ? and first = ?').get(partNo, first);
    if (row === undefined) throw new OctavoError('edition_damaged', `chunk ${key} is missing`);
    const made = { ...decodeChunk((row as unknown as { body: Uint8Array }).body), places: undefined };
    this.#chunks.set(key, made, made.sizeBytes);
    return made;
  }

  #position(part: PartRow, key: string): number | undefined {
    if (part.entries <= chunkEntriesMax) {
      const chunk = this.#chunk(part.part_no, 0);
      chunk.places ??= new Map(chunk.entries.map((entry, index) => [entry.key, index]));
      return chunk.places.get(key);
    }
    if (part.places === undefined) {
      const row = this.#sql('select keys from parts where part_no = ?').get(part.part_no) as unknown as {
        keys: Uint8Array;
      };
      const keys = unpack(row.keys).value as readonly string[];
      part.places = new Map(keys.map((one, index) => [one, index]));
    }
    return part.places.get(key);
  }
}

const editionsCachedMax = 10_000;
const partsCachedMax = 100_000;
const historyMax = 10_000;
const selectPointed = `select ${editionColumns} from pointers p join editions using (edition_no)`;

function firstOfChunk(position: number): number {
  return position - (position % chunkEntriesMax);
}

/** Inputs that are no table (another edition, a stamp) have a colon in their name. */
function isTableName(input: string): boolean {
  return !input.includes(':');
}

function unknownEdition(id: string): OctavoError {
  return new OctavoError('edition_not_found', id);
}
