import { hasCode, OctavoError, suggestion, type SourceConfig } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import { readCsvHeader } from './csv-header.ts';
import { linesOf } from './csv-lines.ts';
import type { SourceFile } from './file-set.ts';

/** A source that is files. */
export type FileSourceConfig = Extract<SourceConfig, { readonly type: 'csv' | 'ndjson' | 'parquet' }>;

/** What staging needs. */
export interface Staging {
  readonly session: DuckdbSession;
  /** Name of the source in the configuration. */
  readonly name: string;
  readonly source: FileSourceConfig;
  readonly files: readonly SourceFile[];
  /** Zone of times that carry none. */
  readonly timeZone: string;
}

/** The column of `staged` that names the file of each row. */
export const fileColumn = 'source_file';

/**
 * Reads files into the temporary table `staged`: their columns with the declared types, `source_file`, and
 * `octavo_at` (the instant of the time column, where one is declared). Rows that cannot be read go to
 * `rejects(file, line, line_count, column_name, message, raw)`. Returns the columns of the files. Errors:
 * `source_unreadable`, `source_invalid`.
 */
export async function stageFiles(staging: Staging): Promise<readonly string[]> {
  const { session, source } = staging;
  await session.run(
    'create or replace temp table rejects (file varchar, line bigint, line_count bigint, column_name varchar, message varchar, raw varchar)',
  );
  const stage = source.type === 'csv' ? stageCsv : stageObjects;
  const columns = await stage(staging).catch(async (error: unknown) => {
    throw isEngineRefusal(error) ? await unreadableFile(staging, error) : error;
  });
  await checkStaged(staging, columns);
  return columns;
}

function isEngineRefusal(error: unknown): error is OctavoError {
  return hasCode(error, 'query_invalid') || hasCode(error, 'query_failed');
}

/** What the engine said of the files, with the one that it is about: it does not always name it. */
async function unreadableFile(staging: Staging, cause: OctavoError): Promise<OctavoError> {
  const { session, source, name, files } = staging;
  const named = files.find(({ path }) => files.length === 1 || cause.message.includes(path));
  const file = named ?? (source.type === 'parquet' ? await firstUnreadable(session, files) : undefined);
  const reason = cause.message.replace(/\n[\s\S]*$/, '');
  return new OctavoError('source_unreadable', `sources.${name}: ${file?.path ?? source.path}: ${reason}`, {
    cause,
    details: { file: file?.path ?? source.path },
  });
}

async function firstUnreadable(
  session: DuckdbSession,
  files: readonly SourceFile[],
): Promise<SourceFile | undefined> {
  for (const file of files) {
    try {
      await session.run(
        `create or replace temp table tried as select * from read_parquet(${quoteText(file.path)})`,
      );
    } catch {
      return file;
    }
  }
  return undefined;
}

async function stageCsv(staging: Staging): Promise<readonly string[]> {
  const { session, source, files } = staging;
  const byHeader = new Map<string, { readonly columns: readonly string[]; readonly files: SourceFile[] }>();
  for (const file of files) {
    const columns = await readCsvHeader(file.path, source.delimiter);
    if (columns.length === 0) continue;
    const key = JSON.stringify(columns);
    const group = byHeader.get(key) ?? { columns, files: [] };
    group.files.push(file);
    byHeader.set(key, group);
  }
  const groups = [...byHeader.values()];
  const columns = [...new Set(groups.flatMap((group) => group.columns))];
  await makeStaged(staging, columns);
  const time = source.timeFormat === undefined ? '' : `, timestampformat = ${quoteText(source.timeFormat)}`;
  for (const group of groups) {
    const types = group.columns
      .map((column) => `${quoteText(column)}: ${quoteText(typeOf(source, column))}`)
      .join(', ');
    await session.run(`insert into staged by name select t.* exclude (filename), f.name as ${fileColumn}${instantOf(staging, group.columns)}
      from read_csv([${pathList(group.files)}], auto_detect = false, header = true, delim = ${quoteText(source.delimiter)}, quote = '"', escape = '"',
        columns = {${types}}, filename = true, store_rejects = true${time}${timeIsThere(source, group.columns)}) t
      join ${fileNames(group.files)} on t.filename = f.path`);
  }
  if (groups.length > 0) {
    await keepCsvRejects(session, files);
  }
  return columns;
}

