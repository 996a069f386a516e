import { count, observe, OctavoError } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { personalOf } from '../personal.ts';
import { type CommitWrite, type Warehouse } from '../warehouse-port.ts';
import { makeBusinessDays } from './business-days.ts';
import { eventColumns, eventRecordType, flatColumns, flatSelect } from './event-columns.ts';
import { writeInBulk } from './bulk-rows.ts';
import { createFreshness, factsOf, isValid, type Freshness } from './fresh-rows.ts';
import { nothing, type LoaderOptions, type LoadOutcome } from './loader-options.ts';
import type { Narrowing } from './narrowing.ts';
import { prepare, sealedDaysOf, type Ahead, type Prepared } from './prepare.ts';
import { readRecords } from './read-records.ts';
import { offsetsOf, releaseRecords, stillThere, type LogShare } from './log-share.ts';
import { readTaken } from './take-records.ts';
import { keepUnreadable } from './unreadable.ts';

/** How a batch is loaded. */
export interface LoadHow {
  readonly signal: AbortSignal | undefined;
  /** Prepares the next records meanwhile. */
  readonly ahead: Ahead | undefined;
  readonly narrowing: Narrowing;
}

/**
 * Moves what waits in the log of accepted events into `raw.events`: one commit with the files and the offsets. Nothing is
 * loaded when the batch is cut, for it has a record that is no event or not seen to be one.
 */
export async function loadEvents(
  given: LoaderOptions,
  share: LogShare,
  { signal, ahead, narrowing }: LoadHow,
): Promise<LoadOutcome> {
  const { warehouse } = given;
  const startMs = warehouse.context.clock.now();
  const table = await warehouse.ensureTable('raw.events', eventColumns);
  const { properties } = table.metadata;
  narrowing.reached(share, properties);
  const narrow = narrowing.recordsMax;
  const recordsMax = Math.min(narrow, given.recordsMax ?? Infinity);
  const options = narrow === Infinity ? given : { ...given, recordsMax };
  const prepared = (await ahead?.take(share, properties)) ?? (await prepare(options, share, properties));
  const { taken, lines } = prepared;
  let outcome: LoadOutcome | undefined;
  try {
    if (taken.spans.length === 0) return { ...nothing, more: taken.more };
    if (taken.more) ahead?.begin(options, share, taken, properties);
    outcome = await warehouse.engine.session((session) =>
      loadTaken(session, warehouse, { ...prepared, share, table, signal, narrowing }),
    );
  } finally {
    await lines.remove();
  }
  if (outcome === undefined) return { ...nothing, more: true };
  narrowing.reached(share, { ...properties, ...offsetsOf(share, taken) });
  await (ahead?.release(share, taken) ?? releaseRecords(share, taken));
  count('octavo_warehouse_loaded_events_total', { outcome: 'loaded' }, outcome.loaded);
  count('octavo_warehouse_loaded_events_total', { outcome: 'duplicate' }, outcome.duplicates);
  count('octavo_warehouse_loaded_events_total', { outcome: 'failed' }, outcome.failed);
  observe('octavo_warehouse_load_seconds', Math.max(0, warehouse.context.clock.now() - startMs) / 1000);
  return outcome;
}

interface Load extends Prepared {
  readonly share: LogShare;
  readonly table: LoadedTable;
  readonly signal: AbortSignal | undefined;
  readonly narrowing: Narrowing;
}

async function loadTaken(
  session: DuckdbSession,
  warehouse: Warehouse,
  load: Load,
): Promise<LoadOutcome | undefined> {
  const { table, taken } = load;
  const bulk = await writeInBulk(session, warehouse, { table, lines: load.lines.files });
  // Smaller batches of as many days have no fewer.
  const canCut = load.lines.refusal !== 'days';
  const way =
    bulk !== undefined ? 'bulk' : canCut && load.narrowing.cut(load.share, taken) ? 'cut' : 'one_by_one';
  count('octavo_warehouse_load_batches_total', { way });
  if (bulk === undefined) return way === 'cut' ? undefined : await loadOneByOne(session, warehouse, load);
  const { files, loaded, duplicates, late, freshness } = bulk;
  const commit = commitOf(load, { duplicates, late, freshness });
  await warehouse.appendFiles('raw.events', files, commit);
  return { loaded, duplicates, late, failed: 0, more: taken.more };
}

