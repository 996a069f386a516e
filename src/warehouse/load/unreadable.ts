import type { DuckdbSession } from '../duckdb/session.ts';
import { quoteText } from '../duckdb/types.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { failedColumns } from './event-columns.ts';
import { offsetKey } from './log-offsets.ts';
import type { LogRecord } from './read-records.ts';
import type { LogShare, Taken } from './log-share.ts';

/** Records that cannot be read are written first, with an offset of their own, so that a crash in between doubles nothing. */
export async function keepUnreadable(
  session: DuckdbSession,
  warehouse: Warehouse,
  records: readonly LogRecord[],
  { share: { log }, taken: { spans } }: { readonly share: LogShare; readonly taken: Taken },
): Promise<void> {
  if (records.length === 0) return;
  const keyOf = (partition: number): string =>
    offsetKey(log.identity === undefined ? 'unreadable' : `${log.identity}.unreadable`, partition);
  const table = await warehouse.ensureTable('raw.failed_events', failedColumns);
  const { properties } = table.metadata;
  const fresh = records.filter((record) => record.offset >= Number(properties[keyOf(record.partition)] ?? 0));
  if (fresh.length === 0) return;
  const made = quoteText(`octavo ${log.identity ?? 'events'} `);
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
  await warehouse.writeIn(session, 'raw.failed_events', {
    select: `select make_timestamptz(${nowMs}000) as received_at, null::varchar as source, 'event_unreadable' as code, '' as path, 'format' as "rule",
      'the record in the event log is no readable event' as message, raw,
      cast(md5(${made} || log_partition || ' ' || log_offset) as uuid) as event_id,
      'events' as log_topic, log_partition, log_offset,
      date ${quoteText(warehouse.calendar.dayOf(nowMs))} as business_day from unreadable`,
    mode: 'append',
    properties: Object.fromEntries(spans.map(({ partition, to }) => [keyOf(partition), String(to)])),
    expectedSnapshotId: table.metadata['current-snapshot-id'] ?? null,
  });
}
