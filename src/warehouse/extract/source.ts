import {
  OctavoError,
  type BusinessDay,
  type DatabaseSourceConfig,
  type Logger,
  type SourceConfig,
} from '../../base/index.ts';
import { tableName } from '../table-name.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { type ControlTotals } from './control-totals.ts';
import { extractFiles, fileTotals } from './file-source.ts';
import { extractServer } from './server-source.ts';
import { serverTotals } from './server-totals.ts';

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

/** What is extracted at once: a table, or all tables of a database, as of one moment. */
export interface SourceUnit {
  /** `shop`, or `shop.orders`. */
  readonly name: string;
  readonly source: string;
  readonly tables: readonly SourceTable[];
  /** Whether its rows can be broken one by one, and go to `raw.rejected_rows`. */
  readonly rejects: boolean;
}

/** Every table that the sources give. */
export function sourceTables({ sources }: Pick<SourceContext, 'sources'>): readonly SourceTable[] {
  return Object.entries(sources).flatMap(([source, config]) =>
    partsOf(config).map(({ part, time }) => ({
      source,
      part,
      name: `${source}.${part}`,
      table: tableName({ namespace: 'raw', name: `${source}_${part}` }),
      time,
    })),
  );
}

function partsOf(
  config: SourceConfig,
): readonly { readonly part: string; readonly time: string | undefined }[] {
  if ('tables' in config) return Object.entries(config.tables).map(([part, { time }]) => ({ part, time }));
  const time = config.time === undefined ? undefined : (config.rename[config.time] ?? config.time);
  return [{ part: config.table, time }];
}

/** The tables by what is extracted at once. */
export function sourceUnits(context: Pick<SourceContext, 'sources'>): readonly SourceUnit[] {
  const tables = sourceTables(context);
  return Object.entries(context.sources).flatMap(([source, config]): readonly SourceUnit[] => {
    const own = tables.filter((table) => table.source === source);
    if (isDatabase(config))
      return own.length === 0 ? [] : [{ name: source, source, tables: own, rejects: false }];
    return own.map((table) => ({ name: table.name, source, tables: [table], rejects: true }));
  });
}

/**
 * Brings raw tables up to date with their source; returns what was counted. Errors: `source_invalid`, `source_changed`,
 * `source_unreadable`, `source_rows_broken`; of servers also `source_unreachable`, `source_denied`, `source_timeout`,
 * `source_tls_failed`, `source_mismatch`, `source_value_unfit`, `source_log_unusable`, `column_change_refused`.
 */
export async function extractSource(
  context: SourceContext,
  unit: SourceUnit,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const { warehouse, log } = context;
  const config = configOf(context, unit.source);
  const options = { log, ...(signal === undefined ? {} : { signal }) };
  if (isDatabase(config)) return extractServer(warehouse, unit.source, config, options);
  const totals: Record<string, number> = {};
  for (const table of unit.tables) {
    const counts = await extractFiles(warehouse, { name: table.source, table: table.table, config }, options);
    for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
  }
  return totals;
}

/** What the source itself says of a day of its tables with days; those that cannot be asked are left out. */
export async function sourceTotals(
  context: SourceContext,
  tables: readonly SourceTable[],
  day: BusinessDay,
): Promise<ReadonlyMap<SourceTable, ControlTotals>> {
  const { warehouse, log } = context;
  const found = new Map<SourceTable, ControlTotals>();
  for (const [source, own] of Map.groupBy(tables, (table) => table.source)) {
    const config = configOf(context, source);
    const timed = own.filter((table) => table.time !== undefined);
    if (isDatabase(config)) {
      if (timed.length === 0) continue;
      const parts = timed.map((table) => table.part);
      const totals = await serverTotals(warehouse, source, config, { parts, day });
      for (const table of timed) {
        const one = totals.get(table.part);
        if (one !== undefined) found.set(table, one);
      }
      continue;
    }
    for (const table of timed) {
      const one = await fileTotals(warehouse, { name: source, table: table.table, config }, day, log);
      if (one !== undefined) found.set(table, one);
    }
  }
  return found;
}

function isDatabase(config: SourceConfig): config is DatabaseSourceConfig {
  return 'tables' in config;
}

function configOf({ sources }: SourceContext, source: string): SourceConfig {
  const config = sources[source];
  if (config === undefined) throw new OctavoError('source_invalid', `there is no source '${source}'`);
  return config;
}
