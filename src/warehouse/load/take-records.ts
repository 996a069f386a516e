import { count, gauge, hasCode, OctavoError } from '../../base/index.ts';
import { runOf, type EventLog, type RecordRun, type RunBatch } from '../../collect/index.ts';
import { keyOf, ownedBy, type LogShare, type Taken } from './log-share.ts';
import type { LoaderOptions } from './loader-options.ts';
import type { LogRecord } from './read-records.ts';

/** Records of one partition that lie one after another. */
export interface TakenRun extends RecordRun {
  readonly partition: number;
}

/** Reads what the table does not have of the share's partitions, as much as fits into one commit; `each` gets it, run by run. */
export async function takeRecords(
  share: LogShare,
  properties: Readonly<Record<string, string>>,
  options: Pick<LoaderOptions, 'recordsMax' | 'bytesMax' | 'log'> & {
    readonly each: (run: TakenRun) => Promise<void>;
  },
): Promise<Taken> {
  const { log, topic } = share;
  const owned = ownedBy(share);
  const recordsMax = Math.ceil((options.recordsMax ?? 400_000) / log.partitions);
  const bytesMax = Math.ceil((options.bytesMax ?? 256 * 1024 * 1024) / log.partitions);
  // All of them have ended when one that failed is told: none goes on behind its caller's back.
  const settled = await Promise.allSettled(
    owned.map(async (partition) => {
      const from = Number(properties[keyOf(share, partition)] ?? 0);
      const end = await log.end(partition);
      let [to, room, roomBytes] = [from, recordsMax, bytesMax];
      let isDamaged = false;
      while (room > 0 && roomBytes > 0 && to < end) {
        const batch = await readUndamaged(share, partition, {
          from: to,
          limits: { recordsMax: room, bytesMax: Math.min(roomBytes, readBytesMax) },
          log: options.log,
        });
        isDamaged = batch === undefined;
        if (batch === undefined) break;
        for (const damage of batch.damage) options.log.error('the event log is damaged', { ...damage });
        if (batch.damage.length > 0)
          count('octavo_warehouse_log_damage_total', { topic }, batch.damage.length);
        if (batch.nextOffset <= to) break;
        for (const run of batch.runs) {
          await options.each({ partition, ...run });
          room -= run.bounds.length - 1;
          roomBytes -= (run.bounds.at(-1) ?? 0) - (run.bounds[0] ?? 0);
        }
        to = batch.nextOffset;
      }
      return { partition, from, to, end, isDamaged, records: recordsMax - room };
    }),
  );
  const parts = settled.map((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  });
  gauge('octavo_warehouse_log_damaged_partitions', parts.filter(({ isDamaged }) => isDamaged).length, {
    topic,
  });
  tellLag(share, new Map(parts.map(({ partition, to, end }) => [partition, Math.max(0, end - to)])));
  return {
    recordCount: parts.reduce((sum, { records }) => sum + records, 0),
    spans: parts.filter(({ from, to }) => to > from),
    more: parts.some(({ to, end, isDamaged }) => to < end && !isDamaged),
  };
}

/** Undefined where the partition goes on only when its damage is mended: the other partitions are not kept waiting. */
async function readUndamaged(
  { log, topic }: LogShare,
  partition: number,
  read: {
    readonly from: number;
    readonly limits: Parameters<EventLog['read']>[2];
    readonly log: LoaderOptions['log'];
  },
): Promise<RunBatch | undefined> {
  try {
    if (log.readRuns !== undefined) return await log.readRuns(partition, read.from, read.limits);
    const { records, ...batch } = await log.read(partition, read.from, read.limits);
    return { ...batch, runs: records.length === 0 ? [] : [runOf(batch.firstOffset, records)] };
  } catch (error) {
    if (!hasCode(error, 'log_damaged')) throw error;
    read.log.error('a partition is damaged and waits, the others are loaded; it is tried again', {
      topic,
      partition,
      offset: read.from,
      reason: error.message,
      hint: error.hint,
    });
    return undefined;
  }
}

/** The records one by one, read again. Errors: `log_unavailable` when the log gives others than before. */
export async function readTaken({ log }: LogShare, taken: Taken): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for (const { partition, from, to } of taken.spans)
    for (let next = from; next < to;) {
      const batch = await log.read(partition, next, { recordsMax: to - next, bytesMax: readBytesMax });
      if (batch.nextOffset <= next) break;
      for (const [index, bytes] of batch.records.entries()) {
        const offset = batch.firstOffset + index;
        if (offset < to) records.push({ partition, offset, bytes });
      }
      next = batch.nextOffset;
    }
  if (records.length !== taken.recordCount)
    throw new OctavoError(
      'log_unavailable',
      `it gave ${taken.recordCount} records, and ${records.length} when they were read again`,
    );
  return records;
}

/** How many records of the share's partitions the table does not have. */
export async function waitingRecords(
  share: LogShare,
  properties: Readonly<Record<string, string>>,
): Promise<number> {
  const waiting = await Promise.all(
    ownedBy(share).map(async (partition) => {
      const end = await share.log.end(partition);
      return [partition, Math.max(0, end - Number(properties[keyOf(share, partition)] ?? 0))] as const;
    }),
  );
  tellLag(share, new Map(waiting));
  return waiting.reduce((all, [, lag]) => all + lag, 0);
}

/** A partition that another loader has now is told by that one. */
function tellLag({ log, topic }: LogShare, lags: ReadonlyMap<number, number>): void {
  for (let partition = 0; partition < log.partitions; partition++)
    gauge('octavo_warehouse_log_lag_records', lags.get(partition), { topic, partition: String(partition) });
}

/** Held at once of each partition. */
const readBytesMax = 16 * 1024 * 1024;
