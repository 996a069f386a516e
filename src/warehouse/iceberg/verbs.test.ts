import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { fileStorage, hasCode, manualClock, seededRandom } from '../../base/index.ts';
import { createSqliteCatalog } from '../catalog/sqlite-catalog.ts';
import type { TableContext } from './commit-options.ts';
import { createTableFiles, type TableFiles } from './table-files.ts';
import { fileStatistics, type ParquetColumnChunk } from './parquet-statistics.ts';
import { currentSchema } from './metadata.ts';
import { planScan } from './scan.ts';
import type { DataFileInput } from './data-file.ts';
import { expireSnapshots, removeOrphans } from './upkeep.ts';
import {
  addColumn,
  append,
  createTable,
  deleteDays,
  replaceAll,
  replaceDays,
  rollback,
  tag,
} from './verbs.ts';

const folder = await mkdtemp(join(tmpdir(), 'octavo-iceberg-'));
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
after(async () => {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
});

const id = { namespace: 'raw', name: 'sales' };
let number = 0;

interface World extends TableContext {
  readonly files: TableFiles;
  write(day: string, ids: readonly number[]): Promise<DataFileInput>;
  clock: ReturnType<typeof manualClock>;
}

async function world(): Promise<World> {
  const root = join(folder, `w${number++}`);
  const storage = fileStorage();
  await storage.makeDirectory(root);
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const random = seededRandom(number);
  const catalog = createSqliteCatalog({
    path: join(root, 'catalog.db'),
    warehouseFolder: join(root, 'warehouse'),
    storage,
    clock,
    random,
  });
  const context: TableContext = { catalog, storage, clock, random, files: createTableFiles(storage) };
  const table = await createTable(context, id, {
    columns: [
      { name: 'sale_id', type: 'long' },
      { name: 'title', type: 'string' },
      { name: 'business_day', type: 'date' },
    ],
    partitionBy: 'business_day',
  });
  let files = 0;
  const write = async (day: string, ids: readonly number[]): Promise<DataFileInput> => {
    const path = `${table.metadata.location}/data/${files++}.parquet`;
    await storage.makeDirectory(`${table.metadata.location}/data`);
    await connection.run(
      `copy (select unnest([${ids.join()}])::bigint as sale_id, 'title ' || unnest([${ids.join()}]) as title, date '${day}' as business_day)
       to '${path}' (format parquet, field_ids {sale_id: 1, title: 2, business_day: 3})`,
    );
    const chunks = (
      await connection.runAndReadAll(`select * from parquet_metadata('${path}')`)
    ).getRowObjectsJS();
    const info = await storage.stat(path);
    const statistics = fileStatistics(
      chunks as unknown as ParquetColumnChunk[],
      currentSchema(table.metadata),
    );
    return { path, recordCount: ids.length, sizeBytes: info?.sizeBytes ?? 0, day, ...statistics };
  };
  return { ...context, clock, write };
}

async function rows(
  context: TableContext,
  options: Parameters<typeof planScan>[2] = {},
): Promise<readonly number[]> {
  const { metadata } = await context.catalog.load(id);
  const plan = await planScan(context.files, metadata, options);
  if (plan.files.length === 0) return [];
  const list = plan.files.map((file) => `'${file.path}'`).join();
  const result = await connection.runAndReadAll(`select sale_id from read_parquet([${list}]) order by 1`);
  return result.getRows().map(([value]) => Number(value));
}

