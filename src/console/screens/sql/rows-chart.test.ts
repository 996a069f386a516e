import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartChoice, chartOfRows } from './rows-chart.ts';

const columns = [
  { name: 'day', type: 'DATE' },
  { name: 'kind', type: 'VARCHAR' },
  { name: 'events', type: 'BIGINT' },
  { name: 'paid', type: 'DECIMAL(18,2)' },
];
const write = (value: unknown): string => String(value);

test('days become a line, names become bars, and what is chosen wins', () => {
  assert.deepEqual(chartChoice({ columns }, {}), { kind: 'line', x: 'day', y: 'events', by: undefined });
  assert.deepEqual(chartChoice({ columns: columns.slice(1) }, { y: 'paid', x: 'gone' }), {
    kind: 'horizontal',
    x: 'kind',
    y: 'paid',
    by: undefined,
  });
  assert.equal(chartChoice({ columns: columns.slice(0, 2) }, {}), undefined);
});

test('rows of one place are added, gaps stay gaps, the largest lines are drawn', () => {
  const rows = [
    ['d1', 'a', 1, '0.50'],
    ['d1', 'a', 2, '0.25'],
    ['d2', 'b', 5, null],
    ...['c', 'd', 'e', 'f', 'g'].map((kind, index) => ['d2', kind, index, '1']),
  ];
  const drawn = chartOfRows({ columns, rows }, { kind: 'line', x: 'day', y: 'events', by: 'kind' }, write);
  assert.deepEqual(drawn.spec.labels, ['d1', 'd2']);
  assert.deepEqual(drawn.spec.series[0], { name: 'b', values: [null, 5] });
  assert.deepEqual(drawn.spec.series.find(({ name }) => name === 'a')?.values, [3, null]);
  assert.deepEqual([drawn.spec.series.length, drawn.series, drawn.summed], [5, 7, true]);
});
