import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, OctavoError, seededRandom } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { disturbedState } from './disturbed-state.fixture.ts';
import { hurryingClock, type HurryingClock } from './hurrying-clock.fixture.ts';
import { createRegistry } from './registry.ts';
import { type RunEvent, type RunResult } from './run-events.ts';
import { runGoals, type RunGoalsOptions } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import { type BatchState } from './state-port.ts';
import { target } from './targets.ts';
import { type Task } from './task.ts';

interface Under {
  readonly state: BatchState;
  readonly clock: HurryingClock;
  /** Runs all of the tasks. */
  run(tasks: readonly Task[], options?: Partial<RunGoalsOptions>): Promise<RunResult>;
}

async function withState(work: (under: Under) => Promise<void>): Promise<void> {
  const clock = hurryingClock(Date.UTC(2026, 10, 3));
  const state = openSqliteState({ path: ':memory:', clock });
  const run = async (tasks: readonly Task[], options: Partial<RunGoalsOptions> = {}): Promise<RunResult> => {
    const base = {
      state,
      clock,
      random: seededRandom(1),
      worker: 'test',
      workers: 3,
      registry: createRegistry(tasks),
    };
    return await runGoals(
      { ...base, ...options },
      tasks.map(({ name }) => ({ task: name, parameters: {} })),
    );
  };
  try {
    await work({ state, clock, run });
  } finally {
    await state.close();
  }
}

test('a task that ends without its target fails at once, what needs it is blocked, the rest goes on', async () => {
  await withState(async ({ run }) => {
    const ran: string[] = [];
    const tasks = [
      defineTask({
        name: 'empty',
        target: () => target('nothing', () => false),
        run: () => void ran.push('empty'),
      }),
      defineTask({ name: 'behind', needs: ['empty'], run: () => void ran.push('behind') }),
      defineTask({ name: 'other', run: () => void ran.push('other') }),
    ];
    const result = await run(tasks);
    assert.equal(result.outcome, 'failed');
    assert.equal(result.failed[0]?.code, 'task_target_missing');
    assert.deepEqual(result.blocked, [{ taskId: 'behind', by: 'empty' }]);
    assert.deepEqual(ran.sort(), ['empty', 'other']);
  });
});

test('a timeout aborts the signal, and a task that is deaf to it is given up after the grace', async () => {
  await withState(async ({ run, clock }) => {
    const slow = (name: string, heeds: boolean): Task =>
      defineTask({
        name,
        timeoutMs: 3_000,
        retries: 0,
        run: async ({ signal }) => await clock.sleep(60_000, heeds ? signal : undefined),
      });
    const startedMs = clock.now();
    assert.equal((await run([slow('heedful', true)])).failed[0]?.code, 'task_timeout');
    assert.equal(clock.now() - startedMs, 3_000);
    const result = await run([slow('deaf', false)], { graceMs: 2_000 });
    assert.equal(result.failed[0]?.code, 'task_timeout');
    assert.equal(clock.now() - startedMs, 8_000);
  });
});

test('a cancelled run aborts what runs, starts nothing else, and goes on where it was', async () => {
  await withState(async ({ run, clock, state }) => {
    const stop = new AbortController();
    const ran: string[] = [];
    const tasks = ['a', 'b', 'c'].map((name) =>
      defineTask({
        name,
        run: async ({ signal }) => {
          ran.push(name);
          if (!stop.signal.aborted && name === 'b') stop.abort();
          await clock.sleep(10, signal);
        },
      }),
    );
    const cancelled = await run(tasks, { signal: stop.signal, workers: 2 });
    assert.equal(cancelled.outcome, 'cancelled');
    assert.deepEqual(
      [ran, (await state.attempts()).map(({ outcome }) => outcome)],
      [
        ['a', 'b'],
        ['cancelled', 'cancelled'],
      ],
    );
    assert.equal((await run(tasks)).succeeded, 3);
  });
});

test('heartbeats come when they are due, also while nothing runs, and the run is not lost meanwhile', async () => {
  await withState(async ({ run, clock, state }) => {
    const watched = disturbedState(state, clock, { call: Number.POSITIVE_INFINITY, what: 'slow' });
    const task = defineTask({ name: 'long', run: async () => await clock.sleep(20_500) });
    await run([task], { state: watched.state });
    // Markers, opening, claim, end, closing; ten heartbeats, each with a look whether somebody stops the run.
    assert.equal(watched.calls(), 25);
    let tries = 0;
    const resting = defineTask({
      name: 'resting',
      run: async () => {
        tries += 1;
        assert.equal((await state.runs())[0]?.outcome, undefined);
        if (tries < 3) throw new Error('not yet');
      },
    });
    assert.equal((await run([resting], { retryDelaysMs: [60_000] })).succeeded, 1);
    assert.equal(tries, 3);
  });
});

test('foreign errors and retryable ones of ours are tried again, others are not', async () => {
  await withState(async ({ run, state }) => {
    const failing = (name: string, error: () => Error, retries = 3): Task =>
      defineTask({
        name,
        retries,
        run: () => {
          throw error();
        },
      });
    const tasks = [
      failing('foreign', () => new TypeError('x is not a function')),
      failing('ours', () => new OctavoError('storage_failed', 'disk')),
      failing('final', () => new OctavoError('argument_invalid', 'day')),
      failing('once', () => new Error('once'), 0),
    ];
    const { failed } = await run(tasks);
    const seen = failed.map(({ taskId, attempts, code }) => `${taskId} ${attempts} ${code}`).sort();
    assert.deepEqual(seen, [
      'final 1 argument_invalid',
      'foreign 4 task_failed',
      'once 1 task_failed',
      'ours 4 storage_failed',
    ]);
    const [attempt] = await state.attempts({ taskId: 'foreign' });
    assert.match(attempt?.errorMessage ?? '', /TypeError: x is not a function/);
    assert.equal(attempt?.attempt, 4);
  });
});

