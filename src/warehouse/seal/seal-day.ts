import { hasCode, OctavoError, type BusinessDay } from '../../base/index.ts';
import { quoteName, quoteText } from '../duckdb/types.ts';
import {
  controlSum,
  sourceTables,
  sourceTotals,
  totalsDifference,
  type ControlTotals,
  type SourceContext,
} from '../extract/index.ts';
import { eventColumns, failedColumns } from '../load/event-columns.ts';
import { sealedPrefix, type Warehouse } from '../warehouse-port.ts';
import { sealColumns, sealsTable } from './seal-columns.ts';

/** What sealing works with. */
export interface SealOptions {
  readonly warehouse: Warehouse;
  readonly sources: SourceContext;
  readonly day: BusinessDay;
  /** The lease's token. */
  readonly token?: number;
  readonly signal?: AbortSignal;
}

/** What was found in the day; `duplicates` were dropped. */
export type SealCounts = Readonly<Record<'events' | 'duplicates' | 'late' | 'failed' | 'tables', number>>;

const attemptsMax = 8;

/**
 * Closes a business day: its tables are compared with their sources, duplicate event ids are dropped, its small files
 * become few, and from then on nothing is written into it; what comes later counts for the next open day. The row
 * of `raw.seals` comes first, the commit of `raw.events` that says "sealed" last, so a seal that is cut off is made again whole.
 * Errors: `day_open`, `seal_mismatch`.
 */
export async function sealDay(options: SealOptions): Promise<SealCounts> {
  const { warehouse, sources, day } = options;
  const { endMs } = warehouse.calendar.intervalOf(day);
  if (warehouse.context.clock.now() < endMs)
    throw new OctavoError('day_open', `${day} ends at ${new Date(endMs).toISOString()}`);
  const totals = await compareTotals(warehouse, sources, day);
  await warehouse.ensureTable('raw.events', eventColumns);
  await warehouse.ensureTable('raw.failed_events', failedColumns);
  for (let attempt = 1; ; attempt++) {
    try {
      return await sealOnce(options, totals);
    } catch (error) {
      if (!hasCode(error, 'commit_conflict') || attempt >= attemptsMax) throw error;
      await warehouse.context.clock.sleep(warehouse.context.random.below(50 * attempt), options.signal);
    }
  }
}

async function sealOnce(options: SealOptions, totals: readonly ControlTotals[]): Promise<SealCounts> {
  const { warehouse, day, token, signal } = options;
  const sealedAt = new Date(warehouse.context.clock.now()).toISOString();
  const ofDay = `business_day = date ${quoteText(day)}`;
  const counted = await warehouse.query(
    `select count(*) as events, count(distinct event_id) as kept, count(*) filter (late) as late,
      (select count(*) from raw.failed_events where ${ofDay}) as failed from raw.events where ${ofDay}`,
    { small: true },
  );
  const row = counted.rows[0] ?? {};
  const counts: SealCounts = {
    events: Number(row['kept']),
    duplicates: Number(row['events']) - Number(row['kept']),
    late: Number(row['late']),
    failed: Number(row['failed']),
    tables: totals.length,
  };
  const common = {
    days: [day],
    ...(token === undefined ? {} : { token, fence: day }),
    ...(signal === undefined ? {} : { signal }),
  };
  await warehouse.write(sealsTable, {
    ...common,
    select: `select timestamptz ${quoteText(sealedAt)} as sealed_at, cast(${counts.events} as bigint) as events,
      cast(${counts.duplicates} as bigint) as duplicates, cast(${counts.late} as bigint) as late, cast(${counts.failed} as bigint) as failed,
      ${quoteText(JSON.stringify(totals.map(({ table, rows, sums }) => ({ table, rows, sums }))))} as totals, date ${quoteText(day)} as business_day`,
    mode: 'replace-days',
    columns: sealColumns,
  });
  // Events that are loaded meanwhile for other days do no harm; one for this day, and everything is counted again.
  const read = counted.pins['raw.events'];
  await warehouse.write('raw.events', {
    ...common,
    ...(read === undefined ? {} : { pins: { 'raw.events': read } }),
    select: `select * from raw.events where ${ofDay}${counts.duplicates > 0 ? firstOfEachId : ''}`,
    mode: 'replace-days',
    orderBy: 'kind, event_id',
    properties: { [`${sealedPrefix}${day}`]: sealedAt },
    readSnapshotId: read ?? null,
    sealing: true,
  });
  return counts;
}

/** Where an id stands twice, the earlier record of the log is kept. */
const firstOfEachId = ` qualify row_number() over (partition by event_id order by log_partition, log_offset) = 1`;

async function compareTotals(
  warehouse: Warehouse,
  sources: SourceContext,
  day: BusinessDay,
): Promise<readonly ControlTotals[]> {
  const said = await sourceTotals(sources, sourceTables(sources), day);
  const asked = [...said].flatMap(([{ table, time }, expected]): readonly Asked[] =>
    time === undefined ? [] : [{ table, time, expected }],
  );
  const found = await tableTotals(warehouse, asked, day);
  const differences = asked.flatMap(({ table, expected }) => {
    const ours = found.get(table) ?? { table, day, rows: 0, sums: {} };
    return totalsDifference(expected, ours).map((about) => `${table}: ${about}`);
  });
  if (differences.length > 0) {
    throw new OctavoError('seal_mismatch', `${day}: ${differences.join('; ')}`, { details: { day } });
  }
  return asked.map(({ expected }) => expected);
}

/** A table whose source has said what a day must hold. */
interface Asked {
  readonly table: string;
  /** Column with the instant. */
  readonly time: string;
  readonly expected: ControlTotals;
}

/** Totals of the rows whose own day it is, of the tables that exist; rows that came too late for an earlier day are left out. */
async function tableTotals(
  warehouse: Warehouse,
  asked: readonly Asked[],
  day: BusinessDay,
): Promise<ReadonlyMap<string, ControlTotals>> {
  const { startMs, endMs } = warehouse.calendar.intervalOf(day);
  const selects: string[] = [];
  for (const { table, time, expected } of asked) {
    if ((await warehouse.table(table)) === undefined) continue;
    const instant = `cast(${quoteName(time)} as timestamptz)`;
    const sums = Object.keys(expected.sums).map(controlSum).join(', ');
    selects.push(
      `select ${quoteText(table)} as octavo_table, count(*) as octavo_rows, cast([${sums}] as varchar[]) as octavo_sums from ${table}
      where business_day = date ${quoteText(day)} and ${instant} >= make_timestamptz(${startMs}000) and ${instant} < make_timestamptz(${endMs}000)`,
    );
  }
  if (selects.length === 0) return new Map();
  const { rows } = await warehouse.query(selects.join('\nunion all\n'), { small: true });
  const columnsOf = new Map(asked.map(({ table, expected }) => [table, Object.keys(expected.sums)]));
  return new Map(
    rows.map((row) => {
      const [table, sums] = [String(row['octavo_table']), row['octavo_sums'] as readonly string[]];
      const columns = columnsOf.get(table) ?? [];
      const byColumn = Object.fromEntries(columns.map((column, index) => [column, String(sums[index])]));
      return [table, { table, day, rows: Number(row['octavo_rows']), sums: byColumn }];
    }),
  );
}
