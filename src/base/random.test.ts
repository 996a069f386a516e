import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from './random.ts';
import { isUuid, uuidv7 } from './uuid.ts';

test('the same seed gives the same numbers, another seed and a fork others', () => {
  const draw = (seed: number | string): readonly number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 50 }, () => random.next());
  };
  assert.deepEqual(draw('a'), draw('a'));
  assert.notDeepEqual(draw('a'), draw('b'));
  assert.notEqual(seededRandom(1).fork('x').next(), seededRandom(1).fork('y').next());
});

test('numbers below a bound are uniform (chi-squared, 19 degrees of freedom)', () => {
  const random = seededRandom(42);
  const counts = Array.from({ length: 20 }, () => 0);
  const draws = 100_000;
  for (let n = 0; n < draws; n++) {
    const at = random.below(20);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const expected = draws / 20;
  const chi = counts.reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
  assert.ok(chi < 43.8, `chi-squared is ${chi}`);
});

test('ids of version 7 are valid and sort by time', () => {
  const random = seededRandom(1);
  const ids = Array.from({ length: 200 }, (_, n) =>
    uuidv7({ nowMs: 1_700_000_000_000 + n, next: () => random.next() }),
  );
  assert.ok(ids.every((id) => isUuid(id) && id[14] === '7' && '89ab'.includes(id[19] ?? '')));
  assert.deepEqual(ids.toSorted(), ids);
});
