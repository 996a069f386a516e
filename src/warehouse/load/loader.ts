import { count, gauge, hasCode, observe, type BusinessDay, type Logger } from '../../base/index.ts';
import type { EventLog } from '../../collect/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteText } from '../duckdb/types.ts';
import { sealedPrefix, type Warehouse } from '../warehouse-port.ts';
import { makeBusinessDays } from './business-days.ts';
import {
  eventColumns,
  eventRecordType,
  failedColumns,
  failedRecordType,
  flatColumns,
  flatSelect,
  refusedTarget,
} from './event-columns.ts';
import { factsOf, isValid, onlyFresh } from './fresh-rows.ts';
import { offsetKey } from './log-offsets.ts';
import { readRecords, type LogRecord } from './read-records.ts';

/** What a loader works on. */
export interface LoaderOptions {
  readonly warehouse: Warehouse;
  /** Topic of accepted events. */
  readonly events: EventLog;
  /** Topic of refused events. */
  readonly failed?: EventLog;
  readonly log: Logger;
  /** Pause between loads. Default 2,000. */
  readonly intervalMs?: number;
  /** Records in one commit. Default 200,000. */
  readonly recordsMax?: number;
  /** Bytes read from one partition for one commit. Default 128 MiB. */
  readonly bytesMax?: number;
}

/** What one load did. */
export interface LoadOutcome {
  readonly loaded: number;
  /** Dropped: their event id was there already. */
  readonly duplicates: number;
  /** Counted for a later day, because their own is sealed. */
  readonly late: number;
  /** Kept in `raw.failed_events`: records that could not be read, and refused events of the topic `failed`. */
  readonly failed: number;
  /** True when the log may hold more. */
  readonly more: boolean;
}

/** Moves events from the log into `raw.events` and `raw.failed_events`, each exactly once. */
export interface Loader {
  /** Everything that is in the log now, or as much as fits into one commit. */
  loadOnce(signal?: AbortSignal): Promise<LoadOutcome>;
  /** Loads until nothing is left. */
  loadAll(signal?: AbortSignal): Promise<LoadOutcome>;
  /** Loads again and again until the signal aborts; errors that may pass are logged and tried again. */
  run(signal: AbortSignal): Promise<void>;
}

const attemptsMax = 8;
const overtakenCodes = ['commit_conflict', 'log_offset_gone', 'day_sealed'] as const;
const nothing: LoadOutcome = { loaded: 0, duplicates: 0, late: 0, failed: 0, more: false };

/** Several loaders may run: of two that load the same records one commits, and the other begins again after them. */
export function createLoader(options: LoaderOptions): Loader {
  const { warehouse, log } = options;
  const { clock } = warehouse.context;
  const intervalMs = options.intervalMs ?? 2_000;
  const loadOnce = async (signal?: AbortSignal): Promise<LoadOutcome> => {
    const events = await retried(warehouse, () => loadEvents(options, signal));
    const failed =
      options.failed === undefined
        ? nothing
        : await retried(warehouse, () => loadFailed(options, options.failed as EventLog, signal));
    return { ...add(events, failed), more: events.more || failed.more };
  };
  const loadAll = async (signal?: AbortSignal): Promise<LoadOutcome> => {
    let total = nothing;
    do total = { ...add(total, await loadOnce(signal)) };
    while (total.more);
    return total;
  };
  return {
    loadOnce,
    loadAll,
    run: async (signal) => {
      while (!signal.aborted) {
        let more = false;
        try {
          more = (await loadOnce(signal)).more;
        } catch (error) {
          if (signal.aborted) return;
          log.error('loading events failed, it is tried again', {
            error: error instanceof Error ? error.message : String(error),
          });
        }
        if (!more) await clock.sleep(intervalMs, signal).catch(() => undefined);
      }
    },
  };
}

function add(left: LoadOutcome, right: LoadOutcome): LoadOutcome {
  return {
    loaded: left.loaded + right.loaded,
    duplicates: left.duplicates + right.duplicates,
    late: left.late + right.late,
    failed: left.failed + right.failed,
    more: right.more,
  };
}

async function retried(warehouse: Warehouse, load: () => Promise<LoadOutcome>): Promise<LoadOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await load();
    } catch (error) {
      // Another loader committed first, and may have released what it loaded; or a day was sealed since its events were
      // placed: they are placed again, as late.
      const overtaken = overtakenCodes.some((code) => hasCode(error, code));
      if (!overtaken || attempt >= attemptsMax) throw error;
      await warehouse.context.clock.sleep(warehouse.context.random.below(20 * attempt));
    }
  }
}

