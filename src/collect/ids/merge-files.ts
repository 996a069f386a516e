import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Storage } from '../../base/index.ts';
import { countOf, encodeIds, readKeys, type IdFile } from './id-file.ts';
import { keyBytes } from './id-key.ts';
import type { IdSource } from './id-table.ts';

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
  const parts: { readonly bucket: number; readonly keys: Uint32Array }[] = [];
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

function sourceOf(parts: readonly { readonly bucket: number; readonly keys: Uint32Array }[]): IdSource {
  return {
    forEach: async (visit) => {
      for (const { bucket, keys } of parts) {
        for (let at = 0; at < keys.length; at += keyWords) {
          visit(keys, at, bucket);
          if ((at & turnMask) === turnMask - 3) await setTimeout(restMs);
        }
      }
    },
  };
}

const keyWords = keyBytes / 4;
/** Of the words of keys that are visited in one turn: their order is that of each part, so the places are here and there. */
const turnMask = keyWords * 2_048 - 1;
const restMs = 1;
