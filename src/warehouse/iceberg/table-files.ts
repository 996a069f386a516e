import { OctavoError, type Storage } from '../../base/index.ts';
import { localPath, type ManifestEntry } from './data-file.ts';
import { readManifest, type Manifest } from './manifest.ts';
import { readManifestList, type ManifestFile } from './manifest-list.ts';
import type { Snapshot } from './metadata.ts';

/** Reads manifest lists and manifests. They never change, so the latest are kept in memory. */
export interface TableFiles {
  /** The snapshot's manifests; `table_has_delete_files` when one of them holds deletes. */
  manifests(snapshot: Snapshot): Promise<readonly ManifestFile[]>;
  entries(manifest: ManifestFile): Promise<readonly ManifestEntry[]>;
}

/** Files of tables in this storage. */
export function createTableFiles(storage: Storage): TableFiles {
  const lists = new Map<string, readonly ManifestFile[]>();
  const manifests = new Map<string, Manifest>();
  return {
    manifests: async (snapshot) => {
      const path = localPath(snapshot['manifest-list']);
      const list = await remember(lists, path, async () =>
        readManifestList(await readMetadata(storage, path), path),
      );
      const deletes = list.find(
        (manifest) => manifest.content === 'deletes' && manifest.addedFiles + manifest.existingFiles > 0,
      );
      if (deletes !== undefined) throw new OctavoError('table_has_delete_files', `manifest ${deletes.path}`);
      return list.filter((manifest) => manifest.content === 'data');
    },
    entries: async (manifest) => {
      const path = localPath(manifest.path);
      const read = await remember(manifests, path, async () =>
        readManifest(await readMetadata(storage, path), path, {
          snapshotId: manifest.addedSnapshotId,
          sequenceNumber: manifest.sequenceNumber,
        }),
      );
      return read.entries;
    },
  };
}

async function readMetadata(storage: Storage, path: string): Promise<Buffer> {
  try {
    return await storage.read(path);
  } catch (cause) {
    if (!(cause instanceof OctavoError) || cause.code !== 'storage_not_found') throw cause;
    throw new OctavoError('metadata_damaged', `${path} is missing`, { cause, details: { path } });
  }
}

async function remember<T>(cache: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = await read();
  const oldest = cache.keys().next();
  if (cache.size >= filesCachedMax && oldest.done !== true) cache.delete(oldest.value);
  cache.set(key, value);
  return value;
}

const filesCachedMax = 512;
