import { count, OctavoError, uuidv7, type Clock, type Random, type Storage } from '../../base/index.ts';
import type { LoadedTable, TableId } from '../catalog-port.ts';
import { markOf } from '../iceberg/checksum.ts';
import { localPath } from '../iceberg/data-file.ts';
import type { TableMetadata, TableRequirement, TableUpdate } from '../iceberg/metadata.ts';
import { applyUpdates } from '../iceberg/metadata-update.ts';
import { CatalogDatabase, type TableMove } from './catalog-database.ts';
import type { FullCatalog, TableChange } from './full-catalog.ts';
import { formatMetadata, readMetadataFile } from './metadata-file.ts';

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

interface PreparedChange extends TableMove {
  readonly table: LoadedTable;
  /** The metadata file's contents. */
  readonly text: string;
}

/** A catalogue whose table pointers live in SQLite and whose metadata are files. */
export function createSqliteCatalog(options: SqliteCatalogOptions): FullCatalog {
  return new SqliteCatalog(options);
}

class SqliteCatalog implements FullCatalog {
  readonly #options: SqliteCatalogOptions;
  readonly #database: CatalogDatabase;
  readonly #cache = new Map<string, TableMetadata>();

  constructor(options: SqliteCatalogOptions) {
    this.#options = options;
    this.#database = new CatalogDatabase(options.path);
  }

  async namespaces(): Promise<readonly string[]> {
    return this.#database.namespaces();
  }

  async createNamespace(namespace: string, properties: Readonly<Record<string, string>> = {}): Promise<void> {
    assertName(namespace, 'namespace');
    this.#database.addNamespace(namespace, properties);
  }

  async namespaceProperties(namespace: string): Promise<Readonly<Record<string, string>>> {
    return this.#database.namespaceProperties(namespace);
  }

  async setNamespaceProperties(
    namespace: string,
    properties: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.#database.setNamespaceProperties(namespace, properties);
  }

  async dropNamespace(namespace: string): Promise<void> {
    this.#database.dropNamespace(namespace);
  }

  async tables(namespace: string): Promise<readonly TableId[]> {
    return this.#database.tables(namespace);
  }

  async load(id: TableId): Promise<LoadedTable> {
    for (let attempt = 0; ; attempt++) {
      const location = this.#database.location(id);
      if (location === undefined) throw new OctavoError('table_not_found', `${id.namespace}.${id.name}`);
      try {
        return { id, metadataLocation: location, metadata: await this.#read(location) };
      } catch (cause) {
        // An old file may have been removed by commits that came between; then the pointer has moved.
        if (!(cause instanceof OctavoError) || cause.code !== 'metadata_damaged') throw cause;
        if (attempt < loadAttemptsMax && this.#database.location(id) !== location) continue;
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
    const good: string[] = [];
    for (const { location } of this.#database.past(id)) {
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
      if (this.#database.move(prepared)) {
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
    if (this.#database.location(id) !== undefined)
      throw new OctavoError('table_exists', `${id.namespace}.${id.name}`);
    const { table } = await this.#prepare({ id, requirements: [{ type: 'assert-create' }], updates });
    return table;
  }

  async rename(from: TableId, to: TableId): Promise<void> {
    assertName(to.name, 'table');
    this.#database.rename(from, to);
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
    const previous = this.#database.location(id);
    if (previous !== undefined && options.overwrite !== true)
      throw new OctavoError('table_exists', `${id.namespace}.${id.name}`);
    const table = { id, metadataLocation: location, metadata };
    if (!this.#database.move([{ id, previous, table }]))
      throw new OctavoError('commit_conflict', `${id.namespace}.${id.name}`);
    return table;
  }

  async drop(id: TableId, options: { readonly purge?: boolean } = {}): Promise<void> {
    const location = this.#database.location(id);
    if (location === undefined) throw new OctavoError('table_not_found', `${id.namespace}.${id.name}`);
    const metadata = options.purge === true ? await this.#read(location) : undefined;
    this.#database.remove(id);
    if (metadata !== undefined) await removeFolder(this.#options.storage, localPath(metadata.location), 0);
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  async #prepare(change: TableChange): Promise<PreparedChange> {
    const { id } = change;
    await this.namespaceProperties(id.namespace);
    const previous = this.#database.location(id);
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

  async #discard(changes: readonly PreparedChange[]): Promise<void> {
    for (const { table } of changes)
      await this.#options.storage.remove(table.metadataLocation).catch(() => undefined);
  }

  // Files that left the metadata log are of no use to anyone; a failure here only leaves them lying.
  async #removeOld(changes: readonly PreparedChange[]): Promise<void> {
    for (const { id, table } of changes) {
      const kept = new Set(table.metadata['metadata-log'].map((entry) => entry['metadata-file']));
      for (const { position, location } of this.#database.past(id, historyMax)) {
        if (!kept.has(location))
          await this.#options.storage.remove(localPath(location)).catch(() => undefined);
        this.#database.forget(id, position);
      }
    }
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