test('a clock that is set back a day delays no retry', async () => {
  await withState(async ({ run, clock }) => {
    let tries = 0;
    const task = defineTask({
      name: 'a',
      run: () => {
        tries += 1;
        if (tries > 1) return;
        void clock.sleep(200).then(() => clock.set(clock.now() - 86_400_000));
        throw new Error('not yet');
      },
    });
    assert.equal((await run([task], { retryDelaysMs: [1_000] })).succeeded, 1);
    assert.ok(clock.now() < Date.UTC(2026, 10, 2) + 120_000);
  });
});

test('confirm() asks the state, not the last heartbeat, whether the lease is still held', async () => {
  await withState(async ({ run, clock, state }) => {
    let published = 0;
    const task = defineTask({
      name: 'a',
      run: async ({ confirm, attempt }) => {
        if (published === 0 && attempt === 1 && (await state.running())[0]?.worker === 'test') {
          clock.set(clock.now() + 10_000);
          const claims = [{ taskId: 'a', attempt: 1 }];
          const taken = await state.exchange({
            runId: 99,
            worker: 'two',
            leaseMs: 1_000,
            limits: {},
            ends: [],
            claims,
          });
          assert.equal(taken.claims[0]?.status, 'claimed');
          await assert.rejects(
            async () => await confirm?.(),
            (error) => hasCode(error, 'lease_lost'),
          );
          published += 1;
          return;
        }
        await confirm?.();
        published += 1;
      },
    });
    const events: RunEvent[] = [];
    const result = await run([task], { heartbeatMs: 60_000, onEvent: (event) => void events.push(event) });
    assert.deepEqual([result.succeeded, published], [1, 2]);
    assert.equal(events.filter(({ type }) => type === 'lease-lost').length, 1);
    assert.equal(events.filter(({ type }) => type === 'waiting').length, 1);
  });
});

test('two runners share the resources, and what wants more than there is runs alone', async () => {
  await withState(async ({ run, clock }) => {
    let using = 0;
    let usingMost = 0;
    const tasks = (prefix: string): readonly Task[] =>
      Array.from({ length: 8 }, (_, index) =>
        defineTask({
          name: `${prefix}${index}`,
          resources: { engine: 1 },
          run: async () => {
            using += 1;
            usingMost = Math.max(usingMost, using);
            await clock.sleep(700);
            using -= 1;
          },
        }),
      );
    const limits = { engine: 2 };
    const [one, two] = await Promise.all([
      run(tasks('a'), { limits, workers: 4 }),
      run(tasks('b'), { limits, workers: 4, worker: 'two' }),
    ]);
    assert.deepEqual([one.succeeded, two.succeeded, usingMost], [8, 8, 2]);
    const alone = defineTask({ name: 'large', resources: { engine: 9 }, run: () => assert.equal(using, 0) });
    assert.equal((await run([alone, ...tasks('c')], { limits })).succeeded, 9);
  });
});

test('two runners of the same tasks share the work, and each sees all of it done', async () => {
  await withState(async ({ run, clock }) => {
    const ran: string[] = [];
    const tasks = Array.from({ length: 20 }, (_, index) =>
      defineTask({
        name: `t${index}`,
        needs: index < 3 ? [] : [`t${index - 3}`],
        run: async () => {
          ran.push(`t${index}`);
          await clock.sleep(100);
        },
      }),
    );
    const results = await Promise.all([run(tasks), run(tasks, { worker: 'two' })]);
    assert.equal(ran.length, 20);
    assert.equal(new Set(ran).size, 20);
    for (const { outcome, succeeded, present } of results)
      assert.deepEqual([outcome, succeeded + present], ['succeeded', 20]);
  });
});

test('a forced run makes its goal again and no need, once only under its key', async () => {
  await withState(async ({ run, state }) => {
    const ran: string[] = [];
    let broken = false;
    const task = (name: string, needs: readonly string[]): Task =>
      defineTask({
        name,
        needs,
        retries: 0,
        run: () => {
          ran.push(name);
          if (broken && name === 'b') throw new Error('b');
        },
      });
    const tasks = [task('a', []), task('b', ['a'])];
    await run(tasks);
    const goals = [{ task: 'b', parameters: {} }];
    const options = { force: true, key: 'again' };
    const base = {
      state,
      clock: hurryingClock(Date.UTC(2026, 10, 4)),
      random: seededRandom(1),
      worker: 'test',
      registry: createRegistry(tasks),
    };
    assert.equal((await runGoals({ ...base, ...options }, goals)).succeeded, 1);
    assert.deepEqual(ran, ['a', 'b', 'b']);
    const both = (task: { readonly id: string }): boolean => ['a', 'b'].includes(task.id);
    broken = true;
    const { runId } = await state.openRun({ key: 'night', goals: ['b'], worker: 'dead', leaseMs: 1 });
    const died = await state.exchange({
      runId,
      worker: 'dead',
      leaseMs: 1,
      limits: {},
      ends: [],
      claims: [{ taskId: 'a', attempt: 1 }],
    });
    assert.ok(died.claims[0]?.status === 'claimed');
    const ends = [{ token: died.claims[0].token, outcome: 'succeeded' as const, marker: 'a' }];
    await state.exchange({ runId, worker: 'dead', leaseMs: 1, limits: {}, ends, claims: [] });
    const resumed = await runGoals({ ...base, force: both, key: 'night' }, goals);
    assert.deepEqual([resumed.runId, resumed.outcome, ran.slice(3)], [runId, 'failed', ['b']]);
  });
});
