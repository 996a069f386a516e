import { setProperties } from '../iceberg/verbs.ts';
import { parseTableName } from '../table-name.ts';
import type { Warehouse } from '../warehouse-port.ts';

/** Up to which offset the warehouse has each partition of the journal's topics, or of other logs by their identity. */
export async function loadedOffsets(
  warehouse: Warehouse,
): Promise<(topic: LogTopic, partition: number, identity?: string) => number> {
  const [events, failed] = await Promise.all(
    [topicTables.events, topicTables.failed].map(
      async (name) => (await warehouse.table(name))?.metadata.properties ?? {},
    ),
  );
  return (topic, partition, identity) =>
    Number((topic === 'events' ? events : failed)?.[offsetKey(identity ?? topic, partition)] ?? 0);
}

/** What lies in a log: accepted events, or refused ones. */
export type LogTopic = 'events' | 'failed';

const topicTables = { events: 'raw.events', failed: 'raw.failed_events' } as const;

/**
 * Takes the loss of what was loaded and released before a table went back to an older state: loading goes on where the log
 * begins. Returns how many records are lost.
 */
export async function skipReleased(
  warehouse: Warehouse,
  topic: LogTopic,
  starts: ReadonlyMap<number, number>,
  identity?: string,
): Promise<number> {
  const loaded = await loadedOffsets(warehouse);
  const gone = [...starts].filter(([partition, start]) => start > loaded(topic, partition, identity));
  if (gone.length === 0) return 0;
  const offsets = gone.map(
    ([partition, start]) => [offsetKey(identity ?? topic, partition), String(start)] as const,
  );
  await setProperties(warehouse.context, parseTableName(topicTables[topic]), Object.fromEntries(offsets));
  return gone.reduce((sum, [partition, start]) => sum + start - loaded(topic, partition, identity), 0);
}

/** Property of the table that says up to which offset it has a log's partition. */
export function offsetKey(log: string, partition: number): string {
  return `octavo.log.${log}.${partition}`;
}
