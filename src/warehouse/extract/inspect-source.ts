import { OctavoError, type DatabaseSourceConfig } from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { openSnapshot } from './open-snapshot.ts';
import { columnChanges, planSource, type ColumnChanges } from './plan-source.ts';
import { countRows } from './server-totals.ts';

/** What would be read of one table of a database server. */
export interface InspectedTable {
  /** `shop.orders`. */
  readonly name: string;
  /** `sales.Invoice`: in the database. */
  readonly from: string;
  /** `raw.shop_orders`. */
  readonly target: string;
  readonly mode: 'full' | 'incremental' | 'log';
  readonly rows: number;
  readonly key: readonly string[];
  /** The cursor or place of the log up to which it was read. */
  readonly position: string | undefined;
  readonly columns: readonly { readonly name: string; readonly declared: string; readonly type: string }[];
  readonly changes: ColumnChanges;
  readonly warning: string | undefined;
}

/**
 * Tries a database server without writing anything: connects as extracting does, looks at every table and counts its
 * rows. Errors: those of `extractSource`.
 */
export async function inspectServer(
  warehouse: Warehouse,
  name: string,
  source: DatabaseSourceConfig,
): Promise<{ readonly server: string; readonly tables: readonly InspectedTable[] }> {
  const withLog = Object.values(source.tables).some(({ mode }) => mode === 'log');
  const snapshot = await openSnapshot(name, source, { withLog });
  try {
    const plans = await planSource(warehouse, snapshot, name, source);
    if (withLog) await snapshot.log();
    const tables: InspectedTable[] = [];
    for (const plan of plans) {
      const properties = (await warehouse.table(plan.target))?.metadata.properties ?? {};
      const [rows] = await countRows(snapshot, plan, '');
      if (rows === undefined) throw new OctavoError('source_unreadable', plan.table.sql);
      tables.push({
        name: `${name}.${plan.name}`,
        from: `${plan.table.schema}.${plan.table.name}`,
        target: plan.target,
        mode: plan.declared.mode,
        rows: Number(rows),
        key: plan.key.map((column) => column.name),
        position: properties['octavo.cursor'] ?? properties['octavo.log'],
        columns: plan.columns.map(({ source: column, type }) => ({
          name: column.name,
          declared: column.declared,
          type,
        })),
        changes: await columnChanges(warehouse, plan),
        warning: plan.table.warning,
      });
    }
    return { server: snapshot.server, tables };
  } finally {
    await snapshot.close();
  }
}
