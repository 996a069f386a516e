import { join } from 'node:path';
import { hasCode } from '../base/index.ts';
import { compactTable } from './compact.ts';
import type { SnapshotId } from './iceberg/metadata.ts';
import { expireSnapshots, removeOrphans } from './iceberg/upkeep.ts';
import { tableName } from './table-name.ts';
import type { Warehouse } from './warehouse-port.ts';

/** What is kept. */
export interface UpkeepOptions {
  /** Snapshots younger than this stay. */
  readonly snapshotsKeptMs: number;
  /** Files that nothing names stay until they are this old. */
  readonly orphansKeptMs: number;
  /** Snapshots that must stay whatever their age, by table. */
  readonly cited: Readonly<Record<string, readonly string[]>>;
  readonly signal?: AbortSignal;
}

/** No intermediate file is in use so long after it was last written. */
const scratchKeptMs = 86_400_000;
/** Nothing that may still be read or written is this young. */
const inUseMs = 3_600_000;

/**
 * Puts small files together, expires old snapshots of every table and removes files that no snapshot names. A table that another writer changes
 * at the same moment is passed over until the next time.
 */
export async function keepTables(
  warehouse: Warehouse,
  options: UpkeepOptions,
): Promise<Readonly<Record<'files_compacted' | 'snapshots_expired' | 'files_removed', number>>> {
  const nowMs = warehouse.context.clock.now();
  const counts = { files_compacted: 0, snapshots_expired: 0, files_removed: 0 };
  for (const table of await warehouse.tables()) {
    const { id } = table;
    options.signal?.throwIfAborted();
    const keep = (options.cited[tableName(id)] ?? []).map((snapshot): SnapshotId => BigInt(snapshot));
    try {
      const compacted = await compactTable(warehouse, table, signalOf(options));
      counts.files_compacted += compacted.filesBefore - compacted.filesAfter;
      const olderThanMs = nowMs - Math.max(inUseMs, options.snapshotsKeptMs);
      const expired = await expireSnapshots(warehouse.context, id, { olderThanMs, keep });
      counts.snapshots_expired += expired.snapshotIds.length;
      counts.files_removed += expired.removedFiles;
    } catch (error) {
      if (!hasCode(error, 'commit_conflict')) throw error;
    }
    const orphans = await removeOrphans(warehouse.context, id, {
      olderThanMs: nowMs - Math.max(inUseMs, options.orphansKeptMs),
    });
    counts.files_removed += orphans.paths.length;
  }
  counts.files_removed += await removeScratch(
    warehouse,
    nowMs - Math.max(scratchKeptMs, options.orphansKeptMs),
  );
  return counts;
}

/** Removes intermediate files that killed processes left behind. */
async function removeScratch({ context, engine }: Warehouse, olderThanMs: number): Promise<number> {
  const { storage } = context;
  const files = await storage.list(engine.scratch);
  const old = files.filter(({ directory, modifiedMs }) => !directory && modifiedMs < olderThanMs);
  for (const { name } of old) await storage.remove(join(engine.scratch, name)).catch(() => undefined);
  return old.length;
}

function signalOf({ signal }: UpkeepOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
