import { count, OctavoError, type Clock, type Random, type Storage } from '../../base/index.ts';
import type { Catalog, LoadedTable, TableId } from '../catalog-port.ts';
import { markOf } from './checksum.ts';
import { localPath, type DataFile, type DataFileInput, type ManifestEntry } from './data-file.ts';
import { writeManifest } from './manifest.ts';
import { writeManifestList, type ManifestFile } from './manifest-list.ts';
import {
  currentSchema,
  currentSnapshot,
  defaultSpec,
  snapshotById,
  type PartitionSpec,
  type Snapshot,
  type SnapshotId,
  type SnapshotOperation,
  type TableMetadata,
  type TableRequirement,
  type TableUpdate,
} from './metadata.ts';
import { chunkEntries, rewriteEntries, specById, summarize, summaryOf, toDataFile } from './snapshot-plan.ts';
import type { TableFiles, WrittenMetadata } from './table-files.ts';

/** What a commit needs of the world. */
export interface TableContext {
  readonly catalog: Catalog;
  readonly storage: Storage;
  readonly files: TableFiles;
  readonly clock: Clock;
  readonly random: Random;
}

/** What every commit may carry beside its files. */
export interface CommitOptions {
  /** Table properties set in the same commit. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Entries of the snapshot's summary beside the required ones. */
  readonly summary?: Readonly<Record<string, string>>;
  /** Refused with `fenced` when the table has seen a greater token under this name; the token is set in the same commit. */
  readonly fence?: { readonly name: string; readonly token: number };
  /** Refused with `commit_conflict` unless `main` still names this snapshot (null: the table is empty). */
  readonly expectedSnapshotId?: SnapshotId | null;
  /**
   * Looks at every state of the table that the snapshot is to be put on, and throws when it may not be: the commit then lands
   * on exactly a state that was looked at.
   */
  readonly agrees?: (base: LoadedTable) => Promise<void>;
  /** Tries before `commit_conflict`. Default 10. */
  readonly attemptsMax?: number;
  readonly signal?: AbortSignal;
}

/** The result of a commit. */
export interface Committed {
  readonly table: LoadedTable;
  readonly snapshotId: SnapshotId;
  readonly added: readonly DataFile[];
  readonly removed: readonly DataFile[];
}

/** A change of a table's contents. */
export interface ContentChange {
  readonly operation: SnapshotOperation;
  readonly files: readonly DataFileInput[];
  /** Which live files the snapshot removes. Default none. */
  readonly removes?: (file: DataFile, spec: PartitionSpec) => boolean;
  /** False: a try on a new base fails when other writers changed the files to be removed. Default true. */
  readonly overOthers?: boolean;
  /** Fails when the files to be removed are others than they were in this snapshot (null: in the empty table). */
  readonly readSnapshotId?: SnapshotId | null;
}

/**
 * Makes a snapshot on top of `main`: data files made durable, then manifests and manifest list,
 * then the catalogue's compare-and-swap. When another writer was first, it is planned again on
 * the new base. A crash at any moment leaves the old or the new contents.
 */
export async function commitSnapshot(
  context: TableContext,
  id: TableId,
  change: ContentChange,
  options: CommitOptions = {},
): Promise<Committed> {
  const attemptsMax = options.attemptsMax ?? attemptsMaxDefault;
  // Syncs wait for the disk, so they wait together: of data files and metadata here, the catalogue's own after them.
  let unsynced = change.files.map((file) => file.path);
  let expectedRemoved = await removedFrom(context, id, change);
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    const table = await context.catalog.load(id);
    await options.agrees?.(table);
    const plan = await planSnapshot(context, table, change, options);
    try {
      await makeDurable(context, plan, unsynced);
    } catch (error) {
      // A crashed process may have left files under an id that a source of random with the same seed gives again.
      if (error instanceof OctavoError && error.code === 'storage_exists' && attempt < attemptsMax) continue;
      throw error;
    }
    unsynced = [];
    const written = plan.metadata.map((file) => file.path);
    const removed = pathsOf(plan.removed);
    if (change.overOthers === false) expectedRemoved ??= removed;
    if (expectedRemoved !== undefined && removed !== expectedRemoved) {
      await discard(context, written);
      throw new OctavoError(
        'commit_conflict',
        `another writer changed the same days of ${id.namespace}.${id.name}`,
      );
    }
    try {
      const committed = await context.catalog.commit(
        id,
        requirementsOf(table, options),
        updatesOf(plan.snapshot, options),
      );
      context.files.remember(plan);
      return {
        table: committed,
        snapshotId: plan.snapshot['snapshot-id'],
        added: plan.added,
        removed: plan.removed,
      };
    } catch (error) {
      if (!(error instanceof OctavoError) || (error.code !== 'commit_conflict' && error.code !== 'fenced'))
        throw error;
      await discard(context, written);
      if (error.code === 'fenced' || options.expectedSnapshotId !== undefined || attempt >= attemptsMax)
        throw error;
      count('octavo_warehouse_commit_conflicts_total');
      await context.clock.sleep(context.random.below(retryDelayMs * attempt), options.signal);
    }
  }
}

