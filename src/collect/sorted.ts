import type { EventError, Receipt } from '../event/index.ts';
import { failedEvent, failedKey, idOf } from './failed-event.ts';
import type { RecentIds } from './recent-ids.ts';
import { keySource } from './remember-newest.ts';

/** A request's events, sorted into what is written where. */
export interface Sorted {
  readonly outcomes: string[];
  accepted: number;
  failed: number;
  /** New records and their ids, by partition. */
  readonly records: readonly Buffer[][];
  readonly ids: readonly string[][];
  /** What the order of the records is kept by. */
  readonly orders: readonly string[][];
  readonly duplicates: string[];
  /** New ones of which the disk is to be asked; `outcome` is their place among the outcomes. */
  readonly asked: { readonly id: string; readonly partition: number; readonly outcome: number }[];
  /** Ids of this request that are durable without being acknowledged. */
  readonly durable: string[];
  readonly failedRecords: Buffer[];
  /** Beside the records; '' for one without an id. */
  readonly failedKeys: string[];
  readonly failedAgain: string[];
}

/** Before the first event. */
export function emptySorted(partitions: number): Sorted {
  return {
    outcomes: [],
    accepted: 0,
    failed: 0,
    records: Array.from({ length: partitions }, () => []),
    ids: Array.from({ length: partitions }, () => []),
    orders: Array.from({ length: partitions }, () => []),
    duplicates: [],
    asked: [],
    durable: [],
    failedRecords: [],
    failedKeys: [],
    failedAgain: [],
  };
}

/** Keeps an event as failed, once for each reason. */
export function refuse(
  sorted: Sorted,
  value: unknown,
  about: {
    readonly error: EventError;
    readonly receipt: Receipt;
    readonly recentFailed: RecentIds;
    readonly kept: boolean;
  },
): void {
  const { error, receipt, recentFailed } = about;
  sorted.outcomes.push(JSON.stringify({ id: idOf(value), status: 'failed', error }));
  sorted.failed += 1;
  if (!about.kept) return;
  const key = failedKey(value, error);
  if (key !== undefined && !recentFailed.add(keySource(receipt.source), key)) {
    sorted.failedAgain.push(key);
    return;
  }
  sorted.failedKeys.push(key ?? '');
  sorted.failedRecords.push(Buffer.from(JSON.stringify(failedEvent(value, error, receipt))));
}

/** Records that are appended together, and what they are known by. */
interface Part {
  readonly partition: number;
  readonly records: readonly Buffer[];
  readonly keys: readonly string[];
  /** What their order is kept by. */
  readonly orders: readonly string[] | undefined;
}

/** Its new records, in pieces that are appended at once. */
export function partsOf({ records, ids, orders }: Sorted): readonly Part[] {
  return records.flatMap((list, partition) =>
    split(partition, list, ids[partition] ?? [], orders[partition]),
  );
}

/** Records in pieces of bounded size. */
export function split(
  partition: number,
  records: readonly Buffer[],
  keys: readonly string[],
  orders?: readonly string[],
): readonly Part[] {
  const parts: Part[] = [];
  for (let start = 0; start < records.length;) {
    let end = start;
    for (let bytes = 0; end < records.length && bytes < partBytesMax; end++)
      bytes += records[end]?.length ?? 0;
    parts.push({
      partition,
      records: records.slice(start, end),
      keys: keys.slice(start, end),
      orders: orders?.slice(start, end),
    });
    start = end;
  }
  return parts;
}

const partBytesMax = 4 * 1024 * 1024;
