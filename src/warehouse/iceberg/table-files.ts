import { OctavoError, type Storage } from '../../base/index.ts';
import { readAsWritten } from './checksum.ts';
import { localPath, type ManifestEntry } from './data-file.ts';
import { readManifest } from './manifest.ts';
import { readManifestList, type ManifestFile } from './manifest-list.ts';
import type { Snapshot } from './metadata.ts';

/** Reads manifest lists and manifests. They never change, so those last used are kept in memory. */
export interface TableFiles {
  /** The snapshot's manifests; `table_has_delete_files` when one of them holds deletes. */
  manifests(snapshot: Snapshot): Promise<readonly ManifestFile[]>;
  entries(manifest: ManifestFile): Promise<readonly ManifestEntry[]>;
  /** Remembers the content of files that were just written, so that they need not be read. */
  remember(written: WrittenMetadata): void;
}

/** A manifest list and the manifests beside it, by absolute path. */
export interface WrittenMetadata {
  readonly list: { readonly path: string; readonly manifests: readonly ManifestFile[] };
  readonly manifests: ReadonlyMap<string, readonly ManifestEntry[]>;
}

/** Files of tables in this storage. */
export function createTableFiles(storage: Storage): TableFiles {
  const lists = new Map<string, readonly ManifestFile[]>();
  const manifests = new Map<string, readonly ManifestEntry[]>();
  return {
    manifests: async (snapshot) => {
      const path = localPath(snapshot['manifest-list']);
      const list = await cached(lists, path, async () =>
        readManifestList(await readAsWritten(storage, path), path),
      );
      const deletes = list.find(
        (manifest) => manifest.content === 'deletes' && manifest.addedFiles + manifest.existingFiles > 0,
      );
      if (deletes !== undefined) throw new OctavoError('table_has_delete_files', `manifest ${deletes.path}`);
      return list.filter((manifest) => manifest.content === 'data');
    },
    entries: async (manifest) => {
      const path = localPath(manifest.path);
      return cached(manifests, path, async () => {
        const inherited = { snapshotId: manifest.addedSnapshotId, sequenceNumber: manifest.sequenceNumber };
        return readManifest(await readAsWritten(storage, path), path, inherited).entries;
      });
    },
    remember: (written) => {
      put(lists, written.list.path, written.list.manifests);
      for (const [path, entries] of written.manifests) put(manifests, path, entries);
    },
  };
}

async function cached<T>(cache: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const value = await read();
  put(cache, key, value);
  return value;
}

function put<T>(cache: Map<string, T>, key: string, value: T): void {
  const oldest = cache.keys().next();
  if (cache.size >= filesCachedMax && oldest.done !== true) cache.delete(oldest.value);
  cache.set(key, value);
}

const filesCachedMax = 1024;
