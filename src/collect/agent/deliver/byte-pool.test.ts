import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BytePool } from './byte-pool.ts';

test('a block that was given back is used again, by one at a time, and not by what needs far less', () => {
  const pool = new BytePool(1_000_000);
  const first = pool.take(100_000);
  assert.ok(first.length >= 100_000);
  pool.give(first);
  assert.notEqual(pool.take(1000), first);
  assert.equal(pool.take(90_000), first);
  assert.notEqual(pool.take(90_000), first);
});

test('no more is kept for later than was said', () => {
  const pool = new BytePool(250_000);
  const blocks = [1, 2, 3].map(() => pool.take(100_000));
  for (const block of blocks) pool.give(block);
  const again = [1, 2, 3].map(() => pool.take(100_000));
  assert.equal(again.filter((block) => blocks.includes(block)).length, 2);
});
