import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { OctavoError, seededRandom, systemClock } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { createRegistry } from './registry.ts';
import { runGoals } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import { type BatchState } from './state-port.ts';
import { target } from './targets.ts';
import { type Task } from './task.ts';

async function withState(work: (state: BatchState) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-batch-'));
  const state = openSqliteState({ path: join(folder, 'batch.db'), clock: systemClock });
  try {
    await work(state);
  } finally {
    await state.close();
    await rm(folder, { recursive: true });
  }
}

const base = { clock: systemClock, worker: 'test', retryDelaysMs: [1], pollMs: 10, workers: 3 };

test('random graphs with random failures: needs run first, nothing done is done twice, all is done in the end', async () => {
  for (let seed = 0; seed < 15; seed++) {
    await withState(async (state) => {
      const random = seededRandom(seed);
      const done = new Set<string>();
      const needs = new Map<string, readonly string[]>();
      const tasks: Task[] = Array.from({ length: 30 }, (_, index) => {
        const name = `t${index}`;
        const before = Array.from({ length: index }, (_unused, at) => `t${at}`).filter(() => random.next() < 0.15);
        needs.set(name, before);
        const natural = random.next() < 0.5;
        return defineTask({
          name,
          needs: before,
          retries: 1,
          ...(natural ? { target: () => target(name, () => done.has(name)) } : {}),
          ...(random.next() < 0.3 ? { resources: { engine: 1 } } : {}),
          run: () => {
            assert.ok(before.every((need) => done.has(need)), `${name} ran before its needs`);
            assert.ok(!done.has(name), `${name} was done twice`);
            if (random.next() < 0.3) throw new OctavoError('storage_failed', name);
            done.add(name);
          },
        });
      });
      const options = { ...base, state, random, registry: createRegistry(tasks) };
      const goals = tasks.map((task) => ({ task: task.name, parameters: {} }));
      for (let round = 0; round < 50; round++) {
        const result = await runGoals(options, goals);
        assert.equal(result.succeeded + result.present + result.failed.length + result.blocked.length, 30);
        if (result.outcome === 'succeeded') break;
      }
      assert.equal(done.size, 30);
    });
  }
});

test('a task that ends without its target fails at once, what needs it is blocked, the rest goes on', async () => {
  await withState(async (state) => {
    const ran: string[] = [];
    const tasks = [
      defineTask({ name: 'empty', target: () => target('nothing', () => false), run: () => void ran.push('empty') }),
      defineTask({ name: 'behind', needs: ['empty'], run: () => void ran.push('behind') }),
      defineTask({ name: 'other', run: () => void ran.push('other') }),
    ];
    const options = { ...base, state, random: seededRandom(1), registry: createRegistry(tasks) };
    const result = await runGoals(options, [{ task: 'behind', parameters: {} }, { task: 'other', parameters: {} }]);
    assert.equal(result.outcome, 'failed');
    assert.equal(result.failed[0]?.code, 'task_target_missing');
    assert.deepEqual(result.blocked, [{ taskId: 'behind', by: 'empty' }]);
    assert.deepEqual(ran.sort(), ['empty', 'other']);
  });
});

test('a timeout aborts the signal and a cancelled run stops', async () => {
  await withState(async (state) => {
    const slow = defineTask({
      name: 'slow',
      timeoutMs: 20,
      retries: 0,
      run: async ({ signal }) => await systemClock.sleep(60_000, signal),
    });
    const options = { ...base, state, random: seededRandom(1), registry: createRegistry([slow]) };
    const result = await runGoals(options, [{ task: 'slow', parameters: {} }]);
    assert.equal(result.failed[0]?.code, 'task_timeout');
    const stop = AbortSignal.timeout(5);
    const cancelled = await runGoals({ ...options, signal: stop }, [{ task: 'slow', parameters: {} }]);
    assert.equal(cancelled.outcome, 'cancelled');
  });
});

test('a lease that another worker took over refuses the end of the first and its marker', async () => {
  await withState(async (state) => {
    const { runId } = await state.openRun({ goals: ['a'], worker: 'one', leaseMs: 10_000 });
    const ask = { runId, limits: {}, ends: [], claims: [{ taskId: 'a', attempt: 1, marker: 'a' }] };
    const [first] = (await state.exchange({ ...ask, worker: 'one', leaseMs: 0 })).claims;
    const [second] = (await state.exchange({ ...ask, worker: 'two', leaseMs: 10_000 })).claims;
    assert.ok(first?.status === 'claimed' && second?.status === 'claimed' && second.token > first.token);
    const [third] = (await state.exchange({ ...ask, worker: 'three', leaseMs: 10_000 })).claims;
    assert.equal(third?.status, 'held');
    assert.deepEqual(await state.heartbeat(runId, [first.token, second.token], 10_000), [first.token]);
    const end = (token: number) => ({ token, outcome: 'succeeded' as const, marker: 'a' });
    const late = await state.exchange({ ...ask, worker: 'one', leaseMs: 0, ends: [end(first.token)], claims: [] });
    assert.deepEqual(late.refused, [first.token]);
    assert.equal((await state.markers(['a'])).size, 0);
    await state.exchange({ ...ask, worker: 'two', leaseMs: 0, ends: [end(second.token)], claims: [] });
    assert.equal((await state.markers(['a'])).size, 1);
  });
});
