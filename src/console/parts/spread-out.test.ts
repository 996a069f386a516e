import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadOut } from './spread-out.ts';

test('what is far apart stays, what meets is moved apart in its order', () => {
  assert.deepEqual(spreadOut([10, 100], 15, 200), [10, 100]);
  assert.deepEqual(spreadOut([22, 20, 21], 15, 200), [50, 20, 35]);
});

test('nothing is moved beyond the end, and gaps stay gaps', () => {
  assert.deepEqual(spreadOut([95, undefined, 98], 15, 100), [85, undefined, 100]);
});
