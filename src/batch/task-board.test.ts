import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OctavoError, seededRandom } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { planGraph } from './graph.ts';
import { type Ended } from './progress.ts';
import { createRegistry } from './registry.ts';
import { type RunEvent } from './run-events.ts';
import { TaskBoard } from './task-board.ts';

const pollMs = 500;

async function boardOf(
  needs: Readonly<Record<string, readonly string[]>>,
  resources: Readonly<Record<string, number>> = {},
) {
  const tasks = Object.keys(needs).map((name) =>
    defineTask({ name, needs: needs[name] ?? [], resources, retries: 1, run: () => undefined }),
  );
  const goals = tasks.map(({ name }) => ({ task: name, parameters: {} }));
  const plan = await planGraph(createRegistry(tasks), goals, { existing: async () => new Set<never>() });
  const events: string[] = [];
  const emit = (event: RunEvent): number => events.push(event.type);
  const board = new TaskBoard({
    plan,
    limits: {},
    random: seededRandom(1),
    pollMs,
    retryDelaysMs: [1_000],
    forcedBefore: new Set(),
    emit,
  });
  const ended = (taskId: string, token: number, error?: OctavoError): Ended => {
    const node = plan.nodes.get(taskId);
    assert.ok(node);
    const end = { token, outcome: error === undefined ? 'succeeded' : 'failed', log: [] } as const;
    return { running: { node, token }, result: { end, error, retryable: true, seconds: 1 } };
  };
  return { board, events, ended };
}

test('what needs a success may be claimed with it, and waits again when the success is refused', async () => {
  const { board, events, ended } = await boardOf({ a: [], b: ['a'] });
  assert.deepEqual(
    board.take([], 0, 9).map(({ taskId }) => taskId),
    ['a'],
  );
  assert.equal(board.answer({ status: 'claimed', taskId: 'a', token: 7 }, 0)?.attempt, 1);
  const end = ended('a', 7);
  const [claim] = board.take([end], 0, 9);
  assert.deepEqual([claim?.taskId, claim?.after], ['b', [7]]);
  board.settle(end, true, 0);
  board.answer({ status: 'refused', taskId: 'b' }, 0);
  assert.deepEqual(board.take([], 0, 9), [], 'a rests, and b waits for it');
  assert.equal(board.nextDueMs(), pollMs);
  board.wake(pollMs);
  assert.deepEqual(
    board.take([], pollMs, 9).map(({ taskId, attempt }) => [taskId, attempt]),
    [['a', 1]],
  );
  assert.deepEqual(events, ['lease-lost']);
  assert.equal(board.open, 2);
});

test('a task that failed for good blocks what is behind it, and nothing else', async () => {
  const { board, events, ended } = await boardOf({ a: [], b: ['a'], c: ['b'], d: [] });
  const failure = ended('a', 1, new OctavoError('internal', 'no'));
  board.take([], 0, 1);
  board.answer({ status: 'claimed', taskId: 'a', token: 1 }, 0);
  board.settle(failure, false, 0);
  assert.deepEqual([events, board.open], [['retry'], 4]);
  board.wake(2_000);
  board.take([], 2_000, 1);
  board.answer({ status: 'claimed', taskId: 'a', token: 2 }, 2_000);
  board.settle(failure, false, 2_000);
  assert.deepEqual(
    board.blocked.map(({ taskId, by }) => [taskId, by]),
    [
      ['b', 'a'],
      ['c', 'a'],
    ],
  );
  assert.deepEqual([board.open, board.failed[0]?.attempts], [1, 2]);
});

test('a resource that other processes use up is asked for again later, or when one of ours is free', async () => {
  const { board, ended } = await boardOf({ a: [], b: [] }, { engine: 1 });
  const taken = board.take([], 0, 9);
  assert.equal(taken.length, 1, 'there is one of it');
  board.answer({ status: 'busy', taskId: 'a', resource: 'engine' }, 0);
  assert.deepEqual(board.take([], pollMs - 1, 9), []);
  const [again] = board.take([], pollMs, 9);
  assert.equal(again?.taskId, 'a');
  board.putBack(again === undefined ? [] : [again]);
  assert.equal(board.take([], pollMs, 9).length, 1);
  board.release(ended('a', 1).running.node);
  assert.equal(board.take([], pollMs, 9)[0]?.taskId, 'b');
});
