import { OctavoError, suggestion, type DatabaseSourceConfig } from '../../base/index.ts';
import { icebergType } from '../duckdb/types.ts';
import { currentSchema } from '../iceberg/metadata.ts';
import { tableName } from '../table-name.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { schemaChange } from '../write-columns.ts';
import type { DatabaseSnapshot } from './database-port.ts';
import { planTable, type TablePlan } from './loaded-column.ts';

/** What became of the columns of a source's table since its raw table was written. */
export interface ColumnChanges {
  readonly added: readonly string[];
  /** They stay, and are null in new rows. */
  readonly dropped: readonly string[];
  /** `price decimal(10,2) -> decimal(12,2)`. */
  readonly widened: readonly string[];
}

/** How every table of a source is read; all are looked at before the first row is. Errors: `source_invalid`, `source_denied`. */
export async function planSource(
  warehouse: Warehouse,
  snapshot: DatabaseSnapshot,
  source: string,
  config: DatabaseSourceConfig,
): Promise<readonly TablePlan[]> {
  const plans: TablePlan[] = [];
  for (const [name, declared] of Object.entries(config.tables)) {
    const table = await snapshot.describe(declared.from ?? name);
    if (table === undefined) {
      const tables = await snapshot.tables();
      const hint =
        tables.length === 0
          ? '; the account sees no table at all: GRANT it SELECT'
          : suggestion(declared.from ?? name, tables);
      throw new OctavoError(
        'source_invalid',
        `sources.${source}.tables.${name}: the database has no table '${declared.from ?? name}' that this account may read${hint}`,
      );
    }
    const target = tableName({ namespace: 'raw', name: `${source}_${name}` });
    const { timeZone } = warehouse.calendar;
    plans.push(planTable({ source, name, target, declared, table, timeZone }));
  }
  return plans;
}

/** Compares a table with its raw table. Errors: `column_change_refused` when a column became another that it cannot hold. */
export async function columnChanges(
  warehouse: Warehouse,
  { target, columns, name, table }: TablePlan,
): Promise<ColumnChanges> {
  const known = await warehouse.table(target);
  if (known === undefined) return { added: [], dropped: [], widened: [] };
  const schema = currentSchema(known.metadata);
  const specs = columns.map(({ source, type }) => ({
    name: source.name,
    type: icebergType(type, source.name),
  }));
  const { added, widened } = (() => {
    try {
      return schemaChange(target, schema, specs, { widen: true });
    } catch (cause) {
      const column = cause instanceof OctavoError ? cause.details['column'] : undefined;
      const now = columns.find(({ source }) => source.name === column);
      if (!(cause instanceof OctavoError) || now === undefined) throw cause;
      const become = `column '${now.source.name}' of ${table.name} is ${now.source.declared} now`;
      throw new OctavoError(
        'column_change_refused',
        `tables.${name}: ${become}: ${cause.message}; declare its type under columns, or make ${target} anew`,
        { cause, details: cause.details },
      );
    }
  })();
  const there = new Set([...specs.map((one) => one.name.toLowerCase()), 'business_day']);
  return {
    added: added.map((column) => column.name),
    dropped: schema.fields.map((field) => field.name).filter((field) => !there.has(field.toLowerCase())),
    widened: widened.map((column) => {
      const before = schema.fields.find((field) => field.name === column.name)?.type;
      return `${column.name} ${String(before)} -> ${String(column.type)}`;
    }),
  };
}
