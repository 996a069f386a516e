import { join } from 'node:path';
import { lockFolder, OctavoError, silentLogger, type Logger, type Storage } from '../../base/index.ts';
import type { EventLog } from '../event-log.ts';
import { Partition } from './partition.ts';
import { recordsOf } from '../record-runs.ts';
import { packedOf } from './packed.ts';

/** What a journal is made of. */
export interface JournalOptions {
  readonly storage: Storage;
  /** The topic's folder, absolute. */
  readonly directory: string;
  readonly partitions: number;
  /** A segment is closed at this size. Default 64 MiB. */
  readonly segmentBytes?: number;
  readonly logger?: Logger;
  /** What was loaded of each partition already. */
  readonly loadedTo?: (partition: number) => number;
}

/** Opens the embedded event log; fails with `locked` when another writer has it. The format: docs/internals/journal-format.md. */
export async function openJournal(options: JournalOptions): Promise<EventLog> {
  const { storage, directory, partitions: partitionCount } = options;
  await storage.makeDirectory(directory);
  const lock = lockFolder(join(directory, 'lock.db'), { pid: process.pid, command: 'event log' });
  const opened: Partition[] = [];
  try {
    for (let partition = 0; partition < partitionCount; partition++) {
      opened.push(
        await Partition.open({
          storage,
          directory: join(directory, String(partition).padStart(4, '0')),
          partition,
          segmentBytes: options.segmentBytes ?? 64 * 1024 * 1024,
          logger: options.logger ?? silentLogger,
          ...(options.loadedTo === undefined ? {} : { loadedTo: options.loadedTo(partition) }),
        }),
      );
    }
  } catch (error) {
    lock.release();
    throw error;
  }
  const at = (partition: number): Partition => {
    const found = opened[partition];
    if (found === undefined)
      throw new OctavoError('argument_invalid', `partition ${partition} of ${partitionCount}`);
    return found;
  };
  const released = Array.from({ length: partitionCount }, () => 0);
  const held = Array.from({ length: partitionCount }, () => Infinity);
  const release = async (partition: number): Promise<void> => {
    await at(partition).release(Math.min(released[partition] ?? 0, held[partition] ?? Infinity));
  };
  return {
    partitions: partitionCount,
    append: async (partition, records) => await at(partition).append(packedOf(records)),
    appendPacked: async (partition, records) => await at(partition).append(records),
    read: async (partition, fromOffset, limits) => {
      const { runs, ...batch } = await at(partition).read(fromOffset, limits);
      return { ...batch, records: runs.flatMap(recordsOf) };
    },
    readRuns: async (partition, fromOffset, limits) => await at(partition).read(fromOffset, limits),
    start: async (partition) => at(partition).start,
    end: async (partition) => at(partition).end,
    release: async (partition, beforeOffset) => {
      released[partition] = Math.max(released[partition] ?? 0, beforeOffset);
      await release(partition);
    },
    hold: async (partition, fromOffset) => {
      held[partition] = fromOffset;
      await release(partition);
    },
    close: async () => {
      try {
        await Promise.all(opened.map((partition) => partition.close()));
      } finally {
        lock.release();
      }
    },
  };
}
