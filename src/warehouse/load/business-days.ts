import type { BusinessDay, Calendar } from '../../base/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';

/**
 * Makes the temporary table `business_days(place, day, counted_day, late)` for every instant in the column:
 * the calendar's own intervals, so that no zone arithmetic happens in SQL. A sealed day is counted for the first open
 * day after it, as late. Returns the place of a row's day as an expression over the column: an equal join with
 * `place` costs a hash look-up, where one with the ends of the intervals would sort all rows.
 */
export async function makeBusinessDays(
  session: DuckdbSession,
  calendar: Calendar,
  options: { readonly relation: string; readonly instant: string; readonly sealed: ReadonlySet<BusinessDay> },
): Promise<string> {
  const { relation, instant, sealed } = options;
  const { rows } = await session.query(
    `select distinct cast(floor(epoch_us(${instant}) / 86400000000.0) as bigint) as d from ${relation} where isfinite(${instant})`,
  );
  const around = rows.flatMap(({ d }) =>
    calendar.range(calendar.dayOf((Number(d) - 1) * dayMs), calendar.dayOf((Number(d) + 1) * dayMs)),
  );
  const days = [...new Set(around)].toSorted();
  const values = days.map((day, place) => {
    const counted = firstOpenDay(calendar, day, sealed);
    return `(${place}, '${day}', '${counted}', ${counted !== day})`;
  });
  const make =
    'create or replace temp table business_days (place integer, day date, counted_day date, late boolean)';
  await session.run(
    values.length === 0 ? make : `${make};\ninsert into business_days values ${values.join(', ')}`,
  );
  return placeSql(calendar, days, instant);
}

/** Which of the days holds the instant, counted from 0; null outside of all. A search by halves: few comparisons a row. */
function placeSql(calendar: Calendar, days: readonly BusinessDay[], instant: string): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return 'cast(null as integer)';
  const startOf = (day: BusinessDay): string => `make_timestamptz(${calendar.intervalOf(day).startMs}000)`;
  const search = (from: number, to: number): string => {
    if (from === to) return String(from);
    const middle = (from + to + 1) >> 1;
    const start = startOf(days[middle] ?? last);
    return `case when ${instant} < ${start} then ${search(from, middle - 1)} else ${search(middle, to)} end`;
  };
  const end = `make_timestamptz(${calendar.intervalOf(last).endMs}000)`;
  return `case when ${instant} >= ${startOf(first)} and ${instant} < ${end} then ${search(0, days.length - 1)} end`;
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

const dayMs = 86_400_000;
