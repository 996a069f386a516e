import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, hasCode, manualClock, seededRandom } from '../base/index.ts';
import type { Task } from '../batch/index.ts';
import { openSqliteStore, type ServingStore } from '../serving/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import { buildAggregate } from './aggregates.ts';
import { grains, type Grain } from './grain.ts';
import { parseMetricFile } from './load-metrics.ts';
import { toMetrics } from './metric.ts';
import { publishAggregate } from './publish.ts';
import { readSeries, type SeriesQuery, type SeriesRow } from './series.ts';
import { statisticsTasks } from './tasks.ts';

const metrics = toMetrics(
  parseMetricFile(
    `metrics:
  - { name: sales, unit: KRW, table: model.sale_lines, value: sum(paid), dimensions: { device: device } }
  - { name: buyers, table: model.sale_lines, value: count(distinct buyer_id), filter: paid > 0, dimensions: { device: device } }
  - { name: price, table: model.sale_lines, value: avg(paid), filter: paid > 0 }
  - { name: refunds, unit: KRW, table: model.sale_refunds, value: sum(amount) }
  - { name: sales_a_buyer, unit: KRW, ratio: { of: sales, to: buyers } }
  - { name: sales_a_refund, unit: KRW, ratio: { of: sales, to: refunds } }
`,
    'metrics/sales.yaml',
  ),
);
const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'];
let root: string;
let warehouse: Warehouse;
let store: ServingStore;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-statistics-'));
  const clock = manualClock(Date.parse('2026-11-05T00:00:00Z'));
  const random = seededRandom(7);
  const calendar = createCalendar();
  warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random,
    calendar,
    memory: '300MB',
    processesMax: 1,
  });
  store = openSqliteStore({ path: join(root, 'serving.db'), clock, random });
  for (const [index, day] of days.entries()) {
    await sell(day, index);
    for (const grain of grains) await count(grain, day);
  }
});

