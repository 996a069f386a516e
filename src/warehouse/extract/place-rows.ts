import type { DuckdbSession } from '../duckdb/session.ts';
import { makeBusinessDays } from '../load/business-days.ts';
import type { Warehouse } from '../warehouse-port.ts';

/**
 * Makes the temporary view `placed`: the relation with the `business_day` of its instant `octavo_at`. A row of a
 * sealed day is put into the first open day after it.
 */
export async function placeRows(
  session: DuckdbSession,
  warehouse: Warehouse,
  relation: string,
): Promise<void> {
  const place = await makeBusinessDays(session, warehouse.calendar, {
    relation,
    instant: 'octavo_at',
    sealed: new Set(await warehouse.sealedDays()),
  });
  await session.run(`create or replace temp view placed as
    select timed.*, d.counted_day as business_day from ${relation} timed
    left join business_days d on d.place = ${place}`);
}
