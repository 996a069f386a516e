import type { DatabaseSync } from 'node:sqlite';
import {
  count,
  openDatabase,
  OctavoError,
  transaction,
  uuidv7,
  type Clock,
  type Random,
  type Storage,
} from '../../base/index.ts';
import type { Catalog, LoadedTable, TableId } from '../catalog-port.ts';
import { markOf } from '../iceberg/checksum.ts';
import { localPath } from '../iceberg/data-file.ts';
import type { TableMetadata, TableRequirement, TableUpdate } from '../iceberg/metadata.ts';
import { applyUpdates } from '../iceberg/metadata-update.ts';
import { formatMetadata, readMetadataFile } from './metadata-file.ts';

/** A change of one table as part of a transaction. */
export interface TableChange {
  readonly id: TableId;
  readonly requirements: readonly TableRequirement[];
  readonly updates: readonly TableUpdate[];
}

/** The catalogue with what only the REST service and the command line need. */
export interface FullCatalog extends Catalog {
  namespaceProperties(namespace: string): Promise<Readonly<Record<string, string>>>;
  setNamespaceProperties(namespace: string, properties: Readonly<Record<string, string>>): Promise<void>;
  /** `namespace_not_empty` while it has tables. */
  dropNamespace(namespace: string): Promise<void>;
  /** Moves a table to another name; its files stay where they are. */
  rename(from: TableId, to: TableId): Promise<void>;
  /** Makes a table of an existing metadata file; `overwrite` moves an existing table to it. */
  register(
    id: TableId,
    metadataLocation: string,
    options?: { readonly overwrite?: boolean },
  ): Promise<LoadedTable>;
  /** Commits several tables, all or none. */
  commitAll(changes: readonly TableChange[]): Promise<readonly LoadedTable[]>;
  /** What the table would be, without making it (`stage-create`). */
  stage(id: TableId, updates: readonly TableUpdate[]): Promise<LoadedTable>;
  /** Metadata files that can be read, newest first, to go back to with `register(…, { overwrite: true })`. */
  readable(id: TableId): Promise<readonly string[]>;
}

/** What the catalogue on SQLite is made of. */
export interface SqliteCatalogOptions {
  /** Database file. Several processes may use it at the same time. */
  readonly path: string;
  /** Folder of the tables that name no location: `<folder>/<namespace>/<table>`. Absolute. */
  readonly warehouseFolder: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
}

const migrations = [
  `create table namespaces (name text primary key, properties text not null) strict`,
  `create table tables (
     namespace text not null references namespaces(name), name text not null, location text not null,
     primary key (namespace, name)) strict`,
  // Previous locations, so that a damaged file can be gone back from even when it cannot be read.
  `create table history (
     namespace text not null, name text not null, position integer not null, location text not null,
     primary key (namespace, name, position)) strict`,
];

interface Swap {
  readonly id: TableId;
  readonly previous: string | undefined;
  readonly table: LoadedTable;
}

interface PreparedChange extends Swap {
  /** The metadata file's contents. */
  readonly text: string;
}

/** A catalogue whose table pointers live in SQLite and whose metadata are files. */
export function createSqliteCatalog(options: SqliteCatalogOptions): FullCatalog {
  return new SqliteCatalog(options);
}

class SqliteCatalog implements FullCatalog {
  readonly #options: SqliteCatalogOptions;
  readonly #database: DatabaseSync;
  readonly #cache = new Map<string, TableMetadata>();

  constructor(options: SqliteCatalogOptions) {
    this.#options = options;
    this.#database = openDatabase({ path: options.path, migrations });
  }

  async namespaces(): Promise<readonly string[]> {
    const rows = this.#database.prepare('select name from namespaces order by name').all();
    return rows.map((row) => row['name'] as string);
  }

  async createNamespace(namespace: string, properties: Readonly<Record<string, string>> = {}): Promise<void> {
    assertName(namespace, 'namespace');
    const insert = this.#database.prepare('insert into namespaces values (?, ?) on conflict do nothing');
    if (insert.run(namespace, JSON.stringify(properties)).changes === 0)
      throw new OctavoError('namespace_exists', namespace);
  }

