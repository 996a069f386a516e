import { OctavoError } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { currentSchema } from '../iceberg/metadata.ts';
import { planScan } from '../iceberg/scan.ts';
import { filesSelect } from '../table-view.ts';
import type { Warehouse } from '../warehouse-port.ts';

/** What is known of the records in `flat`. */
export interface Facts {
  readonly valid: number;
  readonly invalid: number;
  /** Smallest and greatest event id, and the first day; undefined when no record is valid. */
  readonly range: { readonly low: string; readonly high: string; readonly earliestMs: number } | undefined;
  /** Whether an event id stands in it twice. */
  readonly doubled: boolean;
}

/** A record that becomes an event. */
export const isValid = 'event_id is not null and kind is not null and isfinite(occurred_at)';

/** Looks over the records that were read. */
export async function factsOf(session: DuckdbSession): Promise<Facts> {
  const { rows } = await session.query(
    `select count(*) as records, count(*) filter (${isValid}) as valid, count(distinct event_id) filter (${isValid}) as ids,
      min(event_id) filter (${isValid}) as low, max(event_id) filter (${isValid}) as high,
      epoch_ms(min(occurred_at) filter (${isValid})) as earliest from flat`,
  );
  const row = rows[0] ?? {};
  const valid = Number(row['valid']);
  return {
    valid,
    invalid: Number(row['records']) - valid,
    range:
      valid === 0
        ? undefined
        : { low: String(row['low']), high: String(row['high']), earliestMs: Number(row['earliest']) },
    doubled: Number(row['ids']) < valid,
  };
}

/** Finds the records whose event is new to the table, and sees that they stay new until the commit. */
export interface Freshness {
  /** Joins that leave of each event id the first record, and none that the table has. */
  joins(table: LoadedTable): Promise<string>;
  /** Fails with `commit_conflict` when files that the table got since have one of the events in `fresh_ids`. */
  check(base: LoadedTable): Promise<void>;
}

/** Of the records in `flat`, about which the facts are. */
export function createFreshness(
  session: DuckdbSession,
  warehouse: Warehouse,
  { range, doubled }: Facts,
): Freshness {
  const known = new Set<string>();
  /** Files that may hold the events and were not looked into yet, as a relation; undefined when there are none. */
  const unseen = async ({ metadata }: LoadedTable): Promise<string | undefined> => {
    if (range === undefined) return undefined;
    const plan = await planScan(warehouse.context.files, metadata, {
      filters: [
        { column: 'event_id', operator: '>=', value: range.low },
        { column: 'event_id', operator: '<=', value: range.high },
        { column: 'business_day', operator: '>=', value: warehouse.calendar.dayOf(range.earliestMs) },
      ],
    });
    const paths = plan.files.map((file) => file.path).filter((path) => !known.has(path));
    for (const path of paths) known.add(path);
    return paths.length === 0 ? undefined : filesSelect(currentSchema(metadata), paths);
  };
  return {
    joins: async (table) => {
      const joins: string[] = [];
      if (doubled) {
        await session.run(`create temp table later as select event_id, log_partition, log_offset from
      (select event_id, log_partition, log_offset, row_number() over (partition by event_id order by log_partition, log_offset) as copy
        from flat where event_id in (select event_id from flat where ${isValid} group by event_id having count(*) > 1) and ${isValid})
      where copy > 1`);
        joins.push('anti join later using (event_id, log_partition, log_offset)');
      }
      const files = await unseen(table);
      if (files !== undefined)
        joins.push(`anti join (select event_id from (${files})) known using (event_id)`);
      return joins.join(' ');
    },
    check: async (base) => {
      const files = await unseen(base);
      if (files === undefined) return;
      const { rows } = await session.query(
        `select count(*) as n from (${files}) known where event_id in (select event_id from fresh_ids)`,
      );
      if (Number(rows[0]?.['n']) > 0)
        throw new OctavoError('commit_conflict', 'another loader has one of the events from another place');
    },
  };
}
