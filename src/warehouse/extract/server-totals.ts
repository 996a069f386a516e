import { OctavoError, type BusinessDay, type DatabaseSourceConfig } from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import type { ControlTotals } from './control-totals.ts';
import type { DatabaseColumn, DatabaseDialect, DatabaseSnapshot } from './database-port.ts';
import { openSnapshot } from './open-snapshot.ts';
import { planSource } from './plan-source.ts';
import { zoneOf, type TablePlan } from './loaded-column.ts';

/** What a server says of a day of its tables, as of one moment. */
export async function serverTotals(
  warehouse: Warehouse,
  name: string,
  source: DatabaseSourceConfig,
  asked: { readonly parts: readonly string[]; readonly day: BusinessDay },
): Promise<ReadonlyMap<string, ControlTotals>> {
  const snapshot = await openSnapshot(name, source, { withLog: false });
  try {
    const plans = await planSource(warehouse, snapshot, name, source);
    const found = new Map<string, ControlTotals>();
    for (const plan of plans.filter((one) => asked.parts.includes(one.name))) {
      const where = dayCondition(warehouse, snapshot.dialect, plan, asked.day);
      const [rows, ...sums] = await countRows(snapshot, plan, where);
      found.set(plan.name, {
        table: plan.target,
        day: asked.day,
        rows: Number(rows),
        sums: Object.fromEntries(plan.declared.control.map((column, index) => [column, sums[index] ?? ''])),
      });
    }
    return found;
  } finally {
    await snapshot.close();
  }
}

/** Count and sums of a table's control columns over a condition, as texts. */
export async function countRows(
  snapshot: DatabaseSnapshot,
  plan: TablePlan,
  where: string,
): Promise<readonly string[]> {
  const sums = controlColumns(plan).map((column) => `, ${snapshot.dialect.sum(column)}`);
  const [row] = await snapshot.rows(
    `select ${snapshot.dialect.count}${sums.join('')} from ${plan.table.sql}${where === '' ? '' : ` where ${where}`}`,
  );
  return (row ?? []).map(String);
}

/** The columns whose sums are compared. */
export function controlColumns({ declared, table }: TablePlan): readonly DatabaseColumn[] {
  return declared.control.flatMap((name) => table.columns.filter((column) => column.name === name));
}

/** The rows of a business day: its instants, or what a wall clock in the column's zone shows at them. */
function dayCondition(
  warehouse: Warehouse,
  dialect: DatabaseDialect,
  { declared, table, name }: TablePlan,
  day: BusinessDay,
): string {
  const column = table.columns.find((one) => one.name === declared.time);
  if (column === undefined) throw new OctavoError('source_invalid', `tables.${name} has no time`);
  const { startMs, endMs } = warehouse.calendar.intervalOf(day);
  const zone =
    column.clock === 'instant' || column.clock === 'text'
      ? 'UTC'
      : (zoneOf(declared) ?? warehouse.calendar.timeZone);
  // A date is the midnight that begins it.
  const at = column.clock === undefined ? dateFrom : clockAt;
  const quoted = dialect.time?.(column) ?? dialect.quote(column.name);
  const [from, to] = [at(startMs, zone), at(endMs, zone)].map((text) => dialect.timeLiteral(column, text));
  return `${quoted} >= ${from} and ${quoted} < ${to}`;
}

/** What a wall clock shows at an instant. */
function clockAt(instantMs: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone);
  return at.toPlainDateTime().toString({ smallestUnit: 'millisecond' }).replace('T', ' ');
}

/** The first date whose midnight is not before the instant. */
function dateFrom(instantMs: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone);
  const midnight = at.startOfDay();
  const date =
    midnight.epochMilliseconds === instantMs ? at.toPlainDate() : at.toPlainDate().add({ days: 1 });
  return date.toString();
}
