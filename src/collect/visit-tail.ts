import type { EventLog } from './event-log.ts';

/** Gives the newest records of every partition to `visit`, oldest first; a log without new ones ends it. */
export async function visitTail(
  log: EventLog,
  recordsMax: number,
  visit: (record: Buffer) => void,
): Promise<void> {
  const each = Math.ceil(recordsMax / log.partitions);
  for (let partition = 0; partition < log.partitions; partition++) {
    const end = await log.end(partition);
    let next = Math.max(await log.start(partition), end - each);
    while (next < end) {
      const batch = await log.read(partition, next, readMax);
      for (const record of batch.records) visit(record);
      if (batch.nextOffset <= next) break;
      next = batch.nextOffset;
    }
  }
}

const readMax = { recordsMax: 10_000, bytesMax: 8 * 1024 * 1024 };
