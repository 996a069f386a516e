import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { createDuckdbEngine } from '../warehouse/index.ts';
import { compileMetric } from './compile.ts';
import { compileMetrics } from './compile-metrics.ts';
import { parseMetricFile } from './load-metrics.ts';
import { countedMetrics, toMetrics, wholeDimension } from './metric.ts';

const file = `metrics:
  - { name: lines, table: shop.lines, value: count(*), dimensions: { kind: kind, device: "upper(device)" } }
  - { name: paid_lines, table: shop.lines, value: count(*), filter: paid > 0 or kind = 'gift', dimensions: { kind: kind } }
  - { name: sales, table: shop.lines, value: sum(paid), dimensions: { kind: kind, gadget: "upper(device)" } }
  - { name: buyers, table: shop.lines, value: count(distinct buyer), filter: paid > 0, dimensions: { device: "upper(device)" } }
  - { name: noted, table: shop.lines, value: sum(cast(lines.note as integer)), filter: kind = 'noted', dimensions: { kind: kind } }
  - { name: shouted, table: shop.lines, value: sum(paid), dimensions: { device: "UPPER( device )", kind: lines.kind } }
  - { name: numbered, table: shop.lines, value: count(*), filter: kind = 'noted', dimensions: { note: cast(note as integer) } }
  - { name: sevens, table: shop.lines, value: sum(paid), filter: note = '7', dimensions: { note: cast(note as integer) } }
  - { name: dearest, table: shop.lines, value: max(paid) }
  - { name: cheapest, table: shop.lines, value: min(paid), filter: paid > 1000, dimensions: { kind: kind } }
  - { name: middle, table: shop.lines, value: avg(paid), dimensions: { nothing: "null" } }
  - { name: refunds, table: shop.refunds, value: sum(amount), dimensions: { kind: kind } }
  - { name: refunded, table: shop.refunds, value: count(amount) }
`;

const setup = [
  'create schema shop',
  `create table shop.lines as select * from (values
    (date '2026-11-01', 'ebook', 'phone', 4000.00::decimal(18, 2), 'a', 'not a number'),
    (date '2026-11-01', 'ebook', 'web', 500.50, 'a', null),
    (date '2026-11-01', 'noted', null, 0, 'b', '7'),
    (date '2026-11-02', null, 'phone', 8000, null, null),
    (date '2026-11-02', 'gift', 'Phone', 0, 'c', null),
    (date '2026-11-03', 'noted', 'phone', 1, 'd', '9')) t(business_day, kind, device, paid, buyer, note)`,
  'create table shop.refunds (business_day date, kind varchar, amount decimal(18, 2))',
];

test('what all metrics are counted to at once, each counted by itself gives too', async (t) => {
  const engine = createDuckdbEngine({ scratch: tmpdir(), directories: [], memory: '200MB', processesMax: 1 });
  t.after(() => engine.close());
  const metrics = countedMetrics(toMetrics(parseMetricFile(file, 'metrics/shop.yaml')));
  const window = { from: '2026-11-01', to: '2026-11-02' };
  const ask = async (sql: string): Promise<readonly unknown[]> =>
    (
      await engine.query(
        `select metric, dimension, member, cast(value as varchar) as value from (${sql}) order by all`,
        {
          setup,
        },
      )
    ).rows;
  const one = metrics.flatMap((metric) =>
    [wholeDimension, ...metric.dimensions].map((dimension) => compileMetric(metric, dimension, window)),
  );
  const expected = await ask(one.join('\nunion all\n'));
  assert.deepEqual(await ask(compileMetrics(metrics, window)), expected);
  assert.ok(expected.length > metrics.length * 2);
  const lines = metrics.filter((metric) => metric.table === 'shop.lines');
  assert.equal(compileMetrics(lines, window).split('from shop.lines').length, 2);
});
