import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, OctavoError, seededRandom, systemClock } from '../base/index.ts';
import { defineTask } from './define-task.ts';
import { createRegistry } from './registry.ts';
import { createRunDesk, type RunDesk } from './run-desk.ts';
import { type RunResult } from './run-events.ts';
import { runGoals } from './run-goals.ts';
import { openSqliteState } from './sqlite-state.ts';
import { type BatchState } from './state-port.ts';

interface World {
  readonly desk: RunDesk;
  readonly state: BatchState;
  readonly stop: AbortController;
  readonly ran: string[];
  /** Ends the process, lets `slow` end from now on, and begins another process. */
  readonly next: () => Promise<RunDesk>;
  /** What another process runs by itself. */
  readonly run: (task: string) => Promise<RunResult>;
  /** Lets the task `slow` end. */
  readonly release: () => void;
}

async function withDesk(work: (world: World) => Promise<void>): Promise<void> {
  const ran: string[] = [];
  const gate = Promise.withResolvers<void>();
  const tasks = [
    defineTask({ name: 'base', run: () => void ran.push('base') }),
    defineTask({
      name: 'slow',
      needs: ['base'],
      run: async ({ signal, log, progress }) => {
        log.info('waiting');
        progress(1, 2, 'steps');
        await Promise.race([gate.promise, aborted(signal)]);
        signal.throwIfAborted();
        ran.push('slow');
      },
    }),
    defineTask({ name: 'other', run: () => void ran.push('other') }),
    defineTask({
      name: 'broken',
      retries: 0,
      run: () => {
        throw new OctavoError('model_test_failed', 'three rows');
      },
    }),
  ];
  const state = openSqliteState({ path: ':memory:', clock: systemClock });
  const runner = {
    registry: createRegistry(tasks),
    state,
    clock: systemClock,
    random: seededRandom(1),
    worker: 'w',
    heartbeatMs: 10,
    pollMs: 10,
  };
  const desk = createRunDesk(runner);
  const [stop, stopNext] = [new AbortController(), new AbortController()];
  let workingNext: Promise<void> = Promise.resolve();
  const next = async (): Promise<RunDesk> => {
    stop.abort(new OctavoError('cancelled', 'over'));
    await working;
    gate.resolve();
    const later = createRunDesk(runner);
    workingNext = later.work(stopNext.signal);
    return later;
  };
  const run = (task: string): Promise<RunResult> => runGoals(runner, [ref(task)]);
  await assert.rejects(desk.ask({ goals: [ref('slow')], askedBy: 'kim' }), (error) =>
    hasCode(error, 'runs_not_taken'),
  );
  const working = desk.work(stop.signal);
  try {
    await work({ desk, state, stop, ran, next, run, release: () => gate.resolve() });
  } finally {
    for (const one of [stop, stopNext]) one.abort(new OctavoError('cancelled', 'over'));
    await Promise.all([working, workingNext]);
    await state.close();
  }
}

const ref = (task: string) => ({ task, parameters: {} });

async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; !(await check()); tries += 1) {
    assert.ok(tries < 500, 'it did not happen');
    await systemClock.sleep(10);
  }
}

test('a run that was asked for is kept with who asked, and a second wish joins it', async () => {
  await withDesk(async ({ desk, state, ran, release }) => {
    const [first, second] = await Promise.all([
      desk.ask({ goals: [ref('slow')], askedBy: 'kim' }),
      desk.ask({ goals: [ref('slow')], askedBy: 'lee' }),
    ]);
    assert.deepEqual([first.already, second.already], [false, true]);
    assert.equal(second.run.id, first.run.id);
    assert.equal(first.run.tasks, 2);
    await until(async () => (await state.running()).some(({ progress }) => progress !== undefined));
    const [running] = await state.running();
    assert.deepEqual(running?.progress, { done: 1, total: 2, unit: 'steps' });
    assert.match(running?.log.at(-1) ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z info waiting$/);
    release();
    await until(() => desk.runs()[0]?.state === 'succeeded');
    assert.deepEqual(ran, ['base', 'slow']);
    assert.deepEqual([desk.runs()[0]?.done, desk.runs()[0]?.tasks], [2, 2]);
    assert.equal((await state.runs())[0]?.askedBy, 'kim');
    await assert.rejects(desk.ask({ goals: [ref('slow')], askedBy: 'kim' }), (error) =>
      hasCode(error, 'task_done'),
    );
    const forced = await desk.ask({ goals: [ref('base')], force: true, askedBy: 'kim' });
    assert.deepEqual([forced.already, forced.run.tasks], [false, 1]);
    await until(() => desk.runs()[0]?.state === 'succeeded');
    assert.deepEqual(ran, ['base', 'slow', 'base']);
  });
});