/** The reader counts records; a person looks for a line, and a quote that is never closed takes many of them along. */
async function keepCsvRejects(session: DuckdbSession, files: readonly SourceFile[]): Promise<void> {
  await session.run(`create or replace temp table csv_rejects as
    select f.path, f.name, e.line_byte_position as position, min_by(e.column_name, e.column_idx) as column_name,
      min_by(e.error_message, e.column_idx) as message, trim(min(e.csv_line), chr(10) || chr(13)) as raw
    from reject_errors e join reject_scans s using (scan_id, file_id) join ${fileNames(files)} on s.file_path = f.path group by all`);
  await session.run('drop table reject_errors; drop table reject_scans');
  await session.run('create or replace temp table csv_lines (path varchar, position bigint, line bigint)');
  const { rows } = await session.query('select path, position from csv_rejects order by path, position', {
    rowsMax: linesNamedMax,
  });
  for (const [path, ofFile] of Map.groupBy(rows, (row) => String(row['path']))) {
    const positions = ofFile.map((row) => Number(row['position']));
    const lines = await linesOf(path, positions);
    for (let from = 0; from < lines.length; from += valuesMax) {
      const values = lines
        .slice(from, from + valuesMax)
        .map((line, index) => `(${quoteText(path)}, ${positions[from + index]}, ${line})`);
      await session.run(`insert into csv_lines values ${values.join(', ')}`);
    }
  }
  await session.run(`insert into rejects
    select r.name, l.line, 1 + length(r.raw) - length(replace(r.raw, chr(10), '')), r.column_name, r.message, r.raw
    from csv_rejects r left join csv_lines l using (path, position)`);
}

/** Broken lines whose number is looked up; those beyond it are kept without one. */
const linesNamedMax = 1_000_000;
const valuesMax = 5_000;

/** NDJSON lines and Parquet rows: read as they are, then cast column by column; what does not fit its type is rejected. */
async function stageObjects(staging: Staging): Promise<readonly string[]> {
  const { session, source } = staging;
  const columns = source.type === 'ndjson' ? await readLines(staging) : await readParquet(staging);
  await makeStaged(staging, columns, source.type === 'parquet' ? 'objects' : undefined);
  if (columns.length === 0) return columns;
  const valueOf = (column: string): string =>
    source.type === 'ndjson'
      ? `json_extract_string(octavo_object, ${quoteText(`$.${JSON.stringify(column)}`)})`
      : quoteName(column);
  const castOf = (column: string): string =>
    column === source.time && source.timeFormat !== undefined
      ? `try_strptime(${valueOf(column)}, ${quoteText(source.timeFormat)})`
      : `try_cast(${valueOf(column)} as ${typeOf(source, column)})`;
  const typed = columns.filter((column) => column in source.columns || column === source.time);
  for (const column of typed) {
    const about = quoteText(`the value is no ${typeOf(source, column)}: `);
    await session.run(`insert into rejects
      select octavo_file, octavo_line, 1, ${quoteText(column)}, ${about} || cast(${valueOf(column)} as varchar), octavo_raw
      from objects where ${valueOf(column)} is not null and ${castOf(column)} is null`);
  }
  if (source.time !== undefined && columns.includes(source.time)) {
    await session.run(`insert into rejects
      select octavo_file, octavo_line, 1, ${quoteText(source.time)}, 'the row has no time', octavo_raw
      from objects where ${valueOf(source.time)} is null`);
  }
  const list = columns.map(
    (column) => `${typed.includes(column) ? castOf(column) : valueOf(column)} as ${quoteName(column)}`,
  );
  await session.run(`insert into staged by name select t.*${instantOf(staging, columns)}
    from (select ${list.join(', ')}, octavo_file as ${fileColumn} from objects
      where not exists (select 1 from rejects r where r.file = octavo_file and r.line = octavo_line)) t`);
  return columns;
}

