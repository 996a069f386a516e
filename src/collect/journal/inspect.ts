import { join } from 'node:path';
import { hasCode, type Storage } from '../../base/index.ts';
import type { LogDamage, LogOffset } from '../event-log.ts';
import { scanSegment } from './scan.ts';
import { damageOf, placeOfName, segmentName } from './segments.ts';

/** What the files of a partition hold. */
export interface PartitionFiles {
  readonly partition: number;
  readonly start: LogOffset;
  readonly end: LogOffset;
  /** Stretches that cannot be read, and holes between files. A torn tail is none: it was never acknowledged. */
  readonly damage: readonly LogDamage[];
}

/** Reads the files of a journal without opening it, beside the process that writes it. */
export async function inspectJournal(
  storage: Storage,
  directory: string,
): Promise<readonly PartitionFiles[]> {
  const folders = (await storage.list(directory)).filter((one) => one.directory && /^\d{4}$/.test(one.name));
  return Promise.all(
    folders.map(({ name }) => inspectPartition(storage, join(directory, name), Number(name))),
  );
}

async function inspectPartition(
  storage: Storage,
  directory: string,
  partition: number,
): Promise<PartitionFiles> {
  const files = (await storage.list(directory)).filter(({ name }) => segmentName.test(name));
  const damage: LogDamage[] = [];
  let [start, end]: [number | undefined, number] = [undefined, 0];
  for (const { name } of files) {
    const { firstOffset } = placeOfName(name);
    const bytes = await storage.read(join(directory, name)).catch((error: unknown) => {
      // Removed meanwhile, because it was loaded.
      if (hasCode(error, 'storage_not_found')) return undefined;
      throw error;
    });
    if (bytes === undefined) continue;
    const scan = scanSegment(bytes, firstOffset);
    start ??= firstOffset;
    if (firstOffset > end && end > 0)
      damage.push(
        damageOf(partition, name, {
          position: 0,
          lengthBytes: 0,
          reason: `${firstOffset - end} records before it are in no file`,
        }),
      );
    damage.push(
      ...scan.gaps
        .filter((gap) => gap.position < scan.validBytes)
        .map((gap) => damageOf(partition, name, gap)),
    );
    const last = scan.frames.at(-1);
    end = last === undefined ? Math.max(end, firstOffset) : last.firstOffset + last.count;
  }
  return { partition, start: start ?? 0, end, damage };
}
