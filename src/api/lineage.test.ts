import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineageOf } from './lineage.ts';

const task = (name: string, reads: readonly string[], makes: readonly string[]) => ({
  name,
  lineage: { reads, makes },
});
const tasks = [
  task('bestseller:daily', ['model.lines', 'model.titles'], ['edition:bestseller/daily']),
  task('model:lines', ['raw.orders'], ['model.lines']),
  task('model:titles', ['raw.items'], ['model.titles']),
  task('extract:orders', ['source:orders'], ['raw.orders']),
  { name: 'report' },
];

test('what a table is made of and what is made from it is found, however far', () => {
  assert.deepEqual(lineageOf('model.lines', tasks), [
    { name: 'source:orders', from: [], tasks: [] },
    { name: 'raw.orders', from: ['source:orders'], tasks: ['extract:orders'] },
    { name: 'model.lines', from: ['raw.orders'], tasks: ['model:lines'] },
    { name: 'edition:bestseller/daily', from: ['model.lines'], tasks: ['bestseller:daily'] },
  ]);
});

test('a table that no task names stands alone, and a circle ends', () => {
  assert.deepEqual(lineageOf('raw.notes', tasks), [{ name: 'raw.notes', from: [], tasks: [] }]);
  const circle = [task('a', ['b'], ['a']), task('b', ['a'], ['b'])];
  assert.deepEqual(
    lineageOf('a', circle).map(({ name }) => name),
    ['b', 'a'],
  );
});
