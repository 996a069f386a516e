import type { Storage } from '../../base/index.ts';
import { encodeIds, readDirectory, type IdDirectory } from './id-file.ts';
import { keysOf, sourceOf } from './bucket-keys.ts';

/** How files began to end before their keys lay in the order of the hashes; the slots are the same, their places and filters are not. */
const formerMagic = 'OCTAVOI1';

/**
 * Writes a file of the former form anew, in its place, so that nothing that was known is taken for new after an upgrade.
 * Undefined when it is none, or damaged.
 */
export async function rewriteFormer(storage: Storage, path: string): Promise<IdDirectory | undefined> {
  const former = await readDirectory(storage, path, formerMagic);
  if (former === undefined) return undefined;
  const keys = await keysOf(storage, path, former);
  if (keys === undefined) return undefined;
  const { writtenMs, covered } = former;
  const { bytes, directory } = await encodeIds(sourceOf(keys), { writtenMs, covered });
  await storage.write(path, bytes);
  return directory;
}