/** Records of which some are no events, or whose days are not seen from their bytes. */
async function loadOneByOne(session: DuckdbSession, warehouse: Warehouse, load: Load): Promise<LoadOutcome> {
  const { share, table, taken, sealed } = load;
  const target = { table: 'flat', columns: flatColumns, select: flatSelect, recordType: eventRecordType };
  const records = await readTaken(share, taken);
  const broken = await readRecords(session, warehouse, records, target);
  const facts = await factsOf(session);
  const kept = new Set(broken);
  if (facts.invalid > 0) {
    const invalid = await session.query(
      `select log_partition as p, log_offset as o from flat where not coalesce(${isValid}, false)`,
      { rowsMax: records.length },
    );
    const places = new Set(invalid.rows.map((row) => `${String(row.p)}/${String(row.o)}`));
    for (const record of records) if (places.has(`${record.partition}/${record.offset}`)) kept.add(record);
  }
  await keepUnreadable(session, warehouse, [...kept], { share, taken });
  const place = await makeBusinessDays(session, warehouse.calendar, {
    relation: 'flat',
    instant: 'occurred_at',
    sealed,
  });
  const freshness = createFreshness(session, warehouse, facts);
  const joins = await freshness.joins(table);
  const counted =
    await session.query(`create temp table fresh_rows as select flat.rowid as place_in_flat, d.late, d.counted_day as business_day
      from flat join business_days d on d.place = ${place} ${joins} where ${isValid};
      create temp view fresh_ids as select event_id from flat join fresh_rows on flat.rowid = fresh_rows.place_in_flat;
      select count(*) as loaded, count(*) filter (late) as late from fresh_rows`);
  const [loaded, late] = [Number(counted.rows[0]?.loaded), Number(counted.rows[0]?.late)];
  const duplicates = facts.valid - loaded;
  // Where no row is dropped, a join with a few days costs much less than one with the place of every row.
  const rows =
    joins === ''
      ? `(select place, late, counted_day as business_day from business_days) d on d.place = ${place} where ${isValid}`
      : 'fresh_rows on flat.rowid = fresh_rows.place_in_flat';
  await warehouse.writeIn(session, 'raw.events', {
    select: `select flat.*, late, business_day from flat join ${rows}`,
    stored: true,
    mode: 'append',
    ...commitOf(load, { duplicates, late, freshness }),
  });
  return { loaded, duplicates, late, failed: kept.size, more: taken.more };
}

/** What the commit says and asks of the table. */
function commitOf(
  load: Load,
  found: { readonly duplicates: number; readonly late: number; readonly freshness: Freshness },
): CommitWrite {
  const { share, taken, signal, sealed } = load;
  const offsets = offsetsOf(share, taken);
  return {
    // Also of a table that is older than what is personal today.
    properties: { ...personalOf(eventColumns, eventColumns), ...offsets },
    summary: {
      ...offsets,
      'octavo.duplicates': String(found.duplicates),
      'octavo.late': String(found.late),
    },
    agrees: async (base) => {
      if (!stillThere(share, taken, base.metadata.properties))
        throw new OctavoError('commit_conflict', 'another loader was first with the same records');
      if (sealedDaysOf(base.metadata.properties).size !== sealed.size)
        throw new OctavoError('day_sealed', 'a day was sealed while its events were loaded');
      await found.freshness.check(base);
    },
    ...(signal === undefined ? {} : { signal }),
  };
}
