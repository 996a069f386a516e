import assert from 'node:assert/strict';
import { test } from 'node:test';
import { legendLines } from './chart-option.ts';

const spec = (...names: readonly string[]): Parameters<typeof legendLines>[0] => ({
  kind: 'line',
  labels: [],
  labelHead: 'Day',
  series: names.map((name) => ({ name, values: [] })),
});

test('the names above a chart take as many lines as they need', () => {
  assert.equal(legendLines(spec('Sales'), 360), 1);
  const five = spec('Daily bestsellers', 'Weekly bestsellers', 'Monthly bestsellers', 'Rentals', 'Free');
  assert.equal(legendLines(five, 360), 2);
  assert.equal(legendLines(five, 1100), 1);
});