after(async () => {
  await store.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

test('a daily series equals hand-written SQL, and so does each member of a dimension', async () => {
  const { rows } = await warehouse.query(
    'select cast(business_day as varchar) as period, cast(sum(paid) as double) as value from model.sale_lines group by 1 order by 1',
  );
  assert.deepEqual(short(await series({ metric: 'sales', grain: 'day' })), rows);
  const devices = await warehouse.query(
    `select cast(business_day as varchar) as period, coalesce(device, '') as member, count(distinct buyer_id)::double as value
     from model.sale_lines where paid > 0 group by 1, 2 order by 1, 2`,
  );
  const byDevice = await series({ metric: 'buyers', grain: 'day', by: 'device' });
  assert.deepEqual(
    byDevice.map(({ period, member, value }) => ({ period, member, value })),
    devices.rows,
  );
});

test('a monthly series counts a buyer of two days once, and says whether the month is over', async () => {
  const { rows } = await warehouse.query(
    `select strftime(business_day, '%Y-%m-01') as period, count(distinct buyer_id)::double as value
     from model.sale_lines where paid > 0 group by 1 order by 1`,
  );
  const monthly = await series({ metric: 'buyers', grain: 'month' });
  assert.deepEqual(short(monthly), rows);
  assert.deepEqual(
    monthly.map(({ through, complete }) => ({ through, complete })),
    [
      { through: '2026-10-31', complete: true },
      { through: '2026-11-02', complete: false },
    ],
  );
  const daily = await series({ metric: 'buyers', grain: 'day' });
  assert.ok(sum(daily) > sum(monthly));
});

test('a weekly series begins on Mondays and counts a buyer of two days once', async () => {
  const { rows } = await warehouse.query(
    `select cast(cast(date_trunc('week', business_day) as date) as varchar) as period, count(distinct buyer_id)::double as value
     from model.sale_lines where paid > 0 group by 1 order by 1`,
  );
  const weekly = await series({ metric: 'buyers', grain: 'week' });
  assert.deepEqual(short(weekly), rows);
  assert.deepEqual(
    weekly.map(({ period, through, complete }) => ({ period, through, complete })),
    [
      { period: '2026-10-26', through: '2026-11-01', complete: true },
      { period: '2026-11-02', through: '2026-11-02', complete: false },
    ],
  );
});

test('a month that is asked up to an earlier day stands as it stood then', async () => {
  const asked = await series({ metric: 'sales', grain: 'month', from: '2026-11-01', to: '2026-11-01' });
  const { rows } = await warehouse.query(
    `select '2026-11-01' as period, cast(sum(paid) as double) as value from model.sale_lines where business_day = date '2026-11-01'`,
  );
  assert.deepEqual(short(asked), rows);
  assert.equal(asked[0]?.through, '2026-11-01');
});

test('a ratio is its parts divided, and nothing where there is nothing to divide by', async () => {
  const { rows } = await warehouse.query(
    `select cast(business_day as varchar) as period, cast(sum(paid) as double) / count(distinct buyer_id) filter (where paid > 0) as value
     from model.sale_lines group by 1 order by 1`,
  );
  assert.deepEqual(short(await series({ metric: 'sales_a_buyer', grain: 'day' })), rows);
  const refunds = await series({ metric: 'sales_a_refund', grain: 'day', to: '2026-10-30' });
  assert.deepEqual(
    refunds.map(({ value }) => value),
    [null],
  );
});

test('every edition names the snapshots that it was counted from', async () => {
  const edition = await store.current('statistic', 'daily', '2026-11-02');
  const pins = await warehouse.pin(['model.sale_lines', 'model.sale_refunds']);
  for (const [table, snapshot] of Object.entries(pins))
    assert.equal(edition?.inputs[table], String(snapshot));
  assert.ok(edition?.inputs['statistic.daily_metrics'] !== undefined);
});

test('counting again what has not changed gives the same edition', async () => {
  const edition = await store.current('statistic', 'monthly', '2026-11-02');
  const again = await publish('month', '2026-11-02');
  assert.equal(again.id, edition?.id);
});

test('when a day is built again, its day and the weeks and months to date after it are due again, others are not', async () => {
  const tasks = statisticsTasks({ metrics, warehouse, store, codeVersion: 'test', makersOf: () => [] });
  const due = async (): Promise<readonly string[]> => {
    const open = [];
    for (const task of tasks)
      for (const day of days) if (!(await isDone(task, day))) open.push(`${task.name} ${day}`);
    return open;
  };
  assert.deepEqual(await due(), []);
  await sell('2026-11-01', 9, 'rebuilt');
  assert.deepEqual(await due(), [
    'statistics:daily 2026-11-01',
    'statistics:daily-edition 2026-11-01',
    'statistics:weekly 2026-11-01',
    'statistics:weekly-edition 2026-11-01',
    'statistics:monthly 2026-11-01',
    'statistics:monthly 2026-11-02',
    'statistics:monthly-edition 2026-11-01',
    'statistics:monthly-edition 2026-11-02',
  ]);
  for (const day of ['2026-11-01', '2026-11-02']) for (const grain of grains) await count(grain, day);
  assert.deepEqual(await due(), []);
  const { rows } = await warehouse.query(
    `select cast(sum(paid) as double) as value from model.sale_lines where business_day >= '2026-11-01'`,
  );
  assert.deepEqual((await series({ metric: 'sales', grain: 'month' })).at(-1)?.value, rows[0]?.['value']);
});

test('a changed definition makes every day due again', async () => {
  const changed = new Map(metrics).set('sales', { ...metrics.get('buyers')!, name: 'sales' });
  const tasks = statisticsTasks({
    metrics: changed,
    warehouse,
    store,
    codeVersion: 'test',
    makersOf: () => [],
  });
  for (const task of tasks) for (const day of days) assert.equal(await isDone(task, day), false);
});

test('an unknown dimension is refused with the nearest name; a range of too many days too', async () => {
  await assert.rejects(series({ metric: 'sales', grain: 'day', by: 'devise' }), (error) => {
    return hasCode(error, 'dimension_not_found') && /did you mean 'device'/.test(String(error));
  });
  await assert.rejects(series({ metric: 'sales', grain: 'day', from: '2000-01-01' }), (error) =>
    hasCode(error, 'argument_invalid'),
  );
});

async function sell(day: string, seed: number, stamp = 'built'): Promise<void> {
  await warehouse.write('model.sale_lines', {
    select: `select date '${day}' as business_day, 'l' || '${day}' || n as line_id, 'r' || (n * ${seed + 3} % 23) as buyer_id,
      case when n % 5 = 0 then null when n % 2 = 0 then 'app' else 'web' end as device,
      (case when n % 7 = 0 then 0 else n * 100 + ${seed} end)::decimal(18,2) as paid from range(40) r(n)`,
    mode: 'replace-days',
    days: [day],
    properties: { [`octavo.day.${day}`]: stamp },
  });
  await warehouse.write('model.sale_refunds', {
    select: `select date '${day}' as business_day, 'l' as line_id, ${seed * 10}.50::decimal(18,2) as amount from range(${seed}) r(n)`,
    mode: 'replace-days',
    days: [day],
    properties: { [`octavo.day.${day}`]: stamp },
  });
}

async function count(grain: Grain, day: string): Promise<void> {
  await buildAggregate({ warehouse, metrics, grain, day, token: 1 });
  await publish(grain, day);
}

function publish(grain: Grain, day: string): ReturnType<typeof publishAggregate> {
  return publishAggregate({ warehouse, store, metrics, grain, day, codeVersion: 'test', token: 1 });
}

async function series(
  query: Pick<SeriesQuery, 'grain' | 'by' | 'from' | 'to'> & { readonly metric: string },
): Promise<readonly SeriesRow[]> {
  const metric = metrics.get(query.metric);
  assert.ok(metric !== undefined);
  return (await readSeries({ ...query, store, metrics, metric })).rows;
}

function isDone(task: Task, day: string): Promise<boolean> {
  return task.target({ day }).exists();
}

function short(
  rows: readonly SeriesRow[],
): readonly { readonly period: string; readonly value: number | null }[] {
  return rows.map(({ period, value }) => ({ period, value }));
}

function sum(rows: readonly SeriesRow[]): number {
  return rows.reduce((total, row) => total + (row.value ?? 0), 0);
}
