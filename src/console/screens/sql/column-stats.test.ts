import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statsOf } from './column-stats.ts';

test('numbers and days are counted in ranges, nulls apart', () => {
  const stats = statsOf([1, 2, 2, 10, null], 'INTEGER');
  assert.deepEqual([stats.nulls, stats.distinct, stats.range], [1, 3, ['1', '10']]);
  assert.deepEqual(stats.bins, [1, 0, 1 / 3]);
  const decimals = statsOf(['12.50', '9.00'], 'DECIMAL(18,2)');
  assert.deepEqual(decimals.range, ['9.00', '12.50'], 'as numbers, not as texts');
  assert.deepEqual(statsOf(['2026-11-02', '2026-11-01'], 'DATE').range, ['2026-11-01', '2026-11-02']);
});

test('texts are counted, the commonest first', () => {
  const stats = statsOf(['a', 'b', 'a', 'a', 'b', 'c'], 'VARCHAR');
  assert.deepEqual(stats.bins, [1, 2 / 3, 1 / 3]);
  assert.equal(stats.range, undefined);
});

test('a column of nothing has nothing to show', () => {
  assert.deepEqual(statsOf([null, null], 'BIGINT').bins, []);
  assert.deepEqual(statsOf([], 'VARCHAR').bins, []);
  assert.equal(statsOf([[1], null], 'INTEGER[]').distinct, 1);
});
