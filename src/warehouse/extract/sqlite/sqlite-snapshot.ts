import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isDatabaseDamage, OctavoError, type SqliteSourceConfig } from '../../../base/index.ts';
import { quoteName, quoteText } from '../../duckdb/types.ts';
import type { DatabaseSnapshot, DatabaseTable, LinesOptions, TextRow } from '../database-port.ts';
import { linesBytes, RowLineWriter, type RowLines } from '../row-lines.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { sqliteColumn, sqliteText } from './sqlite-types.ts';

const busyTimeoutMs = 10_000;

/** Opens one consistent read of a SQLite database that others write. */
export function openSqliteSnapshot(name: string, source: SqliteSourceConfig): DatabaseSnapshot {
  const failed = (cause: unknown): unknown => sqliteError(name, source.path, cause);
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(source.path, { readOnly: true, timeout: busyTimeoutMs });
  } catch (cause) {
    throw new OctavoError('source_invalid', `sources.${name}.path: ${source.path} cannot be opened`, {
      cause,
    });
  }
  const snapshot = new SqliteSnapshot(database, failed);
  try {
    snapshot.begin();
    return snapshot;
  } catch (cause) {
    database.close();
    throw failed(cause);
  }
}

class SqliteSnapshot implements DatabaseSnapshot {
  readonly dialect = sqliteDialect;
  readonly server = `SQLite ${process.versions.sqlite}`;
  readonly #database: DatabaseSync;
  readonly #failed: (cause: unknown) => unknown;

  constructor(database: DatabaseSync, failed: (cause: unknown) => unknown) {
    this.#database = database;
    this.#failed = failed;
  }

  begin(): void {
    this.#database.aggregate('octavo_sum', {
      start: () => 0n,
      step: (sum, text) => sum + unitsOf(text),
      result: decimalOf,
    });
    this.#database.exec('begin');
    // The first statement decides which moment it is.
    this.#database.prepare('select count(*) from sqlite_schema').get();
  }

  async tables(): Promise<readonly string[]> {
    const rows = await this.rows(
      `select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%' order by name`,
    );
    return rows.map(([name]) => name ?? '');
  }

  async describe(name: string): Promise<DatabaseTable | undefined> {
    const info = await this.rows(
      `select name, type, pk from pragma_table_info(${quoteText(name)}) order by cid`,
    );
    if (info.length === 0) return undefined;
    const sql = quoteName(name);
    const key = info
      .filter(([, , place]) => place !== '0')
      .toSorted((a, b) => Number(a[2]) - Number(b[2]))
      .map(([column]) => column ?? '');
    // Against the standard a primary key may hold nulls, which then identify nothing.
    const isNull = key.map((column) => `${quoteName(column)} is null`).join(' or ');
    const nulls = key.length === 0 ? [] : await this.rows(`select 1 from ${sql} where ${isNull} limit 1`);
    return {
      sql,
      schema: 'main',
      name,
      columns: info.map(([column, type]) => sqliteColumn(column ?? '', type ?? '')),
      key: nulls.length > 0 ? [] : key,
    };
  }

  async rows(sql: string, signal?: AbortSignal): Promise<readonly TextRow[]> {
    signal?.throwIfAborted();
    return Promise.resolve([...this.#rows(sql)]);
  }

  async *lines(sql: string, { signal }: LinesOptions = {}): AsyncIterable<RowLines> {
    signal?.throwIfAborted();
    const writer = new RowLineWriter();
    for (const row of this.#rows(sql)) {
      writer.row(row);
      if (writer.sizeBytes < linesBytes) continue;
      const lines = writer.take();
      if (lines !== undefined) yield lines;
      signal?.throwIfAborted();
    }
    const rest = writer.take();
    if (rest !== undefined) yield rest;
    await Promise.resolve();
  }

  *#rows(sql: string): Iterable<TextRow> {
    try {
      const statement = this.#prepare(sql);
      const blobs = statement.columns().map(({ type }) => /BLOB/i.test(type ?? ''));
      for (const row of statement.iterate() as Iterable<unknown>)
        yield (row as readonly unknown[]).map((value, index) => sqliteText(value, blobs[index] === true));
    } catch (cause) {
      throw this.#failed(cause);
    }
  }

  log(): never {
    throw new OctavoError('source_log_unusable', 'SQLite has no change log');
  }

  async close(): Promise<void> {
    this.abort();
    await Promise.resolve();
  }

  abort(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  }
}

const places = 10_000;

/** A number's text in units of four places. */
function unitsOf(text: unknown): bigint {
  if (typeof text !== 'string') return 0n;
  return /^-?\d+$/.test(text) ? BigInt(text) * BigInt(places) : BigInt(Math.round(Number(text) * places));
}

function decimalOf(units: bigint): string {
  const scale = BigInt(places);
  const whole = units / scale;
  const rest = (units < 0n ? -units : units) % scale;
  return `${units < 0n && whole === 0n ? '-' : ''}${whole}.${String(rest).padStart(4, '0')}`;
}

function sqliteError(name: string, path: string, cause: unknown): unknown {
  if (cause instanceof OctavoError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const about = `sources.${name}: ${path}: ${reason}`;
  const details = { file: path };
  if (isDatabaseDamage(cause)) return new OctavoError('source_unreadable', about, { cause, details });
  if (/locked|busy/i.test(reason)) return new OctavoError('source_timeout', about, { cause, details });
  return cause;
}
