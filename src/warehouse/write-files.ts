import {
  OctavoError,
  uuidv7,
  type BusinessDay,
  type Clock,
  type Random,
  type Storage,
} from '../base/index.ts';
import { fieldIds, quoteText } from './duckdb/types.ts';
import type { DuckdbSession } from './duckdb/session.ts';
import type { QueryResult } from './engine-port.ts';
import { checksumOf } from './data-guard.ts';
import { checksumMark } from './iceberg/checksum.ts';
import type { DataFileInput } from './iceberg/data-file.ts';
import type { Schema } from './iceberg/metadata.ts';
import { fileStatistics, type ParquetColumnChunk } from './iceberg/parquet-statistics.ts';

/** What writing files needs of the world. */
export interface FileWriter {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
}

/** Rows in one Parquet file at most. */
export const rowsPerFileMax = 5_000_000;
const rowGroupRows = 122_880;

/** Rows that become a file of their own, or several when there are very many. */
export interface FilePart {
  readonly day?: BusinessDay;
  readonly rowCount: number;
}

/** Rows of a relation, and where they go. */
export interface FilesToWrite {
  /** A view or temporary table with exactly the schema's columns. */
  readonly relation: string;
  readonly schema: Schema;
  /** Absolute folder of the data files. */
  readonly folder: string;
  /** How many rows there are, by `business_day` where files are cut by it. */
  readonly parts: readonly FilePart[];
  /** Columns to sort by inside a file, as SQL. */
  readonly orderBy?: string;
}

/**
 * Writes a relation as Parquet files under new names, one a business day (more when a day is very
 * large), and reads each file's footer back: rows counted, statistics taken.
 * Nothing sees the files until a commit names them. Each file's name ends with the checksum of its contents.
 */
export async function writeFiles(
  session: DuckdbSession,
  writer: FileWriter,
  write: FilesToWrite,
): Promise<readonly DataFileInput[]> {
  await writer.storage.makeDirectory(write.folder);
  const files: DataFileInput[] = [];
  for (const part of write.parts) {
    const cuts = Math.ceil(part.rowCount / rowsPerFileMax);
    for (let cut = 0; cut < cuts; cut++) {
      const conditions = [
        ...(part.day === undefined ? [] : [`business_day = date ${quoteText(part.day)}`]),
        ...(cuts === 1 ? [] : [`row_number_of_file % ${cuts} = ${cut}`]),
      ];
      const source =
        cuts === 1
          ? write.relation
          : `(select *, row_number() over () row_number_of_file from ${write.relation})`;
      const columns = write.schema.fields.map((field) => `"${field.name.replaceAll('"', '""')}"`).join(', ');
      const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
      const order = write.orderBy === undefined ? '' : ` order by ${write.orderBy}`;
      files.push(
        await writeFile(session, writer, {
          ...write,
          select: `select ${columns} from ${source}${where}${order}`,
          ...(part.day === undefined ? {} : { day: part.day }),
        }),
      );
    }
  }
  const written = files.reduce((sum, file) => sum + file.recordCount, 0);
  const expected = write.parts.reduce((sum, part) => sum + part.rowCount, 0);
  if (written !== expected) {
    throw new OctavoError(
      'query_failed',
      `${expected} rows were to be written to ${write.folder}, the files hold ${written}`,
    );
  }
  return files;
}

/**
 * Writes what a SELECT gives, which has exactly the schema's columns in their order, as one Parquet file in a folder that is
 * there; the file is one of `day`. When that fails nothing is left of it.
 */
export async function writeFile(
  session: DuckdbSession,
  { storage, clock, random }: FileWriter,
  {
    select,
    schema,
    folder,
    day,
  }: Pick<FilesToWrite, 'schema' | 'folder'> & {
    readonly select: string;
    readonly day?: BusinessDay;
  },
): Promise<DataFileInput> {
  const name = uuidv7({ nowMs: clock.now(), next: () => random.next() });
  const path = `${folder}/${name}.unnamed`;
  const copy =
    `copy (${select}) to ${quoteText(path)} ` +
    `(format parquet, compression zstd, row_group_size ${rowGroupRows}, field_ids ${fieldIds(schema)})`;
  let at = path;
  try {
    const { rows } = await session.query(`${copy};\n${footerSql(path)}`, { small: true });
    const named = `${folder}/${name}${checksumMark(await checksumOf(storage, path))}.parquet`;
    await storage.rename(path, named, { durable: false });
    at = named;
    return await toDataFile(storage, named, { rows, schema, day });
  } catch (error) {
    await storage.remove(at).catch(() => undefined);
    throw error;
  }
}

function footerSql(path: string): string {
  return `select row_group_id, row_group_num_rows, column_id, path_in_schema, num_values, stats_null_count, stats_min_value, stats_max_value,
    total_compressed_size, dictionary_page_offset, data_page_offset from parquet_metadata(${quoteText(path)})`;
}

/** A finished file as a commit takes it: size, rows and statistics from its footer. */
async function toDataFile(
  storage: Storage,
  path: string,
  footer: {
    readonly rows: QueryResult['rows'];
    readonly schema: Schema;
    readonly day: BusinessDay | undefined;
  },
): Promise<DataFileInput> {
  const { rows, schema, day } = footer;
  const info = await storage.stat(path);
  if (info === undefined) throw new OctavoError('storage_not_found', path);
  const first = rows.filter((row) => row.column_id === 0);
  return {
    path,
    recordCount: first.reduce((sum, row) => sum + Number(row.row_group_num_rows), 0),
    sizeBytes: info.sizeBytes,
    ...(day === undefined ? {} : { day }),
    ...fileStatistics(rows as unknown as readonly ParquetColumnChunk[], schema),
  };
}
