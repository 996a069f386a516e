import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutGraph, relatedTo } from './graph-layout.ts';

const run = (id: string, needs: readonly string[] = []) => ({ id, needs });
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
    nodes.map(({ item: { id }, column }) => `${id} ${column}`).toSorted((a, b) => (a < b ? -1 : 1)),
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
