import { OctavoError } from '../../base/index.ts';
import { recordsOf } from '../../collect/index.ts';
import { personalOf } from '../personal.ts';
import { makeBusinessDays } from './business-days.ts';
import { failedColumns, failedRecordType, refusedTarget } from './event-columns.ts';
import { nothing, type LoaderOptions, type LoadOutcome } from './loader-options.ts';
import { readRecords, type LogRecord } from './read-records.ts';
import { offsetsOf, releaseRecords, stillThere, type LogShare } from './log-share.ts';
import { takeRecords } from './take-records.ts';

/** Moves what waits in the log of refused events into `raw.failed_events`. */
export async function loadFailed(
  options: LoaderOptions,
  share: LogShare,
  signal: AbortSignal | undefined,
): Promise<LoadOutcome> {
  const { warehouse } = options;
  const table = await warehouse.ensureTable('raw.failed_events', failedColumns);
  const records: LogRecord[] = [];
  const taken = await takeRecords(share, table.metadata.properties, {
    ...options,
    each: async (run) => {
      for (const [index, bytes] of recordsOf(run).entries())
        records.push({ partition: run.partition, offset: run.firstOffset + index, bytes });
    },
  });
  if (taken.spans.length === 0) return { ...nothing, more: taken.more };
  const failed = await warehouse.engine.session(async (session) => {
    const target = { ...refusedTarget, recordType: failedRecordType };
    const broken = await readRecords(session, warehouse, records, target);
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
    const offsets = offsetsOf(share, taken);
    const written = await warehouse.writeIn(session, 'raw.failed_events', {
      select: `select refused.*, d.day as business_day from refused join business_days d on d.place = ${place}
        where received_at is not null`,
      mode: 'append',
      properties: { ...personalOf(failedColumns, failedColumns), ...offsets },
      summary: offsets,
      agrees: async ({ metadata }) => {
        if (!stillThere(share, taken, metadata.properties))
          throw new OctavoError('commit_conflict', 'another loader was first with the same records');
      },
      ...(signal === undefined ? {} : { signal }),
    });
    return written.recordCount;
  });
  await releaseRecords(share, taken);
  return { ...nothing, failed, more: taken.more };
}
