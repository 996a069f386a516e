import type { Random } from '../../base/index.ts';
import type { LoadedTable } from '../catalog-port.ts';
import { markOf } from './checksum.ts';
import type { CommitOptions, ContentChange, TableContext } from './commit-options.ts';
import { localPath, type DataFile, type ManifestEntry } from './data-file.ts';
import { writeManifest } from './manifest.ts';
import { writeManifestList, type ManifestFile } from './manifest-list.ts';
import {
  currentSchema,
  currentSnapshot,
  defaultSpec,
  snapshotById,
  type Snapshot,
  type SnapshotId,
  type TableMetadata,
} from './metadata.ts';
import { chunkEntries, rewriteEntries, specById, summarize, summaryOf, toDataFile } from './snapshot-plan.ts';
import type { WrittenMetadata } from './table-files.ts';

/** A snapshot that a change makes on top of a table's, and the metadata files that it needs. */
export interface SnapshotPlan extends WrittenMetadata {
  readonly snapshot: Snapshot;
  readonly added: readonly DataFile[];
  readonly removed: readonly DataFile[];
  /** Metadata files to be written for this try. */
  readonly metadata: readonly { readonly path: string; readonly bytes: Buffer }[];
}

/** Plans the snapshot; nothing is written. */
export async function planSnapshot(
  context: TableContext,
  table: LoadedTable,
  change: ContentChange,
  options: CommitOptions,
): Promise<SnapshotPlan> {
  const { metadata } = table;
  const parent = currentSnapshot(metadata);
  const spec = defaultSpec(metadata);
  const snapshotId = newSnapshotId(context.random, metadata);
  const sequenceNumber = BigInt(metadata['last-sequence-number'] + 1);
  const added = change.files.map((file) => toDataFile(file, spec));
  const removed: DataFile[] = [];
  const written: { readonly path: string; readonly bytes: Buffer }[] = [];
  const entriesOf = new Map<string, readonly ManifestEntry[]>();
  const folder = `${localPath(metadata.location)}/metadata`;
  const write = (specId: number, entries: readonly ManifestEntry[]): ManifestFile => {
    const writtenSpec = specById(metadata, specId);
    const bytes = writeManifest(entries, { schema: currentSchema(metadata), spec: writtenSpec });
    const path = `${folder}/${snapshotId}-m${written.length}${markOf(bytes)}.avro`;
    written.push({ path, bytes });
    entriesOf.set(path, entries);
    const partitions = summarize(entries, writtenSpec, currentSchema(metadata));
    return {
      path,
      lengthBytes: bytes.length,
      specId,
      content: 'data',
      sequenceNumber,
      addedSnapshotId: snapshotId,
      partitions,
      ...countsOf(entries, sequenceNumber),
    };
  };
  const manifests: ManifestFile[] = [];
  for (const manifest of parent === undefined ? [] : await context.files.manifests(parent)) {
    if (change.removes === undefined) {
      manifests.push(manifest);
      continue;
    }
    const entries = await context.files.entries(manifest);
    const manifestSpec = specById(metadata, manifest.specId);
    const removes = (entry: ManifestEntry): boolean => change.removes?.(entry.file, manifestSpec) === true;
    const gone = entries
      .filter((entry) => entry.status !== 'deleted' && removes(entry))
      .map((entry) => entry.file);
    removed.push(...gone);
    if (gone.length > 0) manifests.push(write(manifest.specId, rewriteEntries(entries, snapshotId, removes)));
    else if (manifest.addedFiles + manifest.existingFiles > 0) manifests.push(manifest);
  }
  if (added.length > 0) {
    const entries = added.map((file): ManifestEntry => {
      return { status: 'added', snapshotId, sequenceNumber, fileSequenceNumber: sequenceNumber, file };
    });
    for (const plan of chunkEntries(entries, spec['spec-id']))
      manifests.unshift(write(plan.specId, plan.entries));
  }
  const list =
    manifests.length > manifestsMax
      ? await mergeManifests(context, manifests, { specId: spec['spec-id'], snapshotId, write })
      : manifests;
  const listBytes = writeManifestList(list, {
    id: snapshotId,
    parentId: parent?.['snapshot-id'],
    sequenceNumber,
  });
  const listPath = `${folder}/snap-${snapshotId}${markOf(listBytes)}.avro`;
  written.push({ path: listPath, bytes: listBytes });
  const summary = summaryOf({ added, removed, specs: metadata['partition-specs'] }, parent);
  return {
    added,
    removed,
    metadata: written,
    list: { path: listPath, manifests: list },
    manifests: entriesOf,
    snapshot: {
      'snapshot-id': snapshotId,
      ...(parent === undefined ? {} : { 'parent-snapshot-id': parent['snapshot-id'] }),
      'sequence-number': Number(sequenceNumber),
      'timestamp-ms': Math.max(context.clock.now(), metadata['last-updated-ms']),
      'manifest-list': listPath,
      summary: { ...options.summary, ...summary, operation: change.operation },
      'schema-id': metadata['current-schema-id'],
    },
  };
}

