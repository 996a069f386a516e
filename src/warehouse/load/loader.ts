import { join } from 'node:path';
import { count, gauge, hasCode, observe, OctavoError, uuidv7, type Logger } from '../../base/index.ts';
import type { EventLog } from '../../collect/index.ts';
import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteText } from '../duckdb/types.ts';
import { currentSchema } from '../iceberg/metadata.ts';
import { planScan } from '../iceberg/scan.ts';
import { filesSelect } from '../table-view.ts';
import { sealedPrefix, type Warehouse } from '../warehouse-port.ts';
import { makeBusinessDays } from './business-days.ts';
import { eventColumns, eventRecordType, failedColumns, failedRecordType } from './event-columns.ts';

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
    return add(events, failed);
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
      if (!hasCode(error, 'commit_conflict') || attempt >= attemptsMax) throw error;
      await warehouse.context.clock.sleep(warehouse.context.random.below(20 * attempt));
    }
  }
}

interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

interface Taken {
  readonly records: readonly LogRecord[];
  /** The next offset of every partition. */
  readonly next: readonly number[];
  readonly more: boolean;
}

/** Property of the table that says up to which offset it has a topic's partition. */
function offsetKey(topic: string, partition: number): string {
  return `octavo.log.${topic}.${partition}`;
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
    const broken = await readRecords(session, warehouse, taken.records, eventRecordType);
    await session.run(`create temp table flat as select e.id as event_id, e.kind as kind, e.occurred_at as occurred_at, e.sent_at as sent_at,
      e.received_at as received_at, e.reader_id as reader_id, e.device_id as device_id, e.session_id as session_id, e.source as source,
      e.page.url as page_url, e.page.referrer as page_referrer, e.page.title as page_title, e.app."name" as app_name, e.app.version as app_version,
      e.app.platform as app_platform, e.user_agent as user_agent, e.ip as ip, e.items as items, e.properties::varchar as properties,
      p as log_partition, o as log_offset from records where e.id is not null and e.kind is not null and isfinite(e.occurred_at)`);
    const kept = new Set(broken);
    const nulls = await session.query(
      `select p, o from records where e.id is null or e.kind is null or e.occurred_at is null or not isfinite(e.occurred_at)`,
      { rowsMax: taken.records.length },
    );
    if (nulls.rows.length > 0) {
      const places = new Set(nulls.rows.map((row) => `${String(row.p)}/${String(row.o)}`));
      for (const record of taken.records)
        if (places.has(`${record.partition}/${record.offset}`)) kept.add(record);
    }
    await keepUnreadable(session, warehouse, [...kept], taken.next);
    const sealed = new Set(
      Object.keys(properties)
        .filter((key) => key.startsWith(sealedPrefix))
        .map((key) => key.slice(sealedPrefix.length)),
    );
    await makeBusinessDays(session, warehouse.calendar, { relation: 'flat', instant: 'occurred_at', sealed });
    await session.run(`create temp table placed as select flat.*, d.late, d.counted_day as business_day, d.day as own_day
      from flat join business_days d on occurred_at >= d.start_at and occurred_at < d.end_at`);
    await session.run(`create temp table firsts as select * exclude (copy) from
      (select *, row_number() over (partition by event_id order by log_partition, log_offset) as copy from placed) where copy = 1`);
    const bounds = (
      await session.query(`select min(event_id) low, max(event_id) high, min(own_day) from_day from firsts`)
    ).rows[0];
    let known = 'select null::uuid event_id where false';
    if (bounds?.low !== null && bounds?.low !== undefined) {
      const plan = await planScan(warehouse.context.files, table.metadata, {
        filters: [
          { column: 'event_id', operator: '>=', value: String(bounds.low) },
          { column: 'event_id', operator: '<=', value: String(bounds.high) },
          { column: 'business_day', operator: '>=', value: String(bounds.from_day) },
        ],
      });
      known = filesSelect(
        currentSchema(table.metadata),
        plan.files.map((file) => file.path),
      );
    }
    await session.run(
      `create temp table fresh as select * exclude (own_day) from firsts anti join (select event_id from (${known})) using (event_id)`,
    );
    const counts = (
      await session.query(
        `select (select count(*) from placed) placed, count(*) loaded, count(*) filter (late) late from fresh`,
      )
    ).rows[0];
    const loaded = Number(counts?.loaded);
    const duplicates = Number(counts?.placed) - loaded;
    const offsets = Object.fromEntries(
      taken.next.map((offset, partition) => [offsetKey('events', partition), String(offset)]),
    );
    await warehouse.writeIn(session, 'raw.events', {
      select: 'select * from fresh',
      mode: 'append',
      orderBy: 'event_id',
      properties: offsets,
      summary: {
        ...offsets,
        'octavo.duplicates': String(duplicates),
        'octavo.late': String(Number(counts?.late)),
      },
      expectedSnapshotId: table.metadata['current-snapshot-id'] ?? null,
      ...(signal === undefined ? {} : { signal }),
    });
    return { loaded, duplicates, late: Number(counts?.late), failed: kept.size, more: taken.more };
  });
  await release(options.events, taken.next);
  count('octavo_warehouse_loaded_events_total', { outcome: 'loaded' }, outcome.loaded);
  count('octavo_warehouse_loaded_events_total', { outcome: 'duplicate' }, outcome.duplicates);
  count('octavo_warehouse_loaded_events_total', { outcome: 'failed' }, outcome.failed);
  observe('octavo_warehouse_load_seconds', (warehouse.context.clock.now() - startMs) / 1000);
  return outcome;
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
    const broken = await readRecords(session, warehouse, taken.records, failedRecordType);
    for (const record of broken)
      options.log.error('a refused event cannot be read', {
        partition: record.partition,
        offset: record.offset,
      });
    await session.run(`create temp table refused as select e.received_at as received_at, e.source as source, e.error.code as code, e.error.path as path,
      e.error."rule" as "rule", e.error.message as message, e.raw as raw, 'failed' as log_topic, p as log_partition, o as log_offset from records where e.received_at is not null`);
    await makeBusinessDays(session, warehouse.calendar, {
      relation: 'refused',
      instant: 'received_at',
      sealed: new Set(),
    });
    const offsets = Object.fromEntries(
      taken.next.map((offset, partition) => [offsetKey('failed', partition), String(offset)]),
    );
    const written = await warehouse.writeIn(session, 'raw.failed_events', {
      select:
        'select refused.*, d.day as business_day from refused join business_days d on received_at >= d.start_at and received_at < d.end_at',
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
      'the record in the event log is no readable event' as message, raw, 'events' as log_topic, log_partition, log_offset,
      date ${quoteText(warehouse.calendar.dayOf(nowMs))} as business_day from unreadable`,
    mode: 'append',
    properties: offsets,
    expectedSnapshotId: table.metadata['current-snapshot-id'] ?? null,
  });
}

/** Reads records into the temporary table `records(p, o, e)`; those that the JSON reader refuses are returned. */
async function readRecords(
  session: DuckdbSession,
  warehouse: Warehouse,
  records: readonly LogRecord[],
  type: string,
): Promise<readonly LogRecord[]> {
  const { storage, clock, random } = warehouse.context;
  await session.run(`create temp table records (p integer, o bigint, e ${type})`);
  const broken: LogRecord[] = [];
  const read = async (part: readonly LogRecord[]): Promise<void> => {
    if (part.length === 0) return;
    const path = join(
      warehouse.engine.scratch,
      `${uuidv7({ nowMs: clock.now(), next: () => random.next() })}.ndjson`,
    );
    try {
      const file = await storage.append(path);
      await file.append(Buffer.concat(part.flatMap(lineOf)));
      await file.close();
      await session.run(`insert into records select p, o, e from read_json(${quoteText(path)}, format = 'newline_delimited',
        columns = {p: 'INTEGER', o: 'BIGINT', e: ${quoteText(type)}}, maximum_object_size = 16777216)`);
    } catch (error) {
      if (
        !(error instanceof OctavoError) ||
        (error.code !== 'query_invalid' && error.code !== 'query_failed')
      )
        throw error;
      if (part.length === 1) {
        broken.push(part[0] as LogRecord);
        return;
      }
      const middle = part.length >> 1;
      await read(part.slice(0, middle));
      await read(part.slice(middle));
    } finally {
      await storage.remove(path).catch(() => undefined);
    }
  };
  await read(records);
  return broken;
}

const lineEnd = Buffer.from('}\n');

function lineOf(record: LogRecord): readonly Buffer[] {
  return [Buffer.from(`{"p":${record.partition},"o":${record.offset},"e":`), record.bytes, lineEnd];
}
