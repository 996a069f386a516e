import { OctavoError } from '../../base/index.ts';
import type { TableId } from '../catalog-port.ts';
import type { TableContext } from './commit-options.ts';
import { localPath } from './data-file.ts';
import type { ManifestFile } from './manifest-list.ts';
import type { Snapshot, SnapshotId, TableMetadata } from './metadata.ts';
import type { TableFiles } from './table-files.ts';

/**
 * Forgets snapshots made before the instant and removes the files that only they hold. Kept are
 * what a branch or tag names, the cited ones, and everything newer. A crash on the way leaves
 * files that `removeOrphans` finds.
 */
export async function expireSnapshots(
  context: TableContext,
  id: TableId,
  options: { readonly olderThanMs: number; readonly keep?: readonly SnapshotId[] },
): Promise<{ readonly snapshotIds: readonly SnapshotId[]; readonly removedFiles: number }> {
  const { metadata } = await context.catalog.load(id);
  const kept = new Set([
    ...(options.keep ?? []),
    ...Object.values(metadata.refs).map((ref) => ref['snapshot-id']),
  ]);
  const expires = (snapshot: Snapshot): boolean =>
    !kept.has(snapshot['snapshot-id']) && snapshot['timestamp-ms'] < options.olderThanMs;
  const expired = metadata.snapshots.filter(expires);
  if (expired.length === 0) return { snapshotIds: [], removedFiles: 0 };
  const before = await reachable(context.files, expired, 'every');
  const after = await reachable(
    context.files,
    metadata.snapshots.filter((snapshot) => !expires(snapshot)),
    'live',
  );
  const snapshotIds = expired.map((snapshot) => snapshot['snapshot-id']);
  await context.catalog.commit(
    id,
    [
      { type: 'assert-table-uuid', uuid: metadata['table-uuid'] },
      // A snapshot that got a name since must not be lost.
      ...Object.entries(metadata.refs).map(([ref, { 'snapshot-id': named }]) => {
        return { type: 'assert-ref-snapshot-id' as const, ref, 'snapshot-id': named };
      }),
    ],
    [{ action: 'remove-snapshots', 'snapshot-ids': snapshotIds }],
  );
  const gone = [...before].filter((path) => !after.has(path));
  for (const path of gone) await context.storage.remove(path);
  return { snapshotIds, removedFiles: gone.length };
}

/**
 * Removes files in the table's folder that no snapshot and no metadata file names and that were
 * last changed before the instant. The instant must be older than any write still under way.
 */
export async function removeOrphans(
  context: TableContext,
  id: TableId,
  options: { readonly olderThanMs: number },
): Promise<{ readonly paths: readonly string[] }> {
  const { metadata, metadataLocation } = await context.catalog.load(id);
  const named = await reachable(context.files, metadata.snapshots, 'live');
  named.add(localPath(metadataLocation));
  for (const entry of metadata['metadata-log']) named.add(localPath(entry['metadata-file']));
  for (const file of otherFiles(metadata)) named.add(localPath(file));
  const paths: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > folderDepthMax)
      throw new OctavoError('table_unsupported', `${folder} is nested deeper than ${folderDepthMax} folders`);
    for (const entry of await context.storage.list(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.directory) await visit(path, depth + 1);
      else if (!named.has(path) && entry.modifiedMs < options.olderThanMs) paths.push(path);
    }
  };
  const root = localPath(metadata.location);
  await visit(`${root}/data`, 0);
  await visit(`${root}/metadata`, 0);
  for (const path of paths) await context.storage.remove(path);
  return { paths };
}

async function reachable(
  files: TableFiles,
  snapshots: readonly Snapshot[],
  which: 'live' | 'every',
): Promise<Set<string>> {
  const paths = new Set<string>();
  const seen = new Set<string>();
  for (const snapshot of snapshots) {
    paths.add(localPath(snapshot['manifest-list']));
    for (const manifest of await files.manifests(snapshot)) {
      if (!seen.has(manifest.path)) await addManifest(files, manifest, paths, which);
      seen.add(manifest.path);
    }
  }
  return paths;
}

async function addManifest(
  files: TableFiles,
  manifest: ManifestFile,
  paths: Set<string>,
  which: 'live' | 'every',
): Promise<void> {
  paths.add(localPath(manifest.path));
  for (const entry of await files.entries(manifest)) {
    if (which === 'every' || entry.status !== 'deleted') paths.add(localPath(entry.file.path));
  }
}

function otherFiles(metadata: TableMetadata): readonly string[] {
  return [...(metadata.statistics ?? []), ...(metadata['partition-statistics'] ?? [])].map(
    (file) => file['statistics-path'],
  );
}

const folderDepthMax = 8;
