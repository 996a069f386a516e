import { join } from 'node:path';
import {
  OctavoError,
  suggestion,
  type BusinessDay,
  type Calendar,
  type Clock,
  type Random,
  type Storage,
} from '../base/index.ts';
import type { FullCatalog } from './catalog/full-catalog.ts';
import { createSqliteCatalog } from './catalog/sqlite-catalog.ts';
import type { LoadedTable, Pins, TableId } from './catalog-port.ts';
import { DataGuard } from './data-guard.ts';
import { createDuckdbEngine, type DuckdbEngine, type SessionOptions } from './duckdb/engine.ts';
import type { DuckdbSession } from './duckdb/session.ts';
import { quoteName } from './duckdb/types.ts';
import type { ColumnarResult, QueryOptions, QueryResult } from './engine-port.ts';
import { ensureTable } from './ensure-table.ts';
import type { TableContext } from './iceberg/commit-options.ts';
import type { DataFileInput } from './iceberg/data-file.ts';
import { currentSchema, defaultSpec, type Snapshot } from './iceberg/metadata.ts';
import type { ScanFilter, ScanPlan } from './iceberg/scan.ts';
import { createTableFiles } from './iceberg/table-files.ts';
import { append, replaceAll, replaceDays, replaceFiles } from './iceberg/verbs.ts';
import { findReferences, type DayRange } from './sql-references.ts';
import { parseTableName, tableName } from './table-name.ts';
import { filesSelect } from './table-view.ts';
import { personalColumns, personalOf } from './personal.ts';
import type {
  CommitWrite,
  PrepareOptions,
  TableQueryOptions,
  TableWrite,
  Warehouse,
  Written,
} from './warehouse-port.ts';
import { sealedPrefix } from './warehouse-port.ts';
import { castList, type DeclaredColumn } from './write-columns.ts';
import { writeFiles, type FilePart } from './write-files.ts';

/** What a warehouse is opened with. */
export interface WarehouseOptions {
  /** Data folder: tables in `warehouse/`, the catalogue in `catalog.db`, intermediate files in `scratch/`. Absolute. */
  readonly root: string;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly calendar: Calendar;
  /** Memory of each of the engine's processes. Default `1GB`. */
  readonly memory?: string;
  /** Threads of each of them. Default: the cores, shared among them. */
  readonly threads?: number;
  /** Engine processes, which is queries at the same time. Default 2. */
  readonly processesMax?: number;
  /** Folders beside the warehouse that sources are read from. */
  readonly sourceFolders?: readonly string[];
  /** Default 600,000. */
  readonly queryTimeoutMs?: number;
  /** An engine that others use too, instead of one of its own; it is not closed with the warehouse. */
  readonly engine?: DuckdbEngine;
}

/** Opens the warehouse of a data folder, making what is missing. */
export async function openWarehouse(options: WarehouseOptions): Promise<Warehouse> {
  const { root, storage, clock, random } = options;
  const [folder, scratch] = [join(root, 'warehouse'), join(root, 'scratch')];
  await storage.makeDirectory(folder);
  await storage.makeDirectory(scratch);
  const catalog = createSqliteCatalog({
    path: join(root, 'catalog.db'),
    warehouseFolder: folder,
    storage,
    clock,
    random,
  });
  const engine =
    options.engine ??
    createDuckdbEngine({
      scratch,
      directories: [folder, ...(options.sourceFolders ?? [])],
      memory: options.memory ?? '1GB',
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      processesMax: options.processesMax ?? 2,
    });
  const files = createTableFiles(storage);
  return new IcebergWarehouse({ catalog, storage, files, clock, random }, catalog, engine, options);
}

const engineSchemas = new Set(['information_schema', 'pg_catalog']);

class IcebergWarehouse implements Warehouse {
  readonly calendar: Calendar;
  readonly catalog: FullCatalog;
  readonly engine: DuckdbEngine;
  readonly context: TableContext;
  readonly root: string;
  readonly #timeoutMs: number | undefined;
  readonly #ownsEngine: boolean;
  readonly #guard: DataGuard;

