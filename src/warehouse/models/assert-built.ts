import { OctavoError, type BusinessDay } from '../../base/index.ts';
import type { Warehouse } from '../warehouse-port.ts';

const dayProperty = 'octavo.day.';

/**
 * Refuses a span of a table with holes: sealed days that the table's daily model has not made. A table that no daily
 * model makes passes. Errors: `day_not_built`, naming the days and the command that makes them.
 */
export async function assertBuilt(
  warehouse: Pick<Warehouse, 'table' | 'sealedDays'>,
  table: string,
  span: { readonly from: BusinessDay; readonly to: BusinessDay },
): Promise<void> {
  const built = Object.keys((await warehouse.table(table))?.metadata.properties ?? {}).filter((key) =>
    key.startsWith(dayProperty),
  );
  if (built.length === 0) return;
  const days = new Set(built.map((key) => key.slice(dayProperty.length)));
  const missing = (await warehouse.sealedDays()).filter(
    (day) => day >= span.from && day <= span.to && !days.has(day),
  );
  const [first, last] = [missing[0], missing.at(-1)];
  if (first === undefined) return;
  const [, name] = table.split('.');
  throw new OctavoError('day_not_built', `${missing.length} days of ${table}, ${first} to ${last}`, {
    details: { table, hint: `octavo backfill model:${name} --from ${first} --to ${last}` },
  });
}
