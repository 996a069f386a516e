import type { RecentIds } from '../recent-ids.ts';
import type { SeenIds } from './seen-ids.ts';

/** Ids that lie in memory alone: of the newest events, as long as the process lives. */
export function memoryIds(recent: RecentIds): SeenIds {
  return {
    add: (source, id) => (recent.add(source, id) ? 'new' : 'known'),
    onDisk: async () => false,
    has: async (source, id) => recent.has(source, id),
    delete: (source, id) => recent.delete(source, id),
    room: () => undefined,
    start: () => undefined,
    save: async () => undefined,
    close: async () => undefined,
  };
}
