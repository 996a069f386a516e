import { count, gauge, hasCode } from '../../base/index.ts';
import type { EventLog, LogBatch, PartitionGroup } from '../../collect/index.ts';
import { offsetKey, type LogTopic } from './log-offsets.ts';
import type { LoaderOptions } from './loader-options.ts';
import type { LogRecord } from './read-records.ts';

/** A log, and which part of it this loader takes. */
export interface LogShare {
  readonly log: EventLog;
  readonly topic: LogTopic;
  /** Deals the partitions among loaders; without one, all are this loader's. */
  readonly group?: PartitionGroup;
}

/** Records for one commit. */
export interface Taken {
  readonly records: readonly LogRecord[];
  /** Where the table was when they were taken, and where it is with them, by partition. */
  readonly spans: readonly { readonly partition: number; readonly from: number; readonly to: number }[];
  readonly more: boolean;
}

/** Reads what the table does not have of the share's partitions, as much as fits into one commit. */
export async function takeRecords(
  share: LogShare,
  properties: Readonly<Record<string, string>>,
  options: Pick<LoaderOptions, 'recordsMax' | 'bytesMax' | 'log'>,
): Promise<Taken> {
  const { log, topic } = share;
  const owned = ownedBy(share);
  const recordsMax = Math.ceil((options.recordsMax ?? 200_000) / log.partitions);
  const bytesMax = Math.ceil((options.bytesMax ?? 128 * 1024 * 1024) / log.partitions);
  const parts = await Promise.all(
    owned.map(async (partition) => {
      const records: LogRecord[] = [];
      const from = Number(properties[keyOf(share, partition)] ?? 0);
      const end = await log.end(partition);
      let [to, room, roomBytes] = [from, recordsMax, bytesMax];
      let isDamaged = false;
      while (room > 0 && roomBytes > 0 && to < end) {
        const batch = await readUndamaged(share, partition, {
          from: to,
          limits: { recordsMax: room, bytesMax: roomBytes },
          log: options.log,
        });
        isDamaged = batch === undefined;
        if (batch === undefined) break;
        for (const damage of batch.damage) options.log.error('the event log is damaged', { ...damage });
        if (batch.damage.length > 0)
          count('octavo_warehouse_log_damage_total', { topic }, batch.damage.length);
        if (batch.nextOffset <= to) break;
        batch.records.forEach((bytes, index) =>
          records.push({ partition, offset: batch.firstOffset + index, bytes }),
        );
        room -= batch.records.length;
        roomBytes -= batch.records.reduce((sum, record) => sum + record.length, 0);
        to = batch.nextOffset;
      }
      return { partition, records, from, to, end, isDamaged };
    }),
  );
  gauge('octavo_warehouse_log_damaged_partitions', parts.filter(({ isDamaged }) => isDamaged).length, {
    topic,
  });
  tellLag(share, new Map(parts.map(({ partition, to, end }) => [partition, Math.max(0, end - to)])));
  return {
    records: parts.flatMap(({ records }) => records),
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
): Promise<LogBatch | undefined> {
  try {
    return await log.read(partition, read.from, read.limits);
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

/** The table properties that say how far the table is with the records. */
export function offsetsOf(share: LogShare, { spans }: Taken): Readonly<Record<string, string>> {
  return Object.fromEntries(spans.map(({ partition, to }) => [keyOf(share, partition), String(to)]));
}

/** Whether the table is still where it was when the records were taken. */
export function stillThere(
  share: LogShare,
  { spans }: Taken,
  properties: Readonly<Record<string, string>>,
): boolean {
  return spans.every(({ partition, from }) => Number(properties[keyOf(share, partition)] ?? 0) === from);
}

/** Tells the log that the records are in the table. */
export async function releaseRecords({ log, group }: LogShare, { spans }: Taken): Promise<void> {
  for (const { partition, to } of spans) await log.release(partition, to);
  await group?.told(new Map(spans.map(({ partition, to }) => [partition, to])));
}

function ownedBy({ log, group }: LogShare): readonly number[] {
  return group?.owned() ?? Array.from({ length: log.partitions }, (_, partition) => partition);
}

function keyOf({ log, topic }: LogShare, partition: number): string {
  return offsetKey(log.identity ?? topic, partition);
}
