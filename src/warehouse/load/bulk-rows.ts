import { join } from 'node:path';
import { hasCode } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import { localPath, type DataFileInput } from '../iceberg/data-file.ts';
import { currentSchema, type Schema } from '../iceberg/metadata.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { castList } from '../write-columns.ts';
import { writeFile } from '../write-files.ts';
import { placeKeys, type DayLinesFile } from './day-file.ts';
import { eventColumns, eventLine } from './event-columns.ts';
import { createFreshness, factsOf, type Freshness } from './fresh-rows.ts';

/** Data files with the rows of records, for a commit. */
export interface BulkRows {
  readonly files: readonly DataFileInput[];
  readonly loaded: number;
  readonly duplicates: number;
  readonly late: number;
  readonly freshness: Freshness;
}

/**
 * Makes data files of records that are lines, one for each day, without rows in between. It looks at the files afterwards:
 * every record must be in them as an event, of the day that its bytes told, or else they are removed and the answer is
 * undefined; whoever asked then reads the records one by one.
 */
export async function writeInBulk(
  session: DuckdbSession,
  warehouse: Warehouse,
  { table, lines }: { readonly table: LoadedTable; readonly lines: readonly DayLinesFile[] | undefined },
): Promise<BulkRows | undefined> {
  if (lines === undefined || lines.length === 0) return undefined;
  const written = new Written(session, warehouse, table);
  try {
    if (!(await written.addAll(lines))) return undefined;
    return await written.withoutDuplicates();
  } catch (error) {
    await written.drop();
    throw error;
  }
}

interface WrittenFile {
  readonly lines: DayLinesFile;
  readonly file: DataFileInput;
}

function rowsOf(files: readonly WrittenFile[]): number {
  return files.reduce((sum, { file }) => sum + file.recordCount, 0);
}

/** The data files so far. */
class Written {
  readonly #session: DuckdbSession;
  readonly #warehouse: Warehouse;
  readonly #table: LoadedTable;
  readonly #schema: Schema;
  readonly #folder: string;
  #files: readonly WrittenFile[] = [];

  constructor(session: DuckdbSession, warehouse: Warehouse, table: LoadedTable) {
    this.#session = session;
    this.#warehouse = warehouse;
    this.#table = table;
    this.#schema = currentSchema(table.metadata);
    this.#folder = join(localPath(table.metadata.location), 'data');
  }

  /** False, and nothing is written, when not every line is an event of its day. */
  async addAll(lines: readonly DayLinesFile[]): Promise<boolean> {
    try {
      for (const one of lines) {
        if (await this.#add(one)) continue;
        await this.drop();
        return false;
      }
      return true;
    } catch (error) {
      if (!hasCode(error, 'query_invalid') && !hasCode(error, 'query_failed')) throw error;
      await this.drop();
      return false;
    }
  }

  async #add(lines: DayLinesFile): Promise<boolean> {
    const selected = eventColumns.map(({ name, type = '' }) => ({ name, type }));
    const { fields, select } = eventLine(placeKeys);
    // DuckDB would look for columns in thousands of lines first, also when it is told them.
    const read =
      `read_json(${quoteText(lines.path)}, format = 'newline_delimited', auto_detect = false, columns = {${fields}}, ` +
      `maximum_object_size = ${Math.max(lineBytesLeast, lines.bytesMax)})`;
    const rows = `select ${select}, ${lines.late} as late, date ${quoteText(lines.day)} as business_day from ${read}`;
    const file = await this.#write(lines, `select ${castList(this.#schema, selected)} from (${rows})`);
    this.#files = [...this.#files, { lines, file }];
    return isComplete(file, lines, this.#schema);
  }

  /** The files without the events that the table has, or that stand in the records twice. */
  async withoutDuplicates(): Promise<BulkRows> {
    const session = this.#session;
    const all = rowsOf(this.#files);
    await session.run(`create or replace temp view flat as select * from ${this.#parquet()}`);
    const freshness = createFreshness(session, this.#warehouse, await factsOf(session));
    const joins = await freshness.joins(this.#table);
    if (joins !== '') await this.#keepFresh(joins);
    await session.run(
      `create or replace temp view fresh_ids as select ${this.#files.length === 0 ? 'null::uuid as event_id where false' : `event_id from ${this.#parquet()}`}`,
    );
    const loaded = rowsOf(this.#files);
    return {
      files: this.#files.map(({ file }) => file),
      loaded,
      duplicates: all - loaded,
      late: rowsOf(this.#files.filter(({ lines }) => lines.late)),
      freshness,
    };
  }

  async drop(): Promise<void> {
    for (const { file } of this.#files)
      await this.#warehouse.context.storage.remove(file.path).catch(() => undefined);
  }

  async #keepFresh(joins: string): Promise<void> {
    const columns = this.#schema.fields.map(({ name }) => `flat.${quoteName(name)}`).join(', ');
    const old = this.#files;
    const kept: WrittenFile[] = [];
    for (const one of old) {
      const { lines, file } = one;
      const fresh = `from read_parquet(${quoteText(file.path)}) flat ${joins}`;
      const { rows } = await this.#session.query(`select count(*) as n ${fresh}`);
      const count = Number(rows[0]?.['n']);
      if (count === file.recordCount) kept.push(one);
      else if (count > 0) {
        const made = { lines, file: await this.#write(lines, `select ${columns} ${fresh}`) };
        kept.push(made);
        this.#files = [...this.#files, made];
      }
    }
    for (const one of old)
      if (!kept.includes(one)) await this.#warehouse.context.storage.remove(one.file.path);
    this.#files = kept;
  }

  async #write({ day }: DayLinesFile, select: string): Promise<DataFileInput> {
    const { context } = this.#warehouse;
    await context.storage.makeDirectory(this.#folder);
    return writeFile(this.#session, context, { select, schema: this.#schema, folder: this.#folder, day });
  }

  #parquet(): string {
    return `read_parquet([${this.#files.map(({ file }) => quoteText(file.path)).join(', ')}])`;
  }
}

/** Whether the file has a row for every line, each an event of these days. Its footer says so. */
function isComplete(file: DataFileInput, lines: DayLinesFile, schema: Schema): boolean {
  const idOf = (name: string): number => schema.fields.find((field) => field.name === name)?.id ?? -1;
  const instant = idOf('occurred_at');
  const [lowest, highest] = [file.lowerBounds?.get(instant), file.upperBounds?.get(instant)];
  if (file.recordCount !== lines.recordCount || lowest?.length !== 8 || highest?.length !== 8) return false;
  return (
    neverNull.every((name) => file.nullCounts?.get(idOf(name)) === 0n) &&
    lowest.readBigInt64LE() >= BigInt(lines.startMs) * 1000n &&
    highest.readBigInt64LE() < BigInt(lines.endMs) * 1000n
  );
}

const neverNull = ['event_id', 'kind', 'occurred_at', 'log_partition', 'log_offset'] as const;
const lineBytesLeast = 1024 * 1024;
