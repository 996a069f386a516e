import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { localPath, planScan } from '../../src/warehouse/index.ts';
import { engines, type Engines } from './engines.ts';
import { conditionOf, countBy, probesOf } from './probes.ts';
import { assertSameRows } from './same-rows.ts';
import { salesColumns, salesOf } from './sales.ts';

const table = 'raw.sales';

describe('tables that Octavo wrote', { timeout: 600_000 }, () => {
  let all: Engines;

  before(async () => {
    all = await engines();
    assert.match(all.spark.version, /^4\.0\./);
    await all.warehouse.ensureTable(table, salesColumns);
  });

  const append = (day: string, first: number, count: number): Promise<unknown> =>
    all.warehouse.write(table, { select: salesOf(day, first, count), mode: 'append' });
  const replace = (day: string, first: number, count: number): Promise<unknown> =>
    all.warehouse.write(table, { select: salesOf(day, first, count), mode: 'replace-days', days: [day] });

  it('are read with equal rows by Spark and PyIceberg, every type and every snapshot', async () => {
    const counts: number[] = [];
    const snapshots: bigint[] = [];
    const step = async (change: Promise<unknown>, count: number): Promise<void> => {
      await change;
      counts.push(count);
      snapshots.push((await all.warehouse.pin([table]))[table] as bigint);
    };
    await step(append('2026-03-01', 0, 400), 400);
    await step(append('2026-03-02', 1000, 300), 700);
    await step(append('2026-03-01', 2000, 100), 800);
    await step(replace('2026-03-02', 3000, 50), 550);
    await step(replace('2026-03-01', 0, 0), 50);
    await step(append('2026-03-03', 4000, 200), 250);
    await all.warehouse.ensureTable(table, [...salesColumns, { name: 'note', type: 'string' }]);
    const noted = `select *, 'n' || sale_id as note from (${salesOf('2026-03-04', 5000, 20)})`;
    await step(all.warehouse.write(table, { select: noted, mode: 'append' }), 270);
    const rows = await Promise.all(
      snapshots.map((snapshotId, index) => assertSameRows(all, table, counts[index], { snapshotId })),
    );
    assert.equal(new Set(rows.map((list) => list.join('\n'))).size, snapshots.length);
    const [[old, noteful] = []] = await all.spark.run(`select count(*), count(note) from ${table}`);
    assert.deepEqual([old, noteful], ['270', '20']);
  });

  it('are filtered by Spark and PyIceberg as by Octavo, at the ends of every column', async () => {
    const probes = await probesOf(all, table);
    assert.ok(probes.length > 60, `${probes.length} conditions`);
    const { octavo, spark, pyiceberg } = await countBy(all, table, probes);
    const wrong = probes.flatMap((probe, index) => {
      const counts = [octavo[index], spark[index], pyiceberg[index]];
      const nan = (probe.type === 'double' || probe.type === 'float') && probe.operator === '>';
      // Python's engine does not count NaN as greater than everything, the two others do.
      const same = new Set(nan ? counts.slice(0, 2) : counts).size === 1;
      return same ? [] : [`${conditionOf('duckdb', probe)}: ${counts.join(', ')}`];
    });
    assert.deepEqual(wrong, []);
    assert.ok(octavo.filter((count) => count > 0).length > probes.length / 2);
  });

  it('are pruned: files of other days and other values are not opened', async () => {
    const pruned = 'raw.pruned';
    const write = (day: string, first: number): Promise<unknown> =>
      all.warehouse.write(pruned, { select: salesOf(day, first, 30), mode: 'append' });
    for (const [day, first] of [
      ['2026-03-01', 0],
      ['2026-03-02', 100],
      ['2026-03-02', 200],
      ['2026-03-02', 300],
      ['2026-03-03', 400],
    ] as const)
      await write(day, first);
    const loaded = await all.warehouse.table(pruned);
    const { files } = await planScan(all.warehouse.context.files, loaded?.metadata as never);
    assert.equal(files.length, 5);
    const only = await planScan(all.warehouse.context.files, loaded?.metadata as never, {
      filters: [
        { column: 'business_day', operator: '=', value: '2026-03-02' },
        { column: 'sale_id', operator: '>', value: 250 },
        { column: 'sale_id', operator: '<=', value: 320 },
      ],
    });
    const kept = only.files.map((file) => file.path);
    assert.equal(kept.length, 1);
    const hidden = files.map((file) => localPath(file.path)).filter((path) => !kept.includes(path));
    const where = `business_day = date '2026-03-02' and sale_id > 250 and sale_id <= 320`;
    const filters = [
      ['business_day', '=', '2026-03-02'],
      ['sale_id', '>', '250'],
      ['sale_id', '<=', '320'],
    ];
    const catalogue = { uri: all.gate.url, token: all.keys.write };
    for (const path of hidden) await rename(path, `${path}.hidden`);
    try {
      await assert.rejects(
        all.spark.run(`select sum(length(title)) from ${pruned}`),
        /hidden|not.*exist|NotFound/i,
      );
      const sum = `select count(*), sum(sale_id) from ${pruned} where ${where}`;
      assert.deepEqual(await all.spark.run(sum), [['21', String(21 * 310)]]);
      const count = await all.pyiceberg.ask({ catalogue, table: pruned, filters, count: true });
      assert.equal(count, 21);
    } finally {
      for (const path of hidden) await rename(`${path}.hidden`, path);
    }
  });
});