test('a task that runs already is answered with its run', async () => {
  await withDesk(async ({ desk, state }) => {
    const { runId } = await state.openRun({ goals: [], worker: 'other', leaseMs: 60_000 });
    const exchange = { runId, worker: 'other', leaseMs: 60_000, ends: [], limits: {} };
    await state.exchange({ ...exchange, claims: [{ taskId: 'base', attempt: 1 }] });
    const { run, already } = await desk.ask({ goals: [ref('base')], askedBy: 'kim' });
    assert.deepEqual([already, run.runId, run.state], [true, runId, 'running']);
    assert.equal(desk.runs().length, 0);
  });
});

test('runs go one after another; a waiting and a running one can be stopped', async () => {
  await withDesk(async ({ desk, ran }) => {
    const first = await desk.ask({ goals: [ref('slow')], askedBy: 'kim' });
    const second = await desk.ask({ goals: [ref('broken')], askedBy: 'kim' });
    await until(() => ran.includes('base'));
    assert.equal(desk.runs()[0]?.state, 'waiting');
    assert.equal((await desk.stop(second.run.id)).state, 'cancelled');
    await desk.stop(first.run.id);
    await until(() => desk.runs()[1]?.state === 'cancelled');
    assert.deepEqual(ran, ['base']);
    await assert.rejects(
      () => desk.stop(first.run.id),
      (error) => hasCode(error, 'run_not_found'),
    );
  });
});

test('a failure is told with its code', async () => {
  await withDesk(async ({ desk }) => {
    await desk.ask({ goals: [ref('broken')], askedBy: 'kim' });
    await until(() => desk.runs()[0]?.state === 'failed');
    assert.equal(desk.runs()[0]?.failed[0]?.code, 'model_test_failed');
    await assert.rejects(desk.ask({ goals: [ref('brokn')], askedBy: 'kim' }), (error) =>
      hasCode(error, 'task_unknown'),
    );
  });
});

test('what waits or runs when the process ends is taken up by the next one, but nothing that was stopped', async () => {
  await withDesk(async ({ desk, state, ran, next }) => {
    await desk.ask({ goals: [ref('slow')], force: true, askedBy: 'kim' });
    const stopped = await desk.ask({ goals: [ref('broken')], askedBy: 'kim' });
    const waiting = await desk.ask({ goals: [ref('other')], askedBy: 'lee' });
    await until(() => ran.includes('base') && desk.runs().at(-1)?.state === 'running');
    await desk.stop(stopped.run.id);
    const later = await next();
    await until(() => later.runs().length === 3);
    assert.deepEqual(
      later.runs().map(({ id, askedBy }) => [id, askedBy]),
      desk.runs().map(({ id, askedBy }) => [id, askedBy]),
    );
    await until(() => later.runs().every(({ state: one }) => one !== 'waiting' && one !== 'running'));
    assert.deepEqual(
      later.runs().map((run) => [run.goals[0], run.state]),
      [
        ['other', 'succeeded'],
        ['broken', 'cancelled'],
        ['slow', 'succeeded'],
      ],
    );
    assert.deepEqual(ran, ['base', 'slow', 'other'], 'what was made before is not made again');
    assert.ok(waiting.run.id > stopped.run.id);
    assert.equal((await state.requests(10)).filter(({ open }) => open).length, 0);
  });
});

test('a run of another process is stopped through the state', async () => {
  await withDesk(async ({ desk, state, ran, run }) => {
    const other = run('slow');
    await until(() => ran.includes('base'));
    await until(async () => (await state.running()).length === 1);
    const runId = (await state.running())[0]?.runId ?? 0;
    await desk.stopRun(runId, 'kim');
    assert.equal((await other).outcome, 'cancelled');
    assert.deepEqual(ran, ['base']);
    assert.equal(await state.stopAskedBy(runId), 'kim');
    await assert.rejects(desk.stopRun(runId, 'kim'), (error) => hasCode(error, 'run_not_found'));
  });
});
