import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, hasCode, manualClock, seededRandom } from '../base/index.ts';
import { keepTables } from './upkeep.ts';
import { openWarehouse } from './warehouse.ts';

const hourMs = 3_600_000;

test('what an edition cites stays readable, everything else that is old goes', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-upkeep-'));
  const clock = manualClock(Date.parse('2026-11-05T00:00:00Z'));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random: seededRandom(1),
    calendar: createCalendar(),
    memory: '300MB',
    processesMax: 1,
  });
  try {
    const snapshots: bigint[] = [];
    for (const copies of [1, 2, 3, 4]) {
      const select = `select date '2026-11-01' as business_day, ${copies} as copies`;
      const written = await warehouse.write('model.sales', {
        select,
        mode: 'replace-days',
        days: ['2026-11-01'],
      });
      snapshots.push(written.snapshotId);
      clock.advance(hourMs);
    }
    const [first = 0n, second = 0n, third = 0n, last = 0n] = snapshots;
    const stray = join(root, 'warehouse/model/sales/data/stray.parquet');
    await writeFile(stray, 'torn');
    await utimes(stray, 1, 1);
    const [left, young] = [join(root, 'scratch/left.ndjson'), join(root, 'scratch/young.ndjson')];
    await writeFile(left, 'of a process that died');
    await utimes(left, 1, 1);
    await writeFile(young, 'being written');
    clock.advance(24 * hourMs);
    const counts = await keepTables(warehouse, {
      snapshotsKeptMs: 2 * hourMs,
      orphansKeptMs: 2 * hourMs,
      cited: { 'model.sales': [String(second)] },
    });
    assert.equal(counts.snapshots_expired, 2);
    assert.ok(counts.files_removed >= 3, `${counts.files_removed} files`);
    const copiesAt = async (snapshot: bigint): Promise<unknown> => {
      const pins = { 'model.sales': snapshot };
      return (await warehouse.query('select copies from model.sales', { pins })).rows[0]?.['copies'];
    };
    assert.deepEqual([await copiesAt(second), await copiesAt(last)], [2, 4]);
    for (const gone of [first, third])
      await assert.rejects(copiesAt(gone), (error) => hasCode(error, 'snapshot_not_found'));
    for (const path of [stray, left]) assert.equal(await fileStorage().stat(path), undefined);
    assert.notEqual(await fileStorage().stat(young), undefined);
  } finally {
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});

test('the small files of a table without days are put together too', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-upkeep-'));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: manualClock(Date.parse('2026-11-05T00:00:00Z')),
    random: seededRandom(2),
    calendar: createCalendar(),
    memory: '300MB',
    processesMax: 1,
  });
  try {
    for (let id = 0; id < 9; id++)
      await warehouse.write('raw.books', { select: `select ${id} as id`, mode: 'append' });
    const counts = await keepTables(warehouse, { snapshotsKeptMs: hourMs, orphansKeptMs: hourMs, cited: {} });
    assert.equal(counts.files_compacted, 8);
    const table = await warehouse.table('raw.books');
    assert.ok(table !== undefined);
    assert.equal((await warehouse.planScan(table)).files.length, 1);
    const { rows } = await warehouse.query('select count(distinct id) as ids, count(*) as n from raw.books');
    assert.deepEqual(rows, [{ ids: 9, n: 9 }]);
  } finally {
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});