  async namespaceProperties(namespace: string): Promise<Readonly<Record<string, string>>> {
    const row = this.#database.prepare('select properties from namespaces where name = ?').get(namespace);
    if (row === undefined) throw new OctavoError('namespace_not_found', namespace);
    return JSON.parse(row['properties'] as string) as Record<string, string>;
  }

  async setNamespaceProperties(
    namespace: string,
    properties: Readonly<Record<string, string>>,
  ): Promise<void> {
    const update = this.#database.prepare('update namespaces set properties = ? where name = ?');
    if (update.run(JSON.stringify(properties), namespace).changes === 0)
      throw new OctavoError('namespace_not_found', namespace);
  }

  async dropNamespace(namespace: string): Promise<void> {
    transaction(this.#database, () => {
      const row = this.#database.prepare('select 1 from tables where namespace = ?').get(namespace);
      if (row !== undefined) throw new OctavoError('namespace_not_empty', namespace);
      const gone = this.#database.prepare('delete from namespaces where name = ?').run(namespace);
      if (gone.changes === 0) throw new OctavoError('namespace_not_found', namespace);
    });
  }

  async tables(namespace: string): Promise<readonly TableId[]> {
    await this.namespaceProperties(namespace);
    const rows = this.#database
      .prepare('select name from tables where namespace = ? order by name')
      .all(namespace);
    return rows.map((row) => ({ namespace, name: row['name'] as string }));
  }

  async load(id: TableId): Promise<LoadedTable> {
    for (let attempt = 0; ; attempt++) {
      const location = this.#location(id);
      if (location === undefined) throw new OctavoError('table_not_found', `${id.namespace}.${id.name}`);
      try {
        return { id, metadataLocation: location, metadata: await this.#read(location) };
      } catch (cause) {
        // An old file may have been removed by commits that came between; then the pointer has moved.
        if (!(cause instanceof OctavoError) || cause.code !== 'metadata_damaged') throw cause;
        if (attempt < loadAttemptsMax && this.#location(id) !== location) continue;
        const [good] = await this.readable(id);
        const offer = good === undefined ? 'no older file can be read' : `the last good file is ${good}`;
        throw new OctavoError('metadata_damaged', `${location}; ${offer}`, {
          cause,
          details: { table: `${id.namespace}.${id.name}`, path: location, lastGood: good },
        });
      }
    }
  }

  async readable(id: TableId): Promise<readonly string[]> {
    const rows = this.#database
      .prepare('select location from history where namespace = ? and name = ? order by position desc')
      .all(id.namespace, id.name);
    const good: string[] = [];
    for (const row of rows) {
      const location = row['location'] as string;
      const metadata = await readMetadataFile(this.#options.storage, location).catch(() => undefined);
      if (metadata !== undefined) good.push(location);
    }
    return good;
  }

  async commit(
    id: TableId,
    requirements: readonly TableRequirement[],
    updates: readonly TableUpdate[],
  ): Promise<LoadedTable> {
    const [table] = await this.commitAll([{ id, requirements, updates }]);
    return table as LoadedTable;
  }

  async commitAll(changes: readonly TableChange[]): Promise<readonly LoadedTable[]> {
    for (let attempt = 0; attempt < swapAttemptsMax; attempt++) {
      const prepared: PreparedChange[] = [];
      const written: PreparedChange[] = [];
      try {
        for (const change of changes) prepared.push(await this.#prepare(change));
        for (const change of prepared) {
          await this.#options.storage.create(change.table.metadataLocation, change.text);
          written.push(change);
        }
      } catch (error) {
        await this.#discard(written);
        if (error instanceof OctavoError && error.code === 'storage_exists') continue;
        throw error;
      }
      if (this.#swap(prepared)) {
        count('octavo_warehouse_commits_total', {}, prepared.length);
        for (const change of prepared) this.#remember(change.table);
        await this.#removeOld(prepared);
        return prepared.map((change) => change.table);
      }
      count('octavo_warehouse_commit_conflicts_total');
      await this.#discard(prepared);
    }
    throw new OctavoError('commit_conflict', `lost ${swapAttemptsMax} times against other writers`);
  }

  async stage(id: TableId, updates: readonly TableUpdate[]): Promise<LoadedTable> {
    if (this.#location(id) !== undefined) throw new OctavoError('table_exists', `${id.namespace}.${id.name}`);
    const { table } = await this.#prepare({ id, requirements: [{ type: 'assert-create' }], updates });
    return table;
  }

  async rename(from: TableId, to: TableId): Promise<void> {
    assertName(to.name, 'table');
    await this.namespaceProperties(to.namespace);
    transaction(this.#database, () => {
      if (this.#location(to) !== undefined)
        throw new OctavoError('table_exists', `${to.namespace}.${to.name}`);
      const moved = this.#database
        .prepare('update tables set namespace = ?, name = ? where namespace = ? and name = ?')
        .run(to.namespace, to.name, from.namespace, from.name);
      if (moved.changes === 0) throw new OctavoError('table_not_found', `${from.namespace}.${from.name}`);
      this.#database
        .prepare('delete from history where namespace = ? and name = ?')
        .run(to.namespace, to.name);
      this.#database
        .prepare('update history set namespace = ?, name = ? where namespace = ? and name = ?')
        .run(to.namespace, to.name, from.namespace, from.name);
    });
  }

  async register(
    id: TableId,
    metadataLocation: string,
    options: { readonly overwrite?: boolean } = {},
  ): Promise<LoadedTable> {
    assertName(id.name, 'table');
    await this.namespaceProperties(id.namespace);
    const location = localPath(metadataLocation);
    const metadata = await readMetadataFile(this.#options.storage, location);
    const previous = this.#location(id);
    if (previous !== undefined && options.overwrite !== true)
      throw new OctavoError('table_exists', `${id.namespace}.${id.name}`);
    const table = { id, metadataLocation: location, metadata };
    if (!this.#swap([{ id, previous, table }]))
      throw new OctavoError('commit_conflict', `${id.namespace}.${id.name}`);
    return table;
  }

  async drop(id: TableId, options: { readonly purge?: boolean } = {}): Promise<void> {
    const location = this.#location(id);
    if (location === undefined) throw new OctavoError('table_not_found', `${id.namespace}.${id.name}`);
    const metadata = options.purge === true ? await this.#read(location) : undefined;
    transaction(this.#database, () => {
      this.#database
        .prepare('delete from tables where namespace = ? and name = ?')
        .run(id.namespace, id.name);
      this.#database
        .prepare('delete from history where namespace = ? and name = ?')
        .run(id.namespace, id.name);
    });
    if (metadata !== undefined) await removeFolder(this.#options.storage, localPath(metadata.location), 0);
  }

  async close(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }

  async #prepare(change: TableChange): Promise<PreparedChange> {
    const { id } = change;
    await this.namespaceProperties(id.namespace);
    const previous = this.#location(id);
    const creates = change.requirements.some((requirement) => requirement.type === 'assert-create');
    if (previous === undefined && !creates)
      throw new OctavoError('table_not_found', `${id.namespace}.${id.name}`);
    if (previous === undefined) assertName(id.name, 'table');
    const base = previous === undefined ? undefined : (await this.load(id)).metadata;
    const metadata = applyUpdates(base, change.requirements, this.#withDefaults(id, base, change.updates), {
      nowMs: this.#options.clock.now(),
      ...(previous === undefined ? {} : { previousLocation: previous }),
    });
    const version = previous === undefined ? 0 : versionOf(previous) + 1;
    const text = formatMetadata(metadata);
    const file = `${String(version).padStart(5, '0')}-${this.#uuid()}${markOf(text)}.metadata.json`;
    const metadataLocation = `${localPath(metadata.location)}/metadata/${file}`;
    return { id, previous, table: { id, metadata, metadataLocation }, text };
  }

  #withDefaults(
    id: TableId,
    base: TableMetadata | undefined,
    updates: readonly TableUpdate[],
  ): readonly TableUpdate[] {
    if (base !== undefined) return updates;
    const has = (action: TableUpdate['action']): boolean =>
      updates.some((update) => update.action === action);
    const location = `${this.#options.warehouseFolder}/${id.namespace}/${id.name}`;
    return [
      ...(has('assign-uuid') ? [] : [{ action: 'assign-uuid' as const, uuid: this.#uuid() }]),
      ...(has('set-location') ? [] : [{ action: 'set-location' as const, location }]),
      ...updates,
    ];
  }

  #swap(changes: readonly Swap[]): boolean {
    const lost = new Error('lost the race');
    try {
      transaction(this.#database, () => {
        for (const { id, previous, table } of changes) {
          if (this.#location(id) !== previous) throw lost;
          this.#database
            .prepare(
              'insert into tables values (?, ?, ?) on conflict do update set location = excluded.location',
            )
            .run(id.namespace, id.name, table.metadataLocation);
          if (previous !== undefined) {
            this.#database
              .prepare(
                `insert into history select ?1, ?2, coalesce(max(position), 0) + 1, ?3 from history where namespace = ?1 and name = ?2`,
              )
              .run(id.namespace, id.name, previous);
          }
        }
      });
      return true;
    } catch (error) {
      if (error === lost) return false;
      throw error;
    }
  }

  async #discard(changes: readonly PreparedChange[]): Promise<void> {
    for (const { table } of changes)
      await this.#options.storage.remove(table.metadataLocation).catch(() => undefined);
  }

  // Files that left the metadata log are of no use to anyone; a failure here only leaves them lying.
  async #removeOld(changes: readonly PreparedChange[]): Promise<void> {
    for (const { id, table } of changes) {
      const kept = new Set(table.metadata['metadata-log'].map((entry) => entry['metadata-file']));
      const rows = this.#database
        .prepare(
          'select position, location from history where namespace = ? and name = ? order by position desc limit -1 offset ?',
        )
        .all(id.namespace, id.name, historyMax);
      for (const row of rows) {
        const location = row['location'] as string;
        if (!kept.has(location))
          await this.#options.storage.remove(localPath(location)).catch(() => undefined);
        this.#database
          .prepare('delete from history where namespace = ? and name = ? and position = ?')
          .run(id.namespace, id.name, row['position'] as number);
      }
    }
  }

  #location(id: TableId): string | undefined {
    const row = this.#database
      .prepare('select location from tables where namespace = ? and name = ?')
      .get(id.namespace, id.name);
    return row?.['location'] as string | undefined;
  }

  async #read(location: string): Promise<TableMetadata> {
    const known = this.#cache.get(location);
    if (known !== undefined) return known;
    const metadata = await readMetadataFile(this.#options.storage, location);
    this.#remember({ metadataLocation: location, metadata });
    return metadata;
  }

  #remember(table: Pick<LoadedTable, 'metadataLocation' | 'metadata'>): void {
    const oldest = this.#cache.keys().next();
    if (this.#cache.size >= metadataCachedMax && oldest.done !== true) this.#cache.delete(oldest.value);
    this.#cache.set(table.metadataLocation, table.metadata);
  }

  #uuid(): string {
    return uuidv7({ nowMs: this.#options.clock.now(), next: () => this.#options.random.next() });
  }
}

function versionOf(location: string): number {
  return Number(/(\d+)-[^/]*\.metadata\.json$/.exec(location)?.[1] ?? 0);
}

function assertName(name: string, what: string): void {
  if (!/^[^./\\\0][^/\\\0]{0,127}$/.test(name))
    throw new OctavoError('argument_invalid', `'${name}' is no name for a ${what}`);
}

async function removeFolder(storage: Storage, folder: string, depth: number): Promise<void> {
  if (depth > folderDepthMax) return;
  for (const entry of await storage.list(folder)) {
    if (entry.directory) await removeFolder(storage, `${folder}/${entry.name}`, depth + 1);
    else await storage.remove(`${folder}/${entry.name}`);
  }
}

const loadAttemptsMax = 5;
const swapAttemptsMax = 20;
const metadataCachedMax = 256;
const historyMax = 100;
const folderDepthMax = 8;