interface MergeTarget {
  readonly specId: number;
  readonly snapshotId: SnapshotId;
  readonly write: (specId: number, entries: readonly ManifestEntry[]) => ManifestFile;
}

// Small manifests of earlier snapshots become few; those that this snapshot wrote, and large ones, stay.
async function mergeManifests(
  context: TableContext,
  manifests: readonly ManifestFile[],
  target: MergeTarget,
): Promise<readonly ManifestFile[]> {
  const merges = (manifest: ManifestFile): boolean =>
    manifest.specId === target.specId &&
    manifest.addedSnapshotId !== target.snapshotId &&
    manifest.addedFiles + manifest.existingFiles <= mergedFilesMax;
  const entries: ManifestEntry[] = [];
  for (const manifest of manifests.filter(merges)) {
    entries.push(...rewriteEntries(await context.files.entries(manifest), target.snapshotId, () => false));
  }
  const merged: ManifestFile[] = [];
  for (const plan of chunkEntries(entries, target.specId))
    merged.push(target.write(plan.specId, plan.entries));
  return [...manifests.filter((manifest) => !merges(manifest)), ...merged];
}

function countsOf(
  entries: readonly ManifestEntry[],
  sequenceNumber: bigint,
): Pick<
  ManifestFile,
  | 'addedFiles'
  | 'existingFiles'
  | 'deletedFiles'
  | 'addedRows'
  | 'existingRows'
  | 'deletedRows'
  | 'minSequenceNumber'
> {
  const of = (status: ManifestEntry['status']): readonly ManifestEntry[] =>
    entries.filter((entry) => entry.status === status);
  const rows = (list: readonly ManifestEntry[]): number =>
    list.reduce((sum, entry) => sum + entry.file.recordCount, 0);
  const [added, existing, deleted] = [of('added'), of('existing'), of('deleted')];
  const least = [...added, ...existing].reduce(
    (low, entry) => (entry.sequenceNumber < low ? entry.sequenceNumber : low),
    sequenceNumber,
  );
  return {
    addedFiles: added.length,
    existingFiles: existing.length,
    deletedFiles: deleted.length,
    addedRows: rows(added),
    existingRows: rows(existing),
    deletedRows: rows(deleted),
    minSequenceNumber: least,
  };
}

// Ids of ours stay below 2^53, so that readers in JavaScript that know no better keep them.
function newSnapshotId(random: Random, metadata: TableMetadata): SnapshotId {
  let id = BigInt(Math.floor(random.next() * 2 ** 52)) + 1n;
  while (snapshotById(metadata, id) !== undefined) id += 1n;
  return id;
}

const manifestsMax = 100;
const mergedFilesMax = 2000;
