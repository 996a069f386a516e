import type { Clock, Logger, Storage } from '../base/index.ts';
import type { FailedEvent } from '../event/index.ts';
import type { EventLog } from './event-log.ts';
import { failedKey } from './failed-event.ts';
import { memoryIds } from './ids/memory-ids.ts';
import { openSeenIds, type SeenIds } from './ids/seen-ids.ts';
import { createRecentIds, type RecentIds } from './recent-ids.ts';
import { visitTail } from './visit-tail.ts';

/** Where the ids of stored events lie. */
export interface IdsOptions {
  readonly storage: Storage;
  /** Absolute. */
  readonly directory: string;
  /** Ids in memory before they are written out. Default 500,000. */
  readonly inMemory?: number;
}

/** What came before. */
export interface Remembered {
  readonly seen: SeenIds;
  readonly recentFailed: RecentIds;
}

/** Knows again what came: from the ids on the disk and the records after them; without a folder from the newest records. */
export async function rememberNewest(options: {
  readonly events: EventLog;
  readonly failed: EventLog;
  readonly recentIdsMax: number;
  readonly ids: IdsOptions | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settled: () => Promise<void>;
}): Promise<Remembered> {
  const { events, failed, recentIdsMax, ids, clock, logger, settled } = options;
  const recentFailed = createRecentIds(recentFailedMax);
  await visitTail(failed, recentFailedMax, (record) => {
    const event = JSON.parse(record.toString()) as FailedEvent;
    const key = failedKey(parseRaw(event.raw), event.error);
    if (key !== undefined) recentFailed.add(keySource(event.source), key);
  });
  const add = (seen: SeenIds, record: Buffer): void => {
    const event = JSON.parse(record.toString()) as { readonly id: string; readonly source: string };
    seen.add(keySource(event.source), event.id);
  };
  if (ids === undefined) {
    const seen = memoryIds(createRecentIds(recentIdsMax));
    await visitTail(events, recentIdsMax, (record) => add(seen, record));
    return { seen, recentFailed };
  }
  const { seen, covered } = await openSeenIds({ ...ids, log: events, clock, logger, settled });
  for (let partition = 0; partition < events.partitions; partition++) {
    const end = await events.end(partition);
    const from = covered[partition] ?? end - recentIdsMax;
    let next = Math.max(await events.start(partition), from);
    while (next < end) {
      await seen.room();
      const batch = await events.read(partition, next, readMax);
      for (const record of batch.records) add(seen, record);
      if (batch.nextOffset <= next) break;
      next = batch.nextOffset;
    }
  }
  return { seen, recentFailed };
}

const readMax = { recordsMax: 1_000, bytesMax: 8 * 1024 * 1024 };
const recentFailedMax = 100_000;

/** The name of the key in an event's source, which may have a part beside it. */
export function keySource(source: string): string {
  const end = source.indexOf('/');
  return end < 0 ? source : source.slice(0, end);
}

function parseRaw(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