  constructor(context: TableContext, catalog: FullCatalog, engine: DuckdbEngine, options: WarehouseOptions) {
    this.context = context;
    this.catalog = catalog;
    this.engine = engine;
    this.calendar = options.calendar;
    this.root = options.root;
    this.#timeoutMs = options.queryTimeoutMs;
    this.#ownsEngine = options.engine === undefined;
    this.#guard = new DataGuard(context);
  }

  async pin(names?: readonly string[]): Promise<Pins> {
    const loaded =
      names === undefined ? await this.tables() : await Promise.all(names.map((name) => this.table(name)));
    return Object.fromEntries(
      loaded.flatMap((table) => {
        const id = table?.metadata['current-snapshot-id'];
        return table === undefined || id === undefined ? [] : [[tableName(table.id), id] as const];
      }),
    );
  }

  query(sql: string, options: TableQueryOptions = {}): Promise<QueryResult & { readonly pins: Pins }> {
    return this.engine.session(async (session) => {
      const pins = await this.prepare(session, sql, options);
      return { ...(await session.query(sql, options)), pins };
    }, this.#limits(options));
  }

  queryColumns(
    sql: string,
    options: TableQueryOptions = {},
  ): Promise<ColumnarResult & { readonly pins: Pins }> {
    return this.engine.session(async (session) => {
      const pins = await this.prepare(session, sql, options);
      return { ...(await session.queryColumns(sql, options)), pins };
    }, this.#limits(options));
  }

  async write(name: string, write: TableWrite): Promise<Written> {
    if (write.mode === 'replace-days' && (write.days ?? []).length === 0) {
      throw new OctavoError('argument_invalid', `replace-days of ${name} needs its days`);
    }
    return this.engine.session(async (session) => {
      const pins = await this.prepare(session, write.select, write);
      return { ...(await this.writeIn(session, name, write)), pins };
    }, this.#limits(write));
  }

  async writeIn(session: DuckdbSession, name: string, write: TableWrite): Promise<Omit<Written, 'pins'>> {
    const id = parseTableName(name);
    const select = write.select.trim().replace(/;\s*$/, '');
    const [kind, rows] = write.stored === true ? ['view', 'stored'] : ['table', 'selected'];
    const make = `create or replace temp ${kind} ${rows} as\n${select}\n`;
    const describe = `describe ${rows}`;
    if (write.parameters !== undefined) await session.run(make, { parameters: write.parameters });
    const described = await session.query(
      write.parameters === undefined ? `${make};\n${describe}` : describe,
      { small: true },
    );
    const selected = described.rows.map((row) => ({
      name: String(row.column_name),
      type: String(row.column_type),
    }));
    const table = await this.ensureTable(name, write.columns ?? [], selected, { widen: write.widen });
    const schema = currentSchema(table.metadata);
    const daily = defaultSpec(table.metadata).fields.length > 0;
    const written = `select ${castList(schema, selected)} from ${rows}`;
    const parts = await makeWritten(session, written, daily);
    if (daily) await this.#checkDays(parts, name, write);
    await write.check?.(session);
    const files = await writeFiles(session, this.context, {
      relation: 'written',
      schema,
      folder: join(table.metadata.location.replace(/^file:(\/\/)?(?=\/)/, ''), 'data'),
      parts,
      ...(write.orderBy === undefined ? {} : { orderBy: write.orderBy }),
    });
    const properties = { ...personalOf(write.columns, selected, write.personalBelow), ...write.properties };
    const snapshotId = await this.#commit(id, files, { ...write, properties });
    const recordCount = files.reduce((sum, file) => sum + file.recordCount, 0);
    return { snapshotId, recordCount, fileCount: files.length };
  }

  async appendFiles(name: string, files: readonly DataFileInput[], write: CommitWrite): Promise<bigint> {
    return this.#commit(parseTableName(name), files, { ...write, mode: 'append' });
  }

  /** Commits files that were written; they are removed when it fails. */
  async #commit(
    id: TableId,
    files: readonly DataFileInput[],
    write: CommitWrite & Pick<TableWrite, 'mode' | 'files' | 'days' | 'token' | 'fence' | 'readSnapshotId'>,
  ): Promise<bigint> {
    const commit = {
      onConflict: 'replace' as const,
      properties: write.properties ?? {},
      ...(write.summary === undefined ? {} : { summary: write.summary }),
      ...(write.token === undefined ? {} : { fence: { name: write.fence ?? 'default', token: write.token } }),
      ...(write.expectedSnapshotId === undefined ? {} : { expectedSnapshotId: write.expectedSnapshotId }),
      ...(write.agrees === undefined ? {} : { agrees: write.agrees }),
      ...(write.readSnapshotId === undefined ? {} : { readSnapshotId: write.readSnapshotId }),
      ...(write.signal === undefined ? {} : { signal: write.signal }),
    };
    const verb =
      write.mode === 'append'
        ? append(this.context, id, files, commit)
        : write.mode === 'replace'
          ? replaceAll(this.context, id, files, commit)
          : write.mode === 'replace-files'
            ? replaceFiles(this.context, id, write.files ?? [], files, commit)
            : replaceDays(this.context, id, write.days ?? [], files, commit);
    try {
      return (await verb).snapshotId;
    } catch (error) {
      for (const file of files) await this.context.storage.remove(file.path).catch(() => undefined);
      throw error;
    }
  }

  async table(name: string): Promise<LoadedTable | undefined> {
    try {
      return await this.catalog.load(parseTableName(name));
    } catch (error) {
      if (
        error instanceof OctavoError &&
        (error.code === 'table_not_found' || error.code === 'namespace_not_found')
      )
        return undefined;
      throw error;
    }
  }

  async tables(): Promise<readonly LoadedTable[]> {
    const ids = (
      await Promise.all((await this.catalog.namespaces()).map((namespace) => this.catalog.tables(namespace)))
    ).flat();
    return Promise.all(ids.map((id) => this.catalog.load(id)));
  }

  async isSealed(day: BusinessDay): Promise<boolean> {
    return (await this.table('raw.events'))?.metadata.properties[`${sealedPrefix}${day}`] !== undefined;
  }

  async sealedDays(): Promise<readonly BusinessDay[]> {
    const properties = (await this.table('raw.events'))?.metadata.properties ?? {};
    return Object.keys(properties)
      .filter((key) => key.startsWith(sealedPrefix))
      .map((key) => key.slice(sealedPrefix.length))
      .toSorted();
  }

  async prepare(session: DuckdbSession, sql: string, options: PrepareOptions = {}): Promise<Pins> {
    const references = await findReferences(session, sql, options.parameters);
    if (references.statementCount !== 1)
      throw new OctavoError('query_refused', `${references.statementCount} statements, one can run`);
    const [unqualified] = references.unqualified;
    if (unqualified !== undefined) throw await this.#unknownTable(unqualified);
    const pins: Record<string, bigint> = {};
    const schemas = new Set<string>();
    const views: string[] = [];
    for (const [name, range] of references.tables) {
      const id = parseTableName(name);
      if (engineSchemas.has(id.namespace)) continue;
      const table = await this.table(name);
      if (table === undefined) throw await this.#unknownTable(name);
      const pinned = options.pins?.[name];
      const plan = await this.#guard.plan(table, {
        ...(pinned === undefined ? {} : { snapshotId: pinned }),
        filters: dayFilters(table, range),
      });
      if (plan.snapshot !== undefined) pins[name] = plan.snapshot['snapshot-id'];
      await this.#guard.check(table, plan.files, options.verifyBytesMax);
      const hidden = options.hidePersonal === true ? personalColumns(table) : [];
      const paths = plan.files.map((file) => file.path);
      const schema = quoteName(id.namespace);
      let select = filesSelect(plan.schema, paths, hidden);
      const { keep } = options;
      if (keep?.tables.includes(name) === true && plan.recordCount <= keep.rowsMax) {
        const kept = `${schema}.${quoteName(`${id.name} rows`)}`;
        views.push(`create or replace table ${kept} as ${select}`);
        select = `select * from ${kept}`;
      }
      schemas.add(`create schema if not exists ${schema}`);
      views.push(`create or replace view ${schema}.${quoteName(id.name)} as ${select}`);
    }
    if (views.length > 0) await session.run([...schemas, ...views].join(';\n'));
    return pins;
  }

