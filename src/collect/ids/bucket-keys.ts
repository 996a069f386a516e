import { setTimeout } from 'node:timers/promises';
import type { Storage } from '../../base/index.ts';
import { readKeys, type IdDirectory } from './id-file.ts';
import { keyBytes } from './id-key.ts';
import type { IdSource } from './id-table.ts';

/** Keys of one bucket, their words one after another. */
export interface BucketKeys {
  readonly bucket: number;
  readonly keys: Uint32Array;
}

/** All keys of a file; undefined when it is damaged. */
export async function keysOf(
  storage: Storage,
  path: string,
  { sections }: IdDirectory,
): Promise<readonly BucketKeys[] | undefined> {
  const all: BucketKeys[] = [];
  for (const section of sections) {
    const keys = await readKeys(storage, path, section);
    if (keys === undefined) return undefined;
    all.push({ bucket: section.bucket, keys });
  }
  return all;
}

/** Keys of some buckets, as a source of a file. */
export function sourceOf(parts: readonly BucketKeys[]): IdSource {
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