async function readLines({ session, files }: Staging): Promise<readonly string[]> {
  await session.run(`create or replace temp table objects as
    select f.name as octavo_file, u.line as octavo_line, u.text as octavo_raw, try_cast(u.text as json) as octavo_object
    from read_text([${pathList(files)}]) t join ${fileNames(files)} on t.filename = f.path,
      unnest(string_split(t.content, chr(10))) with ordinality as u(text, line)
    where trim(u.text, ' ' || chr(13)) <> ''`);
  const broken = `octavo_object is null or json_type(octavo_object) <> 'OBJECT'`;
  await session.run(`insert into rejects
    select octavo_file, octavo_line, 1, null, 'the line is no JSON object', octavo_raw from objects where ${broken}`);
  await session.run(`delete from objects where ${broken}`);
  const { rows } = await session.query(
    'select distinct unnest(json_keys(octavo_object)) as name from objects order by 1',
  );
  return rows.map((row) => String(row.name));
}

async function readParquet({ session, files }: Staging): Promise<readonly string[]> {
  await session.run(`create or replace temp table objects as
    select t.* exclude (filename, file_row_number), f.name as octavo_file, file_row_number + 1 as octavo_line, null::varchar as octavo_raw
    from read_parquet([${pathList(files)}], union_by_name = true, filename = true, file_row_number = true) t
      join ${fileNames(files)} on t.filename = f.path`);
  const { rows } = await session.query('describe objects');
  return rows.map((row) => String(row.column_name)).filter((name) => !/^octavo_(file|line|raw)$/.test(name));
}

async function makeStaged(staging: Staging, columns: readonly string[], like?: string): Promise<void> {
  const { session, source } = staging;
  const own = like === undefined ? [] : (await session.query(`describe ${like}`)).rows;
  const types = columns.map((column) => {
    const found = own.find((row) => row.column_name === column);
    const type =
      found !== undefined && !(column in source.columns) && column !== source.time
        ? String(found.column_type)
        : typeOf(source, column);
    return `${quoteName(column)} ${type}`;
  });
  const instant = source.time === undefined ? [] : ['octavo_at timestamptz'];
  await session.run(
    `create or replace temp table staged (${[...types, `${fileColumn} varchar`, ...instant].join(', ')})`,
  );
}

function typeOf(source: FileSourceConfig, column: string): string {
  return source.columns[column] ?? (column === source.time ? 'timestamp' : 'varchar');
}

/** The instant of the time column: as it is when it carries an offset, in the source's zone when not. */
function instantOf(staging: Staging, columns: readonly string[]): string {
  const { source } = staging;
  if (source.time === undefined || !columns.includes(source.time)) return '';
  const name = `t.${quoteName(source.time)}`;
  const zoned = /^(timestamptz|timestamp with time zone)$/i.test(typeOf(source, source.time).trim());
  return `, ${zoned ? name : `timezone(${quoteText(source.timeZone ?? staging.timeZone)}, try_cast(${name} as timestamp))`} as octavo_at`;
}

/** An empty time is a broken line, which the reader names; anything else that is empty is null. */
function timeIsThere({ time }: FileSourceConfig, columns: readonly string[]): string {
  return time === undefined || !columns.includes(time) ? '' : `, force_not_null = [${quoteText(time)}]`;
}

function pathList(files: readonly SourceFile[]): string {
  return files.map((file) => quoteText(file.path)).join(', ');
}

function fileNames(files: readonly SourceFile[]): string {
  const rows = files.map((file) => `(${quoteText(file.path)}, ${quoteText(file.name)})`).join(', ');
  return `(values ${rows}) f(path, name)`;
}

/** Refuses settings that name no column of the files; rejects rows without a time. */
async function checkStaged(
  { session, name, source, files }: Staging,
  columns: readonly string[],
): Promise<void> {
  if (columns.length === 0) return;
  const settings = {
    columns: Object.keys(source.columns),
    rename: Object.keys(source.rename),
    time: source.time === undefined ? [] : [source.time],
    control: source.control,
    personal: source.personal,
  };
  for (const [key, wanted] of Object.entries(settings)) {
    const missing = wanted.find((column) => !columns.includes(column));
    if (missing === undefined) continue;
    throw new OctavoError(
      'source_invalid',
      `sources.${name}.${key}: ${files[0]?.name ?? 'the files'} has no column '${missing}'${suggestion(missing, columns)}`,
    );
  }
  if (source.time === undefined) return;
  await session.run(`insert into rejects select ${fileColumn}, null, 1, ${quoteText(source.time)}, 'the row has no time', null
    from staged where octavo_at is null`);
  await session.run('delete from staged where octavo_at is null');
}
