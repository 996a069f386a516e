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
  // What is written out meanwhile must not claim the records that were not read yet.
  let reached: number[] | undefined = [];
  const reachedNow = (): readonly number[] | undefined => reached?.slice();
  const { seen, covered } = await openSeenIds({
    ...ids,
    log: events,
    clock,
    logger,
    settled,
    reached: reachedNow,
  });
  try {
    const ends: number[] = [];
    for (let partition = 0; partition < events.partitions; partition++) {
      const end = await events.end(partition);
      ends.push(end);
      reached.push(Math.max(await events.start(partition), covered[partition] ?? end - recentIdsMax));
    }
    for (const [partition, end] of ends.entries()) {
      let next = reached[partition] ?? end;
      while (next < end) {
        const batch = await events.read(partition, next, readMax);
        for (const record of batch.records) {
          await seen.room();
          add(seen, record);
        }
        if (batch.nextOffset <= next) break;
        next = batch.nextOffset;
        reached[partition] = next;
      }
    }
  } catch (error) {
    // What is being written is not left to itself.
    await seen.close();
    throw error;
  }
  reached = undefined;
  seen.start();
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
