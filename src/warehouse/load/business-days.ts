import type { BusinessDay, Calendar } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';

/**
 * Makes the temporary table `business_days(start_at, end_at, day, counted_day, late)` for every instant in
 * the column: the calendar's own intervals, so that no zone arithmetic happens in SQL. A sealed day is
 * counted for the first open day after it, as late.
 */
export async function makeBusinessDays(
  session: DuckdbSession,
  calendar: Calendar,
  options: { readonly relation: string; readonly instant: string; readonly sealed: ReadonlySet<BusinessDay> },
): Promise<void> {
  const { rows } = await session.query(
    `select distinct cast(date_trunc('day', ${options.instant}) as date) d from ${options.relation} where isfinite(${options.instant})`,
  );
  const days = new Set(
    rows.flatMap((row) => [-1, 0, 1].map((step) => calendar.addDays(String(row.d), step))),
  );
  await session.run(
    'create or replace temp table business_days (start_at timestamptz, end_at timestamptz, day date, counted_day date, late boolean)',
  );
  const values = [...days].map((day) => {
    const { startMs, endMs } = calendar.intervalOf(day);
    const counted = firstOpenDay(calendar, day, options.sealed);
    return `(make_timestamptz(${startMs}000), make_timestamptz(${endMs}000), '${day}', '${counted}', ${counted !== day})`;
  });
  if (values.length > 0) await session.run(`insert into business_days values ${values.join(', ')}`);
}

/** The day itself, or the first one after it that is not sealed. */
export function firstOpenDay(
  calendar: Calendar,
  day: BusinessDay,
  sealed: ReadonlySet<BusinessDay>,
): BusinessDay {
  let open = day;
  while (sealed.has(open)) open = calendar.addDays(open, 1);
  return open;
}
