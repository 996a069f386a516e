import { count, OctavoError } from '../../base/index.ts';
import type { LoadedTable, TableId } from '../catalog-port.ts';
import type { Committed, CommitOptions, ContentChange, TableContext } from './commit-options.ts';
import type { DataFile } from './data-file.ts';
import { snapshotById, type Snapshot, type TableRequirement, type TableUpdate } from './metadata.ts';
import { planSnapshot, type SnapshotPlan } from './next-snapshot.ts';
import { specById } from './snapshot-plan.ts';

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

async function discard(context: TableContext, paths: readonly string[]): Promise<void> {
  for (const path of paths) await context.storage.remove(path).catch(() => undefined);
}

const attemptsMaxDefault = 10;
const retryDelayMs = 50;
