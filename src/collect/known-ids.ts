import { OctavoError } from '../base/index.ts';
import { outcomeText } from './answer.ts';
import type { SeenIds } from './ids/seen-ids.ts';
import type { RecentIds } from './recent-ids.ts';
import type { Sorted } from './sorted.ts';

/** What is remembered. */
interface Memory {
  readonly seen: SeenIds;
  readonly recentFailed: RecentIds;
  readonly unacknowledged: Set<string>;
}

/** Takes out of the new events those of which only the disk knew that they are stored. Fails before anything is written. */
export async function askDisk(
  sorted: Sorted,
  source: string,
  { seen, recentFailed, unacknowledged }: Memory,
): Promise<void> {
  const known = await Promise.all(sorted.asked.map(({ id }) => seen.onDisk(source, id))).catch(
    (error: unknown) => {
      for (const id of sorted.ids.flat()) seen.delete(source, id);
      for (const key of sorted.failedKeys) if (key !== '') recentFailed.delete(source, key);
      throw error;
    },
  );
  for (const [index, { id, partition, outcome }] of sorted.asked.entries()) {
    if (known[index] !== true) continue;
    const ids = sorted.ids[partition] ?? [];
    const at = ids.indexOf(id);
    for (const list of [ids, sorted.records[partition], sorted.orders[partition]]) list?.splice(at, 1);
    if (unacknowledged.delete(keyOf(source, id))) sorted.durable.push(id);
    else {
      sorted.outcomes[outcome] = outcomeText(id, 'duplicate');
      sorted.accepted -= 1;
    }
  }
}

/** Fails when an earlier request, which has one of the ids, could not write it. */
export async function assertKept(
  sorted: Sorted,
  source: string,
  { seen, recentFailed }: Omit<Memory, 'unacknowledged'>,
): Promise<void> {
  const kept = await Promise.all(sorted.duplicates.map((id) => seen.has(source, id)));
  const lost = kept.includes(false) || sorted.failedAgain.some((key) => !recentFailed.has(source, key));
  if (lost)
    throw new OctavoError('storage_failed', 'another request with the same event could not be stored');
}

/** An id among those of all sources. */
export function keyOf(source: string, id: string): string {
  return `${source} ${id.toLowerCase()}`;
}