  async scan(table: LoadedTable, filters: readonly ScanFilter[]): Promise<ScanPlan> {
    const plan = await this.#guard.plan(table, { filters });
    await this.#guard.check(table, plan.files);
    return plan;
  }

  planScan(table: LoadedTable): Promise<ScanPlan> {
    return this.#guard.plan(table, {});
  }

  lastGood(table: LoadedTable): Promise<Snapshot | undefined> {
    return this.#guard.lastGood(table);
  }

  ensureTable(
    name: string,
    declared: readonly DeclaredColumn[],
    selected?: QueryResult['columns'],
    options: { readonly widen?: boolean | undefined } = {},
  ): Promise<LoadedTable> {
    const find = (): Promise<LoadedTable | undefined> => this.table(name);
    return ensureTable({ context: this.context, find, name, declared, selected, widen: options.widen });
  }

  async close(): Promise<void> {
    if (this.#ownsEngine) await this.engine.close();
    await this.catalog.close();
  }

  async #checkDays(parts: readonly FilePart[], name: string, write: TableWrite): Promise<void> {
    const days = parts.map((part) => part.day);
    if (days.includes(undefined))
      throw new OctavoError('query_invalid', `rows for ${name} have no business_day`);
    if (write.mode === 'replace-days') {
      const stray = days.find((day) => day === undefined || write.days?.includes(day) !== true);
      if (stray !== undefined)
        throw new OctavoError(
          'query_invalid',
          `rows for ${name} are of ${stray}, only ${write.days?.join(', ')} are replaced`,
        );
    }
    if (write.sealing === true || !name.startsWith('raw.') || write.mode === 'replace') return;
    const touched = new Set([...days, ...(write.mode === 'replace-days' ? (write.days ?? []) : [])]);
    const sealed = (await this.sealedDays()).find((day) => touched.has(day));
    if (sealed !== undefined && !openTables.has(name))
      throw new OctavoError('day_sealed', `${sealed} of ${name}`);
  }

