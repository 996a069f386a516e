import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DayRun } from '../../../api/index.ts';
import { layoutGraph, relatedTo } from './graph-layout.ts';

const run = (id: string, needs: readonly string[] = []): DayRun => ({
  id,
  task: id,
  stage: id,
  state: 'waiting',
  started_at: null,
  finished_at: null,
  expected_start_at: null,
  expected_finish_at: null,
  usual_seconds: null,
  attempts: 0,
  progress: null,
  error: null,
  needs: [...needs],
  other_needs: [],
  critical: false,
});
const tasks = [
  run('load'),
  run('seal', ['load']),
  run('a', ['seal']),
  run('b', ['seal', 'load']),
  run('list', ['a', 'seal']),
];

test('tasks stand in columns by what lies before them, and only needs that nothing else says are drawn', () => {
  const { nodes, edges, columns, rows } = layoutGraph(tasks);
  assert.deepEqual(
    nodes.map(({ run: { id }, column }) => `${id} ${column}`).toSorted((a, b) => (a < b ? -1 : 1)),
    ['a 2', 'b 2', 'list 3', 'load 0', 'seal 1'],
  );
  assert.deepEqual([columns, rows], [4, 2]);
  assert.deepEqual(
    edges.map(({ from, to }) => `${from} ${to}`),
    ['load seal', 'seal a', 'seal b', 'a list'],
  );
});

test('the ways to and from a task are found', () => {
  assert.deepEqual(
    [...relatedTo(tasks, 'a')].toSorted((a, b) => (a < b ? -1 : 1)),
    ['a', 'list', 'load', 'seal'],
  );
  assert.equal(layoutGraph([]).rows, 0);
});