describe('a table', () => {
  it('is appended to, has days replaced and deleted, and keeps its history', async () => {
    const context = await world();
    const first = await append(context, id, [
      await context.write('2026-01-01', [1, 2]),
      await context.write('2026-01-02', [3]),
    ]);
    await replaceDays(context, id, ['2026-01-01'], [await context.write('2026-01-01', [7, 8, 9])]);
    assert.deepEqual(await rows(context), [3, 7, 8, 9]);
    const gone = await deleteDays(context, id, ['2026-01-02']);
    assert.deepEqual(await rows(context), [7, 8, 9]);
    assert.deepEqual(await rows(context, { snapshotId: first.snapshotId }), [1, 2, 3]);
    const last = gone.table.metadata.snapshots.at(-1);
    assert.equal(last?.summary['total-records'], '3');
    assert.equal(last?.summary['total-data-files'], '1');
    await rollback(context, id, first.snapshotId);
    assert.deepEqual(await rows(context), [1, 2, 3]);
    await replaceAll(context, id, [await context.write('2026-01-05', [50])]);
    assert.deepEqual(await rows(context), [50]);
    await context.catalog.close();
  });

  it('is planned without files that cannot match', async () => {
    const context = await world();
    await append(context, id, [
      await context.write('2026-01-01', [1, 2]),
      await context.write('2026-01-02', [30]),
    ]);
    const { metadata } = await context.catalog.load(id);
    const plan = async (filters: NonNullable<Parameters<typeof planScan>[2]>['filters']) =>
      await planScan(context.files, metadata, { ...(filters && { filters }) });
    const byDay = await plan([{ column: 'business_day', operator: '>=', value: '2026-01-02' }]);
    assert.deepEqual([byDay.files.length, byDay.filesPruned], [1, 1]);
    const byBound = await plan([{ column: 'sale_id', operator: '=', value: 2 }]);
    assert.deepEqual([byBound.files.length, byBound.recordCount], [1, 2]);
    const byText = await plan([{ column: 'title', operator: 'in', values: ['title 30'] }]);
    assert.equal(byText.files.length, 1);
    const byNull = await plan([{ column: 'title', operator: 'is-null' }]);
    assert.equal(byNull.files.length, 0);
    const none = await plan([{ column: 'business_day', operator: '=', value: '2027-01-01' }]);
    assert.equal(none.manifestsPruned, 1);
    await context.catalog.close();
  });

  it('takes every one of many concurrent appends exactly once, and merges their manifests', async () => {
    const context = await world();
    const clock = { ...context.clock, sleep: async () => undefined };
    const files = await Promise.all(
      Array.from({ length: 120 }, (_, index) => context.write('2026-01-01', [index])),
    );
    for (let start = 0; start < files.length; start += 4) {
      const group = files.slice(start, start + 4);
      await Promise.all(group.map((file) => append({ ...context, clock }, id, [file], { attemptsMax: 50 })));
    }
    assert.deepEqual(
      await rows(context),
      Array.from({ length: 120 }, (_, index) => index),
    );
    const { metadata } = await context.catalog.load(id);
    const list = await context.files.manifests(metadata.snapshots.at(-1) as never);
    assert.ok(list.length <= 100, `${list.length} manifests`);
    assert.equal(metadata['last-sequence-number'], 120);
    await context.catalog.close();
  });

  it('refuses a writer whose fencing token is old, and sets the token with the contents', async () => {
    const context = await world();
    const file = await context.write('2026-01-01', [1]);
    const { table } = await append(context, id, [file], {
      fence: { name: 'load', token: 5 },
      properties: { 'octavo.x': '1' },
    });
    assert.equal(table.metadata.properties['octavo.fence.load'], '5');
    assert.equal(table.metadata.properties['octavo.x'], '1');
    const late = append(context, id, [await context.write('2026-01-01', [2])], {
      fence: { name: 'load', token: 4 },
    });
    await assert.rejects(late, (error) => hasCode(error, 'fenced'));
    assert.deepEqual(await rows(context), [1]);
    await context.catalog.close();
  });

  it('fails a replacement of days that another writer changed meanwhile, unless told to win', async () => {
    const context = await world();
    await append(context, id, [await context.write('2026-01-01', [1])]);
    const replacement = await context.write('2026-01-01', [2]);
    const intruder = await context.write('2026-01-01', [3]);
    const racing = (): TableContext => {
      let raced = false;
      const commit: TableContext['catalog']['commit'] = async (...change) => {
        if (!raced) {
          raced = true;
          await append(context, id, [intruder]);
        }
        return context.catalog.commit(...change);
      };
      const catalog = {
        load: (name: typeof id) => context.catalog.load(name),
        commit,
      } as TableContext['catalog'];
      return { ...context, catalog, clock: { ...context.clock, sleep: async () => undefined } };
    };
    const careful = replaceDays(racing(), id, ['2026-01-01'], [replacement]);
    await assert.rejects(careful, (error) => hasCode(error, 'commit_conflict'));
    assert.deepEqual(await rows(context), [1, 3]);
    await replaceDays(racing(), id, ['2026-01-01'], [replacement], { onConflict: 'replace' });
    assert.deepEqual(await rows(context), [2]);
    await context.catalog.close();
  });

  it('fails a replacement of days that were changed since they were read, whatever happened to others', async () => {
    const context = await world();
    await append(context, id, [await context.write('2026-01-01', [1])]);
    const read = (await context.catalog.load(id)).metadata['current-snapshot-id'] as bigint;
    const replace = async (value: number, readSnapshotId: bigint | null): Promise<unknown> =>
      replaceDays(context, id, ['2026-01-01'], [await context.write('2026-01-01', [value])], {
        onConflict: 'replace',
        readSnapshotId,
      });
    await append(context, id, [await context.write('2026-01-02', [9])]);
    await replace(2, read);
    assert.deepEqual(await rows(context), [2, 9]);
    for (const old of [read, null, 123n])
      await assert.rejects(replace(3, old), (error) => hasCode(error, 'commit_conflict'), String(old));
    assert.deepEqual(await rows(context), [2, 9]);
    await context.catalog.close();
  });

  it('gains a column and keeps its ids', async () => {
    const context = await world();
    const table = await addColumn(context, id, { name: 'note', type: 'string' });
    const fields = currentSchema(table.metadata).fields;
    assert.deepEqual(
      fields.map((field) => [field.id, field.name]),
      [
        [1, 'sale_id'],
        [2, 'title'],
        [3, 'business_day'],
        [4, 'note'],
      ],
    );
    await context.catalog.close();
  });

  it('expires old snapshots with their files, but none that is tagged or cited, and removes orphans', async () => {
    const context = await world();
    const first = await append(context, id, [await context.write('2026-01-01', [1])]);
    await tag(context, id, 'edition-1', first.snapshotId);
    context.clock.advance(1000);
    const second = await replaceDays(context, id, ['2026-01-01'], [await context.write('2026-01-01', [2])]);
    context.clock.advance(1000);
    const third = await replaceDays(context, id, ['2026-01-01'], [await context.write('2026-01-01', [3])]);
    context.clock.advance(1000);
    await replaceDays(context, id, ['2026-01-01'], [await context.write('2026-01-01', [4])]);
    const expired = await expireSnapshots(context, id, {
      olderThanMs: context.clock.now() + 1,
      keep: [third.snapshotId],
    });
    assert.deepEqual(expired.snapshotIds, [second.snapshotId]);
    assert.deepEqual(await rows(context), [4]);
    assert.deepEqual(await rows(context, { ref: 'edition-1' }), [1]);
    assert.deepEqual(await rows(context, { snapshotId: third.snapshotId }), [3]);
    assert.equal(await context.storage.stat(second.added[0]?.path ?? ''), undefined);
    const stray = await context.write('2026-01-01', [9]);
    const removed = await removeOrphans(context, id, { olderThanMs: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(removed.paths, [stray.path]);
    assert.deepEqual(await rows(context), [4]);
    assert.deepEqual(await rows(context, { ref: 'edition-1' }), [1]);
    await context.catalog.close();
  });
});