  async #unknownTable(name: string): Promise<OctavoError> {
    const known = (await this.tables()).map((table) => tableName(table.id));
    const bare = known.find((other) => other.split('.')[1] === name);
    const hint = bare === undefined ? suggestion(name, known) : `, did you mean '${bare}'?`;
    return new OctavoError('table_not_found', `'${name}'${hint}`);
  }

  #limits(options: Pick<QueryOptions, 'timeoutMs' | 'signal'>): SessionOptions {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    return {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
  }
}

/** Makes the view `written` of the rows in their stored types, and counts them by what becomes a file of its own. */
async function makeWritten(
  session: DuckdbSession,
  select: string,
  daily: boolean,
): Promise<readonly FilePart[]> {
  const count = daily
    ? 'select business_day as d, count(*) as c from written group by 1 order by 1'
    : 'select count(*) as c from written';
  const { rows } = await session.query(`create or replace temp view written as ${select};\n${count}`, {
    rowsMax: daysMax,
    small: true,
  });
  return rows
    .map((row) => ({
      ...(row.d === null || row.d === undefined ? {} : { day: String(row.d) }),
      rowCount: Number(row.c),
    }))
    .filter((part) => part.rowCount > 0);
}

const daysMax = 1_000_000;

// What is said about days after they are sealed.
const openTables = new Set(['raw.seals', 'raw.failed_events', 'raw.rejected_rows']);

function dayFilters(table: LoadedTable, range: DayRange): readonly ScanFilter[] {
  const day = currentSchema(table.metadata).fields.find((field) => field.name === 'business_day');
  if (day?.type !== 'date') return [];
  return [
    ...(range.from === undefined
      ? []
      : [{ column: 'business_day', operator: '>=' as const, value: range.from }]),
    ...(range.to === undefined ? [] : [{ column: 'business_day', operator: '<=' as const, value: range.to }]),
  ];
}
