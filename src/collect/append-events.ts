import type { EventFacts, StoredEvent } from '../event/index.ts';
import type { EventLog } from './event-log.ts';

/** What an event's order is kept by: its reader, else its device, else nothing but itself. */
export function orderKeyOf(event: Pick<EventFacts, 'id' | 'reader_id' | 'device_id'>): string {
  return event.reader_id ?? event.device_id ?? event.id;
}

/** The partition of an event, so that a reader's events stay in order. */
export function partitionOf(event: Parameters<typeof orderKeyOf>[0], partitions: number): number {
  return partitions === 1 ? 0 : partitionOfKey(orderKeyOf(event), partitions);
}

/** The partition of what has this key. */
export function partitionOfKey(key: string, partitions: number): number {
  return spread(key) % partitions;
}

/** Writes stored events straight into the log, in the collector's shape; resolves when all are durable. */
export async function appendEvents(log: EventLog, events: readonly StoredEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += chunkMax) {
    const parts = Array.from({ length: log.partitions }, (): { records: Buffer[]; keys: string[] } => {
      return { records: [], keys: [] };
    });
    for (const event of events.slice(start, start + chunkMax)) {
      const part = parts[partitionOf(event, log.partitions)];
      part?.records.push(Buffer.from(JSON.stringify(event)));
      part?.keys.push(orderKeyOf(event));
    }
    await Promise.all(
      parts.map(async ({ records, keys }, partition) => {
        if (records.length > 0) await log.append(partition, records, keys);
      }),
    );
  }
}

const chunkMax = 2000;

/** FNV-1a over the text's code units, its bits mixed once more (the last step of MurmurHash3). */
function spread(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
