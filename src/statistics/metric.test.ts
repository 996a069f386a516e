import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OctavoError } from '../base/index.ts';
import { compileMetric } from './compile.ts';
import { parseMetricFile } from './load-metrics.ts';
import { toMetrics, type Metric } from './metric.ts';

const sales = `metrics:
  - name: sales
    table: model.sale_lines
    value: sum(paid)
    dimensions: { kind: kind, device: device }
  - name: orders
    table: model.sale_lines
    value: count(distinct order_id)
    dimensions: { device: device }
`;

function parse(text: string): ReadonlyMap<string, Metric> {
  return toMetrics(parseMetricFile(text, 'metrics/sales.yaml'));
}

function refusal(text: string): OctavoError {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof OctavoError);
    assert.equal(error.code, 'metric_invalid');
    return error;
  }
  throw new assert.AssertionError({ message: 'it was accepted' });
}

test('a ratio has the dimensions that both of its sides have', () => {
  const metrics = parse(`${sales}  - name: sales_an_order\n    ratio: { of: sales, to: orders }\n`);
  assert.deepEqual(metrics.get('sales_an_order')?.dimensions, ['device']);
});

for (const [what, text, expected] of [
  [
    'an unknown key',
    sales.replace('    value: sum(paid)', '    valu: sum(paid)'),
    /^.*metrics\/sales\.yaml:4: .*'metrics\.0\.valu'.*did you mean 'value'/,
  ],
  [
    'an unknown aggregate',
    sales.replace('sum(paid)', 'som(paid)'),
    /metrics\/sales\.yaml:4: value of 'sales' is 'som\(paid\)', did you mean 'sum'/,
  ],
  [
    'a value that is no aggregate',
    sales.replace('sum(paid)', 'paid'),
    /sales\.yaml:4: .*expected count\(\*\)/,
  ],
  [
    'a distinct sum',
    sales.replace('sum(paid)', 'sum(distinct paid)'),
    /sales\.yaml:4: .*expected count\(\*\)/,
  ],
  [
    'a name that stands twice',
    sales.replace('name: orders', 'name: sales'),
    /sales\.yaml:6: 'sales' is defined already at metrics\/sales\.yaml:2/,
  ],
  [
    'a ratio of nothing',
    `${sales}  - name: share\n    ratio: { of: sale, to: orders }\n`,
    /sales\.yaml:11: 'share': no metric 'sale', did you mean 'sales'/,
  ],
  [
    'a ratio of a ratio',
    `${sales}  - name: share\n    ratio: { of: sales, to: orders }\n  - name: share2\n    ratio: { of: share, to: orders }\n`,
    /sales\.yaml:13: 'share2': 'share' is a ratio itself/,
  ],
  [
    'a ratio with a filter',
    `${sales}  - name: share\n    filter: paid > 0\n    ratio: { of: sales, to: orders }\n`,
    /sales\.yaml:11: 'share' is a ratio and takes no filter/,
  ],
  [
    'a metric without a value',
    'metrics:\n  - name: sales\n    table: model.sale_lines\n',
    /sales\.yaml:2: 'sales' needs table and value, or ratio/,
  ],
  [
    'a table without its namespace',
    sales.replace('table: model.sale_lines', 'table: sale_lines'),
    /sales\.yaml:3: table of 'sales'.*namespace\.name/,
  ],
  [
    'a dimension with the name of the whole',
    sales.replace('{ kind: kind,', '{ total: kind,'),
    /sales\.yaml:5: .*name the dimension otherwise/,
  ],
  ['a broken file', 'metrics:\n  - name: [\n', /sales\.yaml:\d: /],
] as const) {
  test(`${what} is refused with file and line`, () => {
    const error = refusal(text);
    assert.match(error.message, expected);
    assert.equal(error.details['file'], 'metrics/sales.yaml');
  });
}

test('a metric becomes one statement over its window, its filter kept in brackets', () => {
  const metric = parse(
    sales.replace('    value: sum(paid)', '    value: sum(paid)\n    filter: paid > 0 or copies > 1'),
  ).get('sales');
  assert.ok(metric?.kind === 'counted');
  const sql = compileMetric(metric, 'kind', { from: '2026-11-01', to: '2026-11-02' });
  assert.match(
    sql,
    /between cast\('2026-11-01' as date\) and cast\('2026-11-02' as date\) and \(paid > 0 or copies > 1\)/,
  );
  assert.match(sql, /group by coalesce\(cast\(kind as varchar\), ''\)/);
});
