import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitChange, type ChangeParts, type RankedCount } from './change.ts';

const before: readonly RankedCount[] = [
  { itemId: 'a', rank: 1, count: 50 },
  { itemId: 'b', rank: 2, count: 40 },
  { itemId: 'c', rank: 2, count: 40 },
  { itemId: 'd', rank: 4, count: 10 },
];

function split(itemId: string, rank: number, count: number, rest: object = {}): ChangeParts | undefined {
  return splitChange({ now: { itemId, rank, count }, before, toldRank: null, sameRules: true, ...rest });
}

test('a title rises by its own sales', () => {
  assert.deepEqual(split('d', 2, 45), {
    previousRank: 4,
    rank: 2,
    own: 2,
    others: 0,
    rules: 0,
    corrections: 0,
  });
});

test('a title falls because others sold more, though it sold more itself', () => {
  const parts = split('b', 3, 42);
  assert.deepEqual([parts?.own, parts?.others], [0, -1]);
});

test('the parts add up to the whole, corrections among them', () => {
  for (const [rank, count, toldRank] of [
    [1, 60, 4],
    [4, 10, 3],
    [2, 20, 5],
  ] as const) {
    const parts = split('d', rank, count, { toldRank });
    assert.ok(parts);
    assert.equal(parts.own + parts.others + parts.rules + parts.corrections, parts.previousRank - parts.rank);
    assert.equal(parts.corrections, toldRank - 4);
  }
});

test('with other rules nothing is told apart, and a newcomer has no change', () => {
  assert.deepEqual(split('d', 1, 60, { sameRules: false })?.rules, 3);
  assert.equal(split('x', 1, 60), undefined);
});
