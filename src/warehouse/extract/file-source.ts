import { OctavoError, type BusinessDay, type Logger } from '../../base/index.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { DeclaredColumn } from '../write-columns.ts';
import { controlSum, type ControlTotals } from './control-totals.ts';
import { fileProperty, listSourceFiles, newFiles, type SourceFile } from './file-set.ts';
import { placeRows } from './place-rows.ts';
import { keepRejectedRows, tooManyRejected } from './rejected-rows.ts';
import { fileColumn, stageFiles, type FileSourceConfig } from './stage-files.ts';

/** A source of files and where its rows go. */
export interface FileSource {
  readonly name: string;
  /** `raw.retail_lines`. */
  readonly table: string;
  readonly config: FileSourceConfig;
}

/** Bytes of files that are read for one commit. */
const batchBytesMax = 256 * 1024 * 1024;

/**
 * Loads the files whose rows are not in the table yet; which files they were is part of the same commit. Unreadable
 * rows are kept in `raw.rejected_rows`. Errors: `source_invalid`, `source_changed`, `source_unreadable`,
 * `source_rows_broken`.
 */
export async function extractFiles(
  warehouse: Warehouse,
  source: FileSource,
  options: { readonly log: Logger; readonly signal?: AbortSignal },
): Promise<Readonly<Record<string, number>>> {
  const { name, config, table } = source;
  const files = await listSourceFiles(config.path, config.type, `sources.${name}.path`);
  const loaded = (await warehouse.table(table))?.metadata.properties;
  // Files may be moved away once they are loaded; a path that never matched is a mistake.
  if (files.length === 0 && loaded === undefined)
    throw new OctavoError('source_invalid', `sources.${name}.path: no file matches ${config.path}`);
  const fresh = await newFiles(files, loaded ?? {});
  const counts = { files: 0, rows: 0, rejected: 0 };
  for (const batch of batchesOf(fresh)) {
    options.signal?.throwIfAborted();
    const known = await warehouse.table(table);
    const outcome = await warehouse.engine.session(
      async (session) => {
        const { timeZone } = warehouse.calendar;
        const columns = await stageFiles({ session, name, source: config, files: batch, timeZone });
        const rejected = await keepRejectedRows(session, warehouse, name, batch);
        const all = counts.rejected + rejected;
        if (all > config.badRowsMax)
          throw await tooManyRejected(session, `sources.${name}`, all, config.badRowsMax);
        if (columns.length === 0) return { rows: 0, rejected };
        if (config.time !== undefined) await placeRows(session, warehouse, 'staged');
        const written = await warehouse.writeIn(session, table, {
          select: `select ${renamed(config, columns)} from ${config.time === undefined ? 'staged' : 'placed'}`,
          mode: 'append',
          columns: declared(config, columns),
          properties: Object.fromEntries(batch.map((file) => [fileProperty(file), file.stamp])),
          expectedSnapshotId: known?.metadata['current-snapshot-id'] ?? null,
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
        return { rows: written.recordCount, rejected };
      },
      options.signal === undefined ? {} : { signal: options.signal },
    );
    counts.files += batch.length;
    counts.rows += outcome.rows;
    counts.rejected += outcome.rejected;
    options.log.debug('extracted', { table, files: batch.length, ...outcome });
  }
  return counts;
}

/** Count and sums of a day's rows, read from the files once more; undefined when a file is no longer where it was. */
export async function fileTotals(
  warehouse: Warehouse,
  source: FileSource,
  day: BusinessDay,
  log: Logger,
): Promise<ControlTotals | undefined> {
  const { name, config, table } = source;
  const none = { table, day, rows: 0, sums: {} };
  if ((await warehouse.table(table)) === undefined) return none;
  const loaded = await warehouse.query(
    `select distinct ${fileColumn} as name from ${table} where business_day = date ${quoteText(day)}`,
  );
  if (loaded.rows.length === 0) return none;
  const present = await listSourceFiles(config.path, config.type, `sources.${name}.path`);
  const files = present.filter((file) => loaded.rows.some((row) => row.name === file.name));
  if (files.length < loaded.rows.length) {
    log.warn('files of a day are gone, so its totals are not compared', {
      table,
      day,
      files: loaded.rows.length - files.length,
    });
    return undefined;
  }
  return warehouse.engine.session(async (session) => {
    await stageFiles({ session, name, source: config, files, timeZone: warehouse.calendar.timeZone });
    const { startMs, endMs } = warehouse.calendar.intervalOf(day);
    const sums = config.control.map((column) => `, ${controlSum(column)} as ${quoteName(column)}`);
    const { rows } = await session.query(`select count(*) as octavo_rows${sums.join('')} from staged
      where octavo_at >= make_timestamptz(${startMs}000) and octavo_at < make_timestamptz(${endMs}000)`);
    const row = rows[0] ?? {};
    return {
      table,
      day,
      rows: Number(row['octavo_rows']),
      sums: Object.fromEntries(
        config.control.map((column) => [config.rename[column] ?? column, String(row[column])]),
      ),
    };
  });
}

function batchesOf<T extends SourceFile>(files: readonly T[]): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes + file.sizeBytes > batchBytesMax) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(file);
    bytes += file.sizeBytes;
  }
  return batches;
}

/** The time column is stored as the instant that it means. */
function renamed(config: FileSourceConfig, columns: readonly string[]): string {
  const list = columns.map(
    (column) =>
      `${column === config.time ? 'octavo_at' : quoteName(column)} as ${quoteName(config.rename[column] ?? column)}`,
  );
  return [...list, fileColumn, ...(config.time === undefined ? [] : ['business_day'])].join(', ');
}

function declared(config: FileSourceConfig, columns: readonly string[]): readonly DeclaredColumn[] {
  const taken = columns
    .map((column) => config.rename[column] ?? column)
    .find((name) => name === fileColumn || name === 'business_day');
  if (taken !== undefined)
    throw new OctavoError(
      'source_invalid',
      `column '${taken}' is Octavo’s own; give it another name under rename`,
    );
  const personal = config.personal.map((column) => ({
    name: config.rename[column] ?? column,
    personal: true,
  }));
  return [
    ...personal,
    { name: fileColumn, description: { en: 'File that the row was read from.', ko: '행을 읽은 파일.' } },
  ];
}
