import { join } from 'node:path';
import type { Logger, Storage } from '../../base/index.ts';
import { keysOf, sourceOf, type BucketKeys } from './bucket-keys.ts';
import { countOf, encodeIds, type IdFile } from './id-file.ts';

/** Small files that are left beside each other. */
const smallMax = 8;

/**
 * Makes one file of the small ones when there are many; `merged` are to be removed. The new one is written first, under the name of the newest with a
 * later number: a crash in between leaves ids twice, which changes nothing.
 */
export async function mergeFiles(
  place: {
    readonly storage: Storage;
    readonly directory: string;
    readonly idsMax: number;
    readonly logger: Logger;
  },
  files: readonly IdFile[],
): Promise<{ readonly files: readonly IdFile[]; readonly merged: readonly IdFile[] }> {
  const { storage, directory, idsMax, logger } = place;
  const small: IdFile[] = [];
  let ids = 0;
  for (const file of files.toReversed()) {
    if (ids + countOf(file) > idsMax) break;
    ids += countOf(file);
    small.push(file);
  }
  const newest = small[0];
  if (newest === undefined || small.length <= smallMax) return { files, merged: [] };
  const parts: BucketKeys[] = [];
  const merged: IdFile[] = [];
  for (const file of small) {
    const keys = await keysOf(storage, join(directory, file.name), file.directory);
    // What of it is whole is found where it is.
    if (keys === undefined)
      logger.error('a file of known ids is damaged and not merged', { file: file.name });
    else {
      parts.push(...keys);
      merged.push(file);
    }
  }
  if (merged.length < 2) return { files, merged: [] };
  const { writtenMs, covered } = newest.directory;
  const made = await encodeIds(sourceOf(parts), { writtenMs, covered });
  const serial = Number(newest.name.slice(16, 24)) + 1;
  const name = `${newest.name.slice(0, 15)}-${String(serial).padStart(8, '0')}.ids`;
  await storage.create(join(directory, name), made.bytes);
  const others = files.filter((file) => !merged.includes(file));
  return { files: [...others, { name, directory: made.directory }], merged };
}