/** The files that the change would have removed from the snapshot that was read; undefined when it names none. */
async function removedFrom(
  context: TableContext,
  id: TableId,
  { readSnapshotId, removes }: ContentChange,
): Promise<string | undefined> {
  if (readSnapshotId === undefined) return undefined;
  if (readSnapshotId === null || removes === undefined) return '';
  const { metadata } = await context.catalog.load(id);
  const snapshot = snapshotById(metadata, readSnapshotId);
  if (snapshot === undefined)
    throw new OctavoError(
      'commit_conflict',
      `snapshot ${readSnapshotId} of ${id.namespace}.${id.name} is gone`,
    );
  const removed: DataFile[] = [];
  for (const manifest of await context.files.manifests(snapshot)) {
    const spec = specById(metadata, manifest.specId);
    for (const { status, file } of await context.files.entries(manifest))
      if (status !== 'deleted' && removes(file, spec)) removed.push(file);
  }
  return pathsOf(removed);
}

function pathsOf(files: readonly DataFile[]): string {
  return files
    .map((file) => file.path)
    .toSorted()
    .join('\n');
}

interface SnapshotPlan extends WrittenMetadata {
  readonly snapshot: Snapshot;
  readonly added: readonly DataFile[];
  readonly removed: readonly DataFile[];
  /** Metadata files to be written for this try. */
  readonly metadata: readonly { readonly path: string; readonly bytes: Buffer }[];
}

/** Writes the plan's files and syncs the data files; when one of it fails, the metadata that was written goes again. */
async function makeDurable(
  context: TableContext,
  plan: SnapshotPlan,
  dataPaths: readonly string[],
): Promise<void> {
  const { storage } = context;
  const results = await Promise.allSettled([
    ...(dataPaths.length === 0 ? [] : [storage.sync(dataPaths).then(() => undefined)]),
    ...plan.metadata.map(({ path, bytes }) => storage.create(path, bytes).then(() => path)),
  ]);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return;
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await discard(
    context,
    made.filter((path) => path !== undefined),
  );
  throw failure.reason;
}

async function planSnapshot(
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

function requirementsOf(table: LoadedTable, options: CommitOptions): readonly TableRequirement[] {
  const { metadata } = table;
  const expected = options.expectedSnapshotId;
  return [
    { type: 'assert-table-uuid', uuid: metadata['table-uuid'] },
    {
      type: 'assert-ref-snapshot-id',
      ref: 'main',
      'snapshot-id': expected === undefined ? (metadata['current-snapshot-id'] ?? null) : expected,
    },
    { type: 'assert-default-spec-id', 'default-spec-id': metadata['default-spec-id'] },
    ...(options.fence ? [{ type: 'octavo-assert-fence' as const, ...options.fence }] : []),
  ];
}

function updatesOf(snapshot: Snapshot, options: CommitOptions): readonly TableUpdate[] {
  const { fence } = options;
  const properties = {
    ...options.properties,
    ...(fence && { [`octavo.fence.${fence.name}`]: String(fence.token) }),
  };
  return [
    { action: 'add-snapshot', snapshot },
    {
      action: 'set-snapshot-ref',
      'ref-name': 'main',
      type: 'branch',
      'snapshot-id': snapshot['snapshot-id'],
    },
    ...(Object.keys(properties).length > 0
      ? [{ action: 'set-properties' as const, updates: properties }]
      : []),
  ];
}

// Ids of ours stay below 2^53, so that readers in JavaScript that know no better keep them.
function newSnapshotId(random: Random, metadata: TableMetadata): SnapshotId {
  let id = BigInt(Math.floor(random.next() * 2 ** 52)) + 1n;
  while (snapshotById(metadata, id) !== undefined) id += 1n;
  return id;
}

async function discard(context: TableContext, paths: readonly string[]): Promise<void> {
  for (const path of paths) await context.storage.remove(path).catch(() => undefined);
}

const attemptsMaxDefault = 10;
const retryDelayMs = 50;
const manifestsMax = 100;
const mergedFilesMax = 2000;
