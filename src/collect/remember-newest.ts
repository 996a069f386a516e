import type { FailedEvent } from '../event/index.ts';
import type { EventLog } from './event-log.ts';
import { failedKey } from './failed-event.ts';
import { createRecentIds, type RecentIds } from './recent-ids.ts';
import { visitTail } from './visit-tail.ts';

/** Reads the newest records of the logs, to know again what came. */
export async function rememberNewest(
  { events, failed }: { readonly events: EventLog; readonly failed: EventLog },
  recentIdsMax: number,
): Promise<{ readonly recent: RecentIds; readonly recentFailed: RecentIds }> {
  const recent = createRecentIds(recentIdsMax);
  await visitTail(events, recentIdsMax, (record) => {
    const event = JSON.parse(record.toString()) as { readonly id: string; readonly source: string };
    recent.add(keySource(event.source), event.id);
  });
  const recentFailed = createRecentIds(recentFailedMax);
  await visitTail(failed, recentFailedMax, (record) => {
    const event = JSON.parse(record.toString()) as FailedEvent;
    const key = failedKey(parseRaw(event.raw), event.error);
    if (key !== undefined) recentFailed.add(keySource(event.source), key);
  });
  return { recent, recentFailed };
}

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