interface Taken {
  readonly records: readonly LogRecord[];
  /** The next offset of every partition. */
  readonly next: readonly number[];
  readonly more: boolean;
}

async function take(
  log: EventLog,
  topic: string,
  properties: Readonly<Record<string, string>>,
  options: LoaderOptions,
): Promise<Taken> {
  const records: LogRecord[] = [];
  const next: number[] = [];
  let [more, lag] = [false, 0];
  const recordsMax = Math.ceil((options.recordsMax ?? 200_000) / log.partitions);
  const bytesMax = Math.ceil((options.bytesMax ?? 128 * 1024 * 1024) / log.partitions);
  for (let partition = 0; partition < log.partitions; partition++) {
    let offset = Number(properties[offsetKey(topic, partition)] ?? 0);
    const end = await log.end(partition);
    let [room, roomBytes] = [recordsMax, bytesMax];
    while (room > 0 && roomBytes > 0 && offset < end) {
      const batch = await log.read(partition, offset, { recordsMax: room, bytesMax: roomBytes });
      for (const damage of batch.damage) options.log.error('the event log is damaged', { ...damage });
      if (batch.damage.length > 0) count('octavo_warehouse_log_damage_total', { topic }, batch.damage.length);
      if (batch.nextOffset <= offset) break;
      batch.records.forEach((bytes, index) =>
        records.push({ partition, offset: batch.firstOffset + index, bytes }),
      );
      room -= batch.records.length;
      roomBytes -= batch.records.reduce((sum, record) => sum + record.length, 0);
      offset = batch.nextOffset;
    }
    if (offset < end) more = true;
    lag += end - offset;
    next.push(offset);
  }
  gauge('octavo_warehouse_log_lag_records', lag, { topic });
  return { records, next, more };
}

async function release(log: EventLog, next: readonly number[]): Promise<void> {
  for (const [partition, offset] of next.entries()) await log.release(partition, offset);
}

async function loadEvents(options: LoaderOptions, signal: AbortSignal | undefined): Promise<LoadOutcome> {
  const { warehouse } = options;
  const startMs = warehouse.context.clock.now();
  const table = await warehouse.ensureTable('raw.events', eventColumns);
  const { properties } = table.metadata;
  const taken = await take(options.events, 'events', properties, options);
  if (
    taken.next.every(
      (offset, partition) => offset === Number(properties[offsetKey('events', partition)] ?? 0),
    )
  )
    return nothing;
  const outcome = await warehouse.engine.session(async (session) => {
    const target = { table: 'flat', columns: flatColumns, select: flatSelect, recordType: eventRecordType };
    const broken = await readRecords(session, warehouse, taken.records, target);
    const facts = await factsOf(session);
    const kept = new Set(broken);
    if (facts.invalid > 0) {
      const invalid = await session.query(
        `select log_partition as p, log_offset as o from flat where not coalesce(${isValid}, false)`,
        { rowsMax: taken.records.length },
      );
      const places = new Set(invalid.rows.map((row) => `${String(row.p)}/${String(row.o)}`));
      for (const record of taken.records)
        if (places.has(`${record.partition}/${record.offset}`)) kept.add(record);
    }
    await keepUnreadable(session, warehouse, [...kept], taken.next);
    const place = await makeBusinessDays(session, warehouse.calendar, {
      relation: 'flat',
      instant: 'occurred_at',
      sealed: sealedDaysOf(properties),
    });
    const joins = await onlyFresh(session, warehouse, table, facts);
    const counted =
      await session.query(`create temp table fresh_rows as select flat.rowid as place_in_flat, d.late, d.counted_day as business_day
      from flat join business_days d on d.place = ${place} ${joins} where ${isValid};
      select count(*) as loaded, count(*) filter (late) as late from fresh_rows`);
    const [loaded, late] = [Number(counted.rows[0]?.loaded), Number(counted.rows[0]?.late)];
    const duplicates = facts.valid - loaded;
    const offsets = Object.fromEntries(
      taken.next.map((offset, partition) => [offsetKey('events', partition), String(offset)]),
    );
    await warehouse.writeIn(session, 'raw.events', {
      select:
        'select flat.*, late, business_day from flat join fresh_rows on flat.rowid = fresh_rows.place_in_flat',
      stored: true,
      mode: 'append',
      properties: offsets,
      summary: {
        ...offsets,
        'octavo.duplicates': String(duplicates),
        'octavo.late': String(late),
      },
      expectedSnapshotId: table.metadata['current-snapshot-id'] ?? null,
      ...(signal === undefined ? {} : { signal }),
    });
    return { loaded, duplicates, late, failed: kept.size, more: taken.more };
  });
  await release(options.events, taken.next);
  count('octavo_warehouse_loaded_events_total', { outcome: 'loaded' }, outcome.loaded);
  count('octavo_warehouse_loaded_events_total', { outcome: 'duplicate' }, outcome.duplicates);
  count('octavo_warehouse_loaded_events_total', { outcome: 'failed' }, outcome.failed);
  observe('octavo_warehouse_load_seconds', (warehouse.context.clock.now() - startMs) / 1000);
  return outcome;
}

