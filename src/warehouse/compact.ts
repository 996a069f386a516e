import { count, OctavoError, type BusinessDay } from '../base/index.ts';
import type { LoadedTable } from './catalog-port.ts';
import { damageOf } from './data-guard.ts';
import { dayOfFile, localPath, type DataFile } from './iceberg/data-file.ts';
import { currentSchema, defaultSpec } from './iceberg/metadata.ts';
import { rewriteFiles } from './iceberg/verbs.ts';
import { filesSelect } from './table-view.ts';
import type { Warehouse } from './warehouse-port.ts';
import { writeFiles } from './write-files.ts';

/** Which files are put together. */
export interface CompactOptions {
  /** A smaller file is a small one. Default 16 MiB. */
  readonly smallBytes?: number;
  /** Days with fewer small files stay as they are. Default 8. */
  readonly filesMin?: number;
  /** Only this day; default every day, and what has none. */
  readonly day?: BusinessDay;
  readonly signal?: AbortSignal;
}

/**
 * Puts the small files of each day together, in one commit a day, and those of a table without days in one: the rows stay the
 * same, and snapshots of before keep their files until they expire. Files that come meanwhile stay beside. Errors:
 * `commit_conflict` when another writer replaced the same files, `data_damaged` when one of them is broken: it is not written again.
 */
export async function compactTable(
  warehouse: Warehouse,
  table: LoadedTable,
  options: CompactOptions = {},
): Promise<{ readonly filesBefore: number; readonly filesAfter: number }> {
  const { smallBytes = 16 * 1024 * 1024, filesMin = 8 } = options;
  const spec = defaultSpec(table.metadata);
  const days = new Map<BusinessDay | undefined, DataFile[]>();
  for (const file of (await warehouse.planScan(table)).files) {
    const day = dayOfFile(file, spec);
    const isUndated = spec.fields.length === 0 && Object.keys(file.partition).length === 0;
    if ((day === undefined && !isUndated) || file.sizeBytes >= smallBytes) continue;
    if (options.day !== undefined && day !== options.day) continue;
    const files = days.get(day) ?? [];
    files.push(file);
    days.set(day, files);
  }
  let [filesBefore, filesAfter] = [0, 0];
  for (const [day, files] of days) {
    if (files.length < filesMin) continue;
    options.signal?.throwIfAborted();
    filesAfter += await compactFiles(warehouse, table, day, files.slice(0, filesMax));
    filesBefore += Math.min(files.length, filesMax);
  }
  count('octavo_warehouse_compacted_files_total', {}, filesBefore);
  return { filesBefore, filesAfter };
}

async function compactFiles(
  warehouse: Warehouse,
  { id, metadata }: LoadedTable,
  day: BusinessDay | undefined,
  small: readonly DataFile[],
): Promise<number> {
  for (const file of small) {
    const damage = await damageOf(warehouse.context.storage, file);
    if (damage !== undefined) throw new OctavoError('data_damaged', `${localPath(file.path)} ${damage}`);
  }
  const schema = currentSchema(metadata);
  const paths = small.map(({ path }) => path);
  const rowCount = small.reduce((sum, file) => sum + file.recordCount, 0);
  const written = await warehouse.engine.session(async (session) => {
    await session.run(`create or replace temp view compacted as ${filesSelect(schema, paths)}`);
    return writeFiles(session, warehouse.context, {
      relation: 'compacted',
      schema,
      folder: `${localPath(metadata.location)}/data`,
      parts: [{ ...(day === undefined ? {} : { day }), rowCount }],
    });
  });
  try {
    await rewriteFiles(warehouse.context, id, paths, written, {
      readSnapshotId: metadata['current-snapshot-id'] ?? null,
    });
  } catch (error) {
    for (const { path } of written) await warehouse.context.storage.remove(path).catch(() => undefined);
    throw error;
  }
  return written.length;
}

/** Files that are put together at once. */
const filesMax = 1_000;
