import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  isDatabaseDamage,
  OctavoError,
  suggestion,
  uuidv7,
  type BusinessDay,
  type Logger,
  type Storage,
} from '../../base/index.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import type { Warehouse, Written } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import type { ControlTotals } from './control-totals.ts';
import { placeRows } from './place-rows.ts';

/** How one table of a database is extracted. */
export interface SqliteTable {
  /** `incremental`: rows beyond the last cursor value. `full`: the whole table, replaced. */
  readonly mode: 'incremental' | 'full';
  readonly cursor?: string;
  /** Column whose instant decides the business day. */
  readonly time?: string;
  readonly control: readonly string[];
  readonly personal: readonly string[];
}

/** A SQLite database that others write. */
export interface SqliteSource {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly tables: Readonly<Record<string, SqliteTable>>;
}

const pageRows = 20_000;

/** Extracts one table of the source in one consistent read of it; rows and cursor are one commit. Returns the rows written. */
export async function extractSqlite(
  warehouse: Warehouse,
  source: SqliteSource,
  name: string,
  options: { readonly log: Logger; readonly signal?: AbortSignal },
): Promise<number> {
  return await reading(source, async (database) => {
    database.exec('begin');
    const table = source.tables[name];
    if (table === undefined)
      throw new OctavoError('source_invalid', `sources.${source.name} declares no table '${name}'`);
    const target = `raw.${source.name}_${name}`;
    const written = await extractTable(warehouse, database, source, name, table, options.signal);
    const rows = written?.recordCount ?? 0;
    options.log.debug('extracted', { table: target, rows });
    return rows;
  });
}

/** The source's own count and sums of a table's rows of a day, straight from its database; undefined for a table without a time. */
export async function sqliteTotals(
  warehouse: Warehouse,
  source: SqliteSource,
  name: string,
  day: BusinessDay,
): Promise<ControlTotals | undefined> {
  const table = source.tables[name];
  if (table?.time === undefined) return undefined;
  const { startMs, endMs } = warehouse.calendar.intervalOf(day);
  const sums = table.control.map(
    (column) => `, group_concat(cast(${quoteName(column)} as text), ' ') as ${quoteName(column)}`,
  );
  const instant = `unixepoch(${quoteName(table.time)}, 'subsec')`;
  const select = `select count(*) as "octavo_rows"${sums.join('')} from ${quoteName(name)} where ${instant} >= ? and ${instant} < ?`;
  const row = await reading(source, (database) => database.prepare(select).get(startMs / 1000, endMs / 1000));
  const totals = table.control.map((column) => [column, sumOf(String(row?.[column] ?? ''))] as const);
  return {
    table: `raw.${source.name}_${name}`,
    day,
    rows: Number(row?.['octavo_rows']),
    sums: Object.fromEntries(totals),
  };
}

/** Sums decimals written with a blank between them, exactly to four places. */
function sumOf(texts: string): string {
  let units = 0n;
  for (const text of texts === '' ? [] : texts.split(' ')) units += BigInt(Math.round(Number(text) * 10_000));
  const whole = units / 10_000n;
  const rest = (units < 0n ? -units : units) % 10_000n;
  return `${units < 0n && whole === 0n ? '-' : ''}${whole}.${String(rest).padStart(4, '0')}`;
}

