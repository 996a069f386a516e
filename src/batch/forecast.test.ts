import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../base/index.ts';
import { forecast, median, quantile, type Forecast, type ForecastTask } from './forecast.ts';

const task = (id: string, pastMs: readonly number[], rest: Partial<ForecastTask> = {}): ForecastTask => ({
  id,
  needs: [],
  done: false,
  runningMs: undefined,
  pastMs,
  resources: {},
  ...rest,
});

function ask(tasks: readonly ForecastTask[], rest: Partial<Parameters<typeof forecast>[0]> = {}): Forecast {
  const goals = [tasks.at(-1)?.id ?? ''];
  const found = forecast({
    tasks,
    goals,
    workers: 2,
    limits: {},
    waitMs: 0,
    random: seededRandom(1),
    ...rest,
  });
  assert.ok(found);
  return found;
}

test('needs come first, and as many run at a time as there are workers', () => {
  const tasks = [
    task('a', [10]),
    task('b', [20]),
    task('c', [30]),
    task('d', [5], { needs: ['a', 'b', 'c'] }),
  ];
  assert.deepEqual(ask(tasks).spans.get('d'), { startMs: 40, endMs: 45 });
  assert.equal(quantile(ask(tasks, { workers: 1 }).endsMs, 0.5), 65);
  assert.deepEqual(ask(tasks, { workers: 3 }).spans.get('d'), { startMs: 30, endMs: 35 });
});

test('what is done takes no time, what runs only its rest', () => {
  const tasks = [
    task('a', [100], { done: true }),
    task('b', [100], { runningMs: 70, needs: ['a'] }),
    task('c', [10], { needs: ['b'] }),
  ];
  assert.deepEqual(ask(tasks).spans.get('c'), { startMs: 30, endMs: 40 });
  const longer = [task('b', [100], { runningMs: 140 }), task('c', [10], { needs: ['b'] })];
  assert.deepEqual(ask(longer).spans.get('c'), { startMs: 20, endMs: 30 });
});

test('resources are shared', () => {
  const tasks = [
    task('a', [10], { resources: { engine: 1 } }),
    task('b', [10], { resources: { engine: 1 } }),
    task('c', [1], { needs: ['a', 'b'] }),
  ];
  assert.equal(ask(tasks).spans.get('c')?.endMs, 21);
  assert.equal(ask(tasks, { limits: { engine: 2 } }).spans.get('c')?.endMs, 11);
});

test('the spread of the past is the spread of what is to come, and the beginning may lie ahead', () => {
  const found = ask([task('a', [10, 20, 30, 40, 50])], { waitMs: 1000 });
  assert.equal(found.endsMs[0], 1010);
  assert.equal(found.endsMs.at(-1), 1050);
  assert.deepEqual(found.spans.get('a'), { startMs: 1000, endMs: 1030 });
});

test('nothing is forecast of what never ran', () => {
  const options = { goals: ['a'], workers: 1, limits: {}, waitMs: 0, random: seededRandom(1) };
  assert.equal(forecast({ tasks: [task('a', [])], ...options }), undefined);
  assert.equal(median([]), 0);
});