function sealedDaysOf(properties: Readonly<Record<string, string>>): ReadonlySet<BusinessDay> {
  const names = Object.keys(properties).filter((key) => key.startsWith(sealedPrefix));
  return new Set(names.map((key) => key.slice(sealedPrefix.length)));
}

async function loadFailed(
  options: LoaderOptions,
  log: EventLog,
  signal: AbortSignal | undefined,
): Promise<LoadOutcome> {
  const { warehouse } = options;
  const table = await warehouse.ensureTable('raw.failed_events', failedColumns);
  const { properties } = table.metadata;
  const taken = await take(log, 'failed', properties, options);
  if (
    taken.next.every(
      (offset, partition) => offset === Number(properties[offsetKey('failed', partition)] ?? 0),
    )
  )
    return nothing;
  const failed = await warehouse.engine.session(async (session) => {
    const target = { ...refusedTarget, recordType: failedRecordType };
    const broken = await readRecords(session, warehouse, taken.records, target);
    for (const record of broken)
      options.log.error('a refused event cannot be read', {
        partition: record.partition,
        offset: record.offset,
      });
    const place = await makeBusinessDays(session, warehouse.calendar, {
      relation: 'refused',
      instant: 'received_at',
      sealed: new Set(),
    });
    const offsets = Object.fromEntries(
      taken.next.map((offset, partition) => [offsetKey('failed', partition), String(offset)]),
    );
    const written = await warehouse.writeIn(session, 'raw.failed_events', {
      select: `select refused.*, d.day as business_day from refused join business_days d on d.place = ${place}
        where received_at is not null`,
      mode: 'append',
      properties: offsets,
      summary: offsets,
      expectedSnapshotId: table.metadata['current-snapshot-id'] ?? null,
      ...(signal === undefined ? {} : { signal }),
    });
    return written.recordCount;
  });
  await release(log, taken.next);
  return { ...nothing, failed, more: taken.more };
}

/** Records that cannot be read are written first, with an offset of their own, so that a crash in between doubles nothing. */
async function keepUnreadable(
  session: DuckdbSession,
  warehouse: Warehouse,
  records: readonly LogRecord[],
  next: readonly number[],
): Promise<void> {
  if (records.length === 0) return;
  const table = await warehouse.ensureTable('raw.failed_events', failedColumns);
  const { properties } = table.metadata;
  const fresh = records.filter(
    (record) => record.offset >= Number(properties[offsetKey('unreadable', record.partition)] ?? 0),
  );
  if (fresh.length === 0) return;
  const nowMs = warehouse.context.clock.now();
  await session.run(
    'create or replace temp table unreadable (raw varchar, log_partition int, log_offset bigint)',
  );
  for (const record of fresh) {
    await session.run('insert into unreadable values ($raw, $p, $o)', {
      parameters: {
        raw: record.bytes.toString('utf8').slice(0, 65_536),
        p: record.partition,
        o: record.offset,
      },
    });
  }
  const offsets = Object.fromEntries(
    next.map((offset, partition) => [offsetKey('unreadable', partition), String(offset)]),
  );
  await warehouse.writeIn(session, 'raw.failed_events', {
    select: `select make_timestamptz(${nowMs}000) as received_at, null::varchar as source, 'event_unreadable' as code, '' as path, 'format' as "rule",
      'the record in the event log is no readable event' as message, raw,
      cast(md5('octavo events ' || log_partition || ' ' || log_offset) as uuid) as event_id, 'events' as log_topic, log_partition, log_offset,
      date ${quoteText(warehouse.calendar.dayOf(nowMs))} as business_day from unreadable`,
    mode: 'append',
    properties: offsets,
    expectedSnapshotId: table.metadata['current-snapshot-id'] ?? null,
  });
}
