import { join } from 'node:path';
import type { Storage } from '../../base/index.ts';
import { sourceOf, type BucketKeys } from './bucket-keys.ts';
import { countOf, encodeIds, readKeys, type IdFile } from './id-file.ts';

/** Small files that are left beside each other. */
const smallMax = 8;

/**
 * Makes one file of the small ones when there are many; `merged` are to be removed. The new one is written first, under the name of the newest with a
 * later number: a crash in between leaves ids twice, which changes nothing.
 */
export async function mergeFiles(
  place: { readonly storage: Storage; readonly directory: string; readonly idsMax: number },
  files: readonly IdFile[],
): Promise<{ readonly files: readonly IdFile[]; readonly merged: readonly IdFile[] }> {
  const { storage, directory, idsMax } = place;
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
  for (const file of small) {
    for (const section of file.directory.sections)
      parts.push({
        bucket: section.bucket,
        keys: await readKeys(storage, join(directory, file.name), section),
      });
  }
  const { writtenMs, covered } = newest.directory;
  const made = await encodeIds(sourceOf(parts), { writtenMs, covered });
  const serial = Number(newest.name.slice(16, 24)) + 1;
  const name = `${newest.name.slice(0, 15)}-${String(serial).padStart(8, '0')}.ids`;
  await storage.create(join(directory, name), made.bytes);
  const others = files.filter((file) => !small.includes(file));
  return { files: [...others, { name, directory: made.directory }], merged: small };
}