/** Runs on the source's database. Errors: `source_invalid` when it cannot be opened, `source_unreadable` when it is damaged. */
async function reading<T>(source: SqliteSource, run: (database: DatabaseSync) => Promise<T> | T): Promise<T> {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(source.path, { readOnly: true, timeout: 10_000 });
  } catch (cause) {
    throw new OctavoError('source_invalid', `sources.${source.name}.path: ${source.path} cannot be opened`, {
      cause,
    });
  }
  try {
    return await run(database);
  } catch (cause) {
    if (!isDatabaseDamage(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OctavoError('source_unreadable', `sources.${source.name}: ${source.path}: ${reason}`, {
      cause,
      details: { file: source.path },
    });
  } finally {
    database.close();
  }
}

async function extractTable(
  warehouse: Warehouse,
  database: DatabaseSync,
  source: SqliteSource,
  name: string,
  table: SqliteTable,
  signal: AbortSignal | undefined,
): Promise<Omit<Written, 'pins'> | undefined> {
  const target = `raw.${source.name}_${name}`;
  const columns = columnsOf(database, source, name, table);
  const cursorKey = 'octavo.cursor';
  const known = await warehouse.table(target);
  const cursor = table.mode === 'incremental' ? table.cursor : undefined;
  const after = cursor === undefined ? undefined : known?.metadata.properties[cursorKey];
  const list = columns.map((column) => quoteName(column.name)).join(', ');
  const where = after === undefined ? '' : ` where ${quoteName(cursor as string)} > ?`;
  const order = cursor === undefined ? '' : ` order by ${quoteName(cursor)}`;
  const statement = database.prepare(`select ${list} from ${quoteName(name)}${where}${order}`);
  statement.setReadBigInts(true);
  const path = join(
    warehouse.engine.scratch,
    `${uuidv7({ nowMs: warehouse.context.clock.now(), next: () => warehouse.context.random.next() })}.ndjson`,
  );
  try {
    const cursorType = columns.find((column) => column.name === cursor)?.type;
    const bound = after === undefined ? [] : [cursorValue(after, cursorType)];
    const { rowCount, lastRow } = await writeLines(
      warehouse.context.storage,
      path,
      statement.iterate(...bound),
    );
    const last = cursor === undefined ? undefined : lastRow?.[cursor];
    if (rowCount === 0 && table.mode === 'incremental' && known !== undefined) return undefined;
    return await warehouse.engine.session(
      async (session) => {
        const types = columns
          .map((column) => `${quoteText(column.name)}: ${quoteText(column.type as string)}`)
          .join(', ');
        await session.run(
          `create temp table extracted as select * from read_json(${quoteText(path)}, format = 'newline_delimited', columns = {${types}})`,
        );
        if (table.time !== undefined) {
          await session.run(
            `create temp view timed as select *, cast(${quoteName(table.time)} as timestamptz) as octavo_at from extracted`,
          );
          await placeRows(session, warehouse, 'timed');
        }
        return warehouse.writeIn(session, target, {
          select:
            table.time === undefined ? 'select * from extracted' : 'select * exclude (octavo_at) from placed',
          mode: table.mode === 'full' ? 'replace' : 'append',
          columns,
          ...(last === undefined || last === null ? {} : { properties: { [cursorKey]: String(last) } }),
          ...(cursor === undefined
            ? {}
            : { expectedSnapshotId: known?.metadata['current-snapshot-id'] ?? null }),
          ...(signal === undefined ? {} : { signal }),
        });
      },
      signal === undefined ? {} : { signal },
    );
  } finally {
    await warehouse.context.storage.remove(path).catch(() => undefined);
  }
}

/** The cursor as its column has it: SQLite compares numbers and texts by their own rules. */
function cursorValue(text: string, type: string | undefined): bigint | number | string {
  if (type === 'BIGINT' && /^-?\d+$/.test(text)) return BigInt(text);
  return type === 'VARCHAR' || !Number.isFinite(Number(text)) ? text : Number(text);
}

async function writeLines(
  storage: Storage,
  path: string,
  rows: Iterable<Readonly<Record<string, unknown>>>,
): Promise<{
  readonly rowCount: number;
  readonly lastRow: Readonly<Record<string, unknown>> | undefined;
}> {
  const file = await storage.append(path);
  let rowCount = 0;
  let lastRow: Readonly<Record<string, unknown>> | undefined;
  try {
    let lines: string[] = [];
    for (const row of rows) {
      lines.push(
        JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      );
      rowCount += 1;
      lastRow = row;
      if (lines.length < pageRows) continue;
      await file.append(Buffer.from(`${lines.join('\n')}\n`));
      lines = [];
    }
    if (lines.length > 0) await file.append(Buffer.from(`${lines.join('\n')}\n`));
  } finally {
    await file.close();
  }
  return { rowCount, lastRow };
}

function columnsOf(
  database: DatabaseSync,
  source: SqliteSource,
  name: string,
  table: SqliteTable,
): readonly DeclaredColumn[] {
  const info = database.prepare(`select name, type from pragma_table_info(?)`).all(name) as {
    name: string;
    type: string;
  }[];
  if (info.length === 0) {
    const tables = database
      .prepare(`select name from sqlite_schema where type in ('table', 'view')`)
      .all()
      .map((row) => String(row['name']));
    throw new OctavoError(
      'source_invalid',
      `sources.${source.name}.tables.${name}: the database has no such table${suggestion(name, tables)}`,
    );
  }
  const names = info.map((column) => column.name);
  for (const named of [table.cursor, table.time, ...table.control, ...table.personal]) {
    if (named !== undefined && !names.includes(named)) {
      throw new OctavoError(
        'source_invalid',
        `sources.${source.name}.tables.${name}: no column '${named}'${suggestion(named, names)}`,
      );
    }
  }
  return info.map((column) => ({
    name: column.name,
    type: typeOf(column.type),
    personal: table.personal.includes(column.name),
  }));
}

/** SQLite's own rule of affinity, with the widths that hold every value. */
function typeOf(declared: string): string {
  const type = declared.toUpperCase();
  const decimal = /(?:DECIMAL|NUMERIC)\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)/.exec(type);
  if (decimal !== null) return `DECIMAL(${decimal[1]},${decimal[2]})`;
  if (type.includes('INT')) return 'BIGINT';
  if (/CHAR|CLOB|TEXT/.test(type) || type === '') return 'VARCHAR';
  return /REAL|FLOA|DOUB|NUMERIC|DECIMAL/.test(type) ? 'DOUBLE' : 'VARCHAR';
}
