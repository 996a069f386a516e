import { OctavoError, type BusinessDay, type Logger, type SourceConfig } from '../../base/index.ts';
import { tableName } from '../table-name.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { type ControlTotals } from './control-totals.ts';
import { extractFiles, fileTotals } from './file-source.ts';
import { extractSqlite, sqliteTotals } from './sqlite-source.ts';

/** What extracting works with. */
export interface SourceContext {
  readonly warehouse: Warehouse;
  /** By name, with absolute paths. */
  readonly sources: Readonly<Record<string, SourceConfig>>;
  readonly log: Logger;
}

/** One table that a source gives. */
export interface SourceTable {
  readonly source: string;
  /** Its name in the source. */
  readonly part: string;
  /** `shop.orders`: for people and task names. */
  readonly name: string;
  /** `raw.shop_orders`. */
  readonly table: string;
  /** Column of the table with the instant that decides a row's business day; undefined for a table without days. */
  readonly time: string | undefined;
}

/** Every table that the sources give. */
export function sourceTables({ sources }: Pick<SourceContext, 'sources'>): readonly SourceTable[] {
  return Object.entries(sources).flatMap(([source, config]) => {
    const parts =
      config.type === 'sqlite'
        ? Object.entries(config.tables).map(([part, { time }]) => ({ part, time }))
        : [
            {
              part: config.table,
              time: config.time === undefined ? undefined : (config.rename[config.time] ?? config.time),
            },
          ];
    return parts.map(({ part, time }) => ({
      source,
      part,
      name: `${source}.${part}`,
      table: tableName({ namespace: 'raw', name: `${source}_${part}` }),
      time,
    }));
  });
}

/** Brings a raw table up to date with its source. Errors: `source_invalid`, `source_changed`, `source_unreadable`, `source_rows_broken`. */
export async function extractSource(
  context: SourceContext,
  table: SourceTable,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const { warehouse, log } = context;
  const config = configOf(context, table);
  const options = { log, ...(signal === undefined ? {} : { signal }) };
  if (config.type === 'sqlite') {
    return { rows: await extractSqlite(warehouse, { ...config, name: table.source }, table.part, options) };
  }
  return extractFiles(warehouse, { name: table.source, table: table.table, config }, options);
}

/** What the source itself says of a day; undefined when it cannot be asked. */
export async function sourceTotals(
  context: SourceContext,
  table: SourceTable,
  day: BusinessDay,
): Promise<ControlTotals | undefined> {
  const { warehouse, log } = context;
  const config = configOf(context, table);
  if (config.type === 'sqlite')
    return sqliteTotals(warehouse, { ...config, name: table.source }, table.part, day);
  return fileTotals(warehouse, { name: table.source, table: table.table, config }, day, log);
}

function configOf({ sources }: SourceContext, table: SourceTable): SourceConfig {
  const config = sources[table.source];
  if (config === undefined) throw new OctavoError('source_invalid', `there is no source '${table.source}'`);
  return config;
}
