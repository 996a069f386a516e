import { setProperties } from '../iceberg/verbs.ts';
import { parseTableName } from '../table-name.ts';
import type { Warehouse } from '../warehouse-port.ts';

/** Up to which offset the warehouse has each partition of the topics. */
export async function loadedOffsets(
  warehouse: Warehouse,
): Promise<(topic: 'events' | 'failed', partition: number) => number> {
  const tables = { events: 'raw.events', failed: 'raw.failed_events' } as const;
  const [events, failed] = await Promise.all(
    [tables.events, tables.failed].map(
      async (name) => (await warehouse.table(name))?.metadata.properties ?? {},
    ),
  );
  return (topic, partition) =>
    Number((topic === 'events' ? events : failed)?.[offsetKey(topic, partition)] ?? 0);
}

/**
 * Takes the loss of what was loaded and released before a table went back to an older state: loading goes on where the log
 * begins. Returns how many records are lost.
 */
export async function skipReleased(
  warehouse: Warehouse,
  topic: 'events' | 'failed',
  starts: ReadonlyMap<number, number>,
): Promise<number> {
  const loaded = await loadedOffsets(warehouse);
  const gone = [...starts].filter(([partition, start]) => start > loaded(topic, partition));
  if (gone.length === 0) return 0;
  const name = topic === 'events' ? 'raw.events' : 'raw.failed_events';
  const offsets = gone.map(([partition, start]) => [offsetKey(topic, partition), String(start)] as const);
  await setProperties(warehouse.context, parseTableName(name), Object.fromEntries(offsets));
  return gone.reduce((sum, [partition, start]) => sum + start - loaded(topic, partition), 0);
}

/** Property of the table that says up to which offset it has a topic's partition. */
export function offsetKey(topic: string, partition: number): string {
  return `octavo.log.${topic}.${partition}`;
}
