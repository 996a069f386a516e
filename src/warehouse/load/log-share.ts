import type { EventLog, PartitionGroup } from '../../collect/index.ts';
import { offsetKey, type LogTopic } from './log-offsets.ts';

/** A log, and which part of it this loader takes. */
export interface LogShare {
  readonly log: EventLog;
  readonly topic: LogTopic;
  /** Deals the partitions among loaders; without one, all are this loader's. */
  readonly group?: PartitionGroup;
}

/** Records for one commit. */
export interface Taken {
  readonly recordCount: number;
  /** Where the table was when they were taken, and where it is with them, by partition. */
  readonly spans: readonly { readonly partition: number; readonly from: number; readonly to: number }[];
  readonly more: boolean;
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

/** Whether the table does not have all of the records. */
export function stillBefore(
  share: LogShare,
  { spans }: Taken,
  properties: Readonly<Record<string, string>>,
): boolean {
  return spans.some(({ partition, to }) => Number(properties[keyOf(share, partition)] ?? 0) < to);
}

/** Tells the log that the records are in the table. */
export async function releaseRecords({ log, group }: LogShare, { spans }: Taken): Promise<void> {
  for (const { partition, to } of spans) await log.release(partition, to);
  await group?.told(new Map(spans.map(({ partition, to }) => [partition, to])));
}

/** Whether all of it is still this loader's. */
export function isOwner(share: LogShare, { spans }: Taken): boolean {
  const owned = ownedBy(share);
  return spans.every(({ partition }) => owned.includes(partition));
}

/** The partitions that are this loader's. */
export function ownedBy({ log, group }: LogShare): readonly number[] {
  return group?.owned() ?? Array.from({ length: log.partitions }, (_, partition) => partition);
}

/** The table property of a partition's offset. */
export function keyOf({ log, topic }: LogShare, partition: number): string {
  return offsetKey(log.identity ?? topic, partition);
}
