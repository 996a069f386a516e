import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitOf } from './evaluation-task.ts';

const days = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);

test('a day is judged by its last week, in a young store by half of its days', () => {
  assert.equal(splitOf(days(30), '2026-11-30'), '2026-11-23');
  assert.equal(splitOf(days(30), '2026-11-10'), '2026-11-05');
  assert.equal(splitOf(days(2), '2026-11-02'), '2026-11-01');
  assert.equal(splitOf(days(1), '2026-11-01'), undefined);
});
