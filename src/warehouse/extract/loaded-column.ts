import { OctavoError, suggestion, type DatabaseSourceConfig } from '../../base/index.ts';
import { quoteText } from '../duckdb/types.ts';
import type { DatabaseColumn, DatabaseTable } from './database-port.ts';

/** How one table of a database server is extracted. */
export type ServerTable = DatabaseSourceConfig['tables'][string];

/** Zone of a table's times that carry none, if it says one. */
export function zoneOf(declared: ServerTable): string | undefined {
  return 'timeZone' in declared ? declared.timeZone : undefined;
}

/** A column that is read, with the type it gets. */
export interface LoadedColumn {
  readonly source: DatabaseColumn;
  readonly type: string;
  readonly load: (text: string) => string;
  readonly unfit?: (text: string) => string;
}

/** One table as it is to be read. */
export interface TablePlan {
  /** Its name in the configuration. */
  readonly name: string;
  /** `raw.shop_orders`. */
  readonly target: string;
  readonly declared: ServerTable;
  readonly table: DatabaseTable;
  readonly columns: readonly LoadedColumn[];
  /** Columns that identify a row; empty when nothing does. */
  readonly key: readonly DatabaseColumn[];
  readonly cursor: DatabaseColumn | undefined;
}

/** Which columns of a table are read, and as what. Errors: `source_invalid`, naming the key of the configuration. */
export function planTable(options: {
  readonly source: string;
  readonly name: string;
  readonly target: string;
  readonly declared: ServerTable;
  readonly table: DatabaseTable;
  /** Zone of times that carry none. */
  readonly timeZone: string;
}): TablePlan {
  const { source, name, target, declared, table } = options;
  const at = `sources.${source}.tables.${name}`;
  const named = (column: string, key: string): DatabaseColumn => {
    const found = table.columns.find((one) => one.name === column);
    if (found !== undefined) return found;
    const names = table.columns.map((one) => one.name);
    throw new OctavoError(
      'source_invalid',
      `${at}.${key}: no column '${column}'${suggestion(column, names)}`,
    );
  };
  for (const column of declared.omit) named(column, 'omit');
  for (const column of Object.keys(declared.columns)) named(column, 'columns');
  for (const column of declared.control) named(column, 'control');
  for (const column of declared.personal) named(column, 'personal');
  const key = (declared.key.length > 0 ? declared.key : table.key).map((column) => named(column, 'key'));
  const cursor = declared.cursor === undefined ? undefined : named(declared.cursor, 'cursor');
  if (cursor?.order === 'none')
    throw new OctavoError(
      'source_invalid',
      `${at}.cursor: '${cursor.name}' is ${cursor.declared}, which has no order that could be gone on from`,
    );
  const time = declared.time === undefined ? undefined : named(declared.time, 'time');
  if (time !== undefined && time.order !== 'time' && time.clock === undefined)
    throw new OctavoError(
      'source_invalid',
      `${at}.time: '${time.name}' is ${time.declared}, no date or time`,
    );
  const sorted = key.filter(({ order }) => order === 'none').map((column) => column.name);
  const unreadable = declared.key.length > 0 || declared.mode === 'log' ? sorted[0] : undefined;
  if (unreadable !== undefined)
    throw new OctavoError('source_invalid', `${at}.key: '${unreadable}' cannot be compared in the database`);
  if (declared.mode === 'log' && key.length === 0)
    throw new OctavoError(
      'source_invalid',
      `${at}.mode: 'log' needs a primary key, or a key that is declared`,
    );
  if (time !== undefined && declared.mode === 'full' && key.length === 0)
    throw new OctavoError('source_invalid', `${at}.time: a table with days that is read whole needs a key`);
  const taken = table.columns.find(({ name: one }) => one.toLowerCase() === 'business_day');
  if (taken !== undefined && !declared.omit.includes(taken.name))
    throw new OctavoError(
      'source_invalid',
      `${at}: column '${taken.name}' is Octavo’s own; leave it out by omit`,
    );
  const columns = table.columns
    .filter((column) => !declared.omit.includes(column.name))
    .map((column) => loadedColumn(column, declared, zoneOf(declared) ?? options.timeZone));
  return { name, target, declared, table, columns, key: sorted.length > 0 ? [] : key, cursor };
}

function loadedColumn(source: DatabaseColumn, declared: ServerTable, timeZone: string): LoadedColumn {
  const { unfit } = source;
  const own = declared.columns[source.name];
  if (source.name === declared.time && source.clock !== 'instant' && source.clock !== 'text') {
    const load = (text: string): string =>
      `timezone(${quoteText(timeZone)}, cast(${source.load(text)} as timestamp))`;
    return { source, type: 'TIMESTAMPTZ', load, ...(unfit === undefined ? {} : { unfit }) };
  }
  if (own !== undefined) return { source, type: own, load: (text) => `cast(${text} as ${own})` };
  return { source, type: source.type, load: source.load, ...(unfit === undefined ? {} : { unfit }) };
}
