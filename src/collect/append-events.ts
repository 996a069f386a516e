import type { EventInput, StoredEvent } from '../event/index.ts';
import type { EventLog } from './event-log.ts';

/** The partition of an event: by its reader, else its device, else its id, so that a reader's events stay in order. */
export function partitionOf(event: EventInput, partitions: number): number {
  return partitions === 1 ? 0 : spread(event.reader_id ?? event.device_id ?? event.id) % partitions;
}

/** Writes stored events straight into the log, in the collector's shape; resolves when all are durable. */
export async function appendEvents(log: EventLog, events: readonly StoredEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += chunkMax) {
    const records: Buffer[][] = Array.from({ length: log.partitions }, () => []);
    for (const event of events.slice(start, start + chunkMax)) {
      records[partitionOf(event, log.partitions)]?.push(Buffer.from(JSON.stringify(event)));
    }
    await Promise.all(
      records.map(async (list, partition) => {
        if (list.length > 0) await log.append(partition, list);
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
