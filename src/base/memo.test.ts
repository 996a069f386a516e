import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemo } from './memo.ts';

test('a memo computes what it forgot, and only that; its size is bounded', () => {
  const memo = createMemo<number>(10);
  let computed = 0;
  const ask = (key: number): number => memo(String(key), () => (computed++, key));
  for (let round = 0; round < 5; round++) for (let key = 0; key < 10; key++) assert.equal(ask(key), key);
  assert.equal(computed, 10);
  for (let key = 10; key < 1000; key++) ask(key);
  assert.equal(computed, 1000);
  ask(999);
  ask(990);
  assert.equal(computed, 1000, 'the newest are remembered');
  ask(0);
  assert.equal(computed, 1001, 'the oldest are not');
});
