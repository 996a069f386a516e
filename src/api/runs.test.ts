import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seededRandom, silentLogger } from '../base/index.ts';
import {
  createRegistry,
  createRunDesk,
  defineTask,
  openSqliteState,
  type BatchState,
  type RunDesk,
} from '../batch/index.ts';
import { roleScopes } from './roles.ts';
import type {
  AskedRun,
  DayRuns,
  RunDays,
  TaskAttempts,
  TaskDetail,
  TaskIndex,
  TaskPlan,
} from './run-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let shop: TestShop;
let state: BatchState;
let desk: RunDesk;
const stop = new AbortController();
let working: Promise<void> | undefined;
/** Targets that exist. */
const made = new Set<string>();
let broken = true;
let gate = Promise.withResolvers<void>();

const define = (name: string, needs: readonly string[], run: () => Promise<void> | void) =>
  defineTask({
    name,
    description: `Makes ${name}`,
    parameters: { day: 'day' },
    needs: ({ day }) => needs.map((task) => ({ task, parameters: { day } })),
    target: ({ day }) => ({
      description: `${name} of ${day}`,
      exists: async () => made.has(`${name} ${day}`),
    }),
    lineage: { reads: ['raw.events'], makes: [`model.${name.split(':')[1] ?? name}`] },
    retries: 0,
    run: async ({ parameters: { day }, count }) => {
      await run();
      count({ rows: 7 });
      made.add(`${name} ${day}`);
    },
    daily: true,
  });
const registry = createRegistry([
  define('seal', [], () => undefined),
  define('model:sales', ['seal'], () => {
    if (broken) throw new Error('three rows are wrong');
  }),
  define('bestseller:daily', ['model:sales'], () => gate.promise),
]);

before(async () => {
  shop = await openTestShop({
    context: (clock) => {
      state = openSqliteState({ path: ':memory:', clock });
      desk = createRunDesk({
        registry,
        state,
        clock,
        random: seededRandom(1),
        worker: 'w',
        log: silentLogger,
      });
      const batch = { state, registry, delayMs: 0, deadline: '10:00', workers: 2, limits: {}, desk };
      return { batch };
    },
  });
});
after(async () => {
  stop.abort();
  await working;
  await shop.close();
  await state.close();
});

async function ask<T>(
  url: string,
  options: { readonly method?: 'POST' | 'DELETE'; readonly body?: object; readonly key?: string } = {},
): Promise<{ readonly status: number; readonly body: T }> {
  const response = await shop.server.inject({
    url,
    method: options.method ?? 'GET',
    headers: { authorization: `Bearer ${options.key ?? shop.key}` },
    ...(options.body === undefined ? {} : { payload: options.body }),
  });
  return { status: response.statusCode, body: response.json<T>() };
}

async function until(check: () => boolean): Promise<void> {
  for (let turns = 0; !check(); turns += 1) {
    assert.ok(turns < 2000, 'it did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a process that does not work yet takes no runs, and says so', async () => {
  const { status, body } = await ask<{ code: string }>('/v1/tasks/seal/runs', { method: 'POST', body: {} });
  assert.deepEqual([status, body.code], [503, 'runs_not_taken']);
  assert.equal((await ask<DayRuns>('/v1/runs')).body.takes_runs, false);
  working = desk.work(stop.signal);
});

test('only roles that run the batch may run a task', async () => {
  const { key } = shop.keys.create('analyst', roleScopes.analyst);
  const refused = await ask<{ code: string }>('/v1/tasks/seal/runs', { method: 'POST', body: {}, key });
  assert.deepEqual([refused.status, refused.body.code], [403, 'scope_missing']);
  assert.equal((await ask('/v1/runs', { key })).status, 200);
  const operator = shop.keys.create('operator', roleScopes.operator).key;
  assert.equal((await ask('/v1/tasks/seal/plan', { key: operator })).status, 200);
});

test('a failed task is told with its error, its day is blocked behind it, and a retry mends it', async () => {
  const plan = await ask<TaskPlan>('/v1/tasks/bestseller:daily/plan?day=2026-11-02');
  assert.deepEqual(plan.body.runs, [
    'seal(day=2026-11-02)',
    'model:sales(day=2026-11-02)',
    'bestseller:daily(day=2026-11-02)',
  ]);
  const asked = await ask<AskedRun>('/v1/runs', { method: 'POST', body: { day: '2026-11-02' } });
  assert.deepEqual([asked.status, asked.body.already, asked.body.asked_by], [202, false, 'all']);
  await until(() => desk.runs()[0]?.state === 'failed');
  shop.clock.advance(60_000);
  const runs = (await ask<DayRuns>('/v1/runs?day=2026-11-02')).body;
  assert.deepEqual(
    runs.tasks.map(({ task, state: stands }) => `${task} ${stands}`),
    ['seal done', 'model:sales failed', 'bestseller:daily blocked'],
  );
  assert.match(runs.tasks[1]?.error?.message ?? '', /three rows are wrong/);
  assert.deepEqual(runs.tasks[2]?.needs, ['model:sales(day=2026-11-02)']);
  assert.equal(runs.requests[0]?.errors[0]?.code, 'task_failed');

  broken = false;
  await ask<AskedRun>('/v1/tasks/model:sales/runs', { method: 'POST', body: { day: '2026-11-02' } });
  await until(() => desk.runs()[0]?.state === 'succeeded');
  const detail = (await ask<TaskDetail>('/v1/tasks/model:sales?day=2026-11-02')).body;
  assert.deepEqual(detail.target, { description: 'model:sales of 2026-11-02', exists: true });
  assert.deepEqual(
    [detail.needs, detail.needed_by],
    [[{ task: 'seal', from: '2026-11-02', to: '2026-11-02', count: 1 }], ['bestseller:daily']],
  );
  assert.deepEqual(
    detail.history.map((one) => [one.business_day, one.state, one.attempts, one.counts]),
    [['2026-11-02', 'done', 2, { rows: 7 }]],
  );
  const { attempts } = (await ask<TaskAttempts>('/v1/tasks/model:sales/attempts?day=2026-11-02')).body;
  assert.deepEqual(
    attempts.map(({ outcome }) => outcome),
    ['succeeded', 'failed'],
  );
  assert.match(attempts[1]?.log.at(-1) ?? '', /Z error task_failed: .*three rows are wrong/);
});

test('a second click answers the run that is going; what is done is refused unless forced', async () => {
  const body = { day: '2026-11-02' };
  const url = '/v1/tasks/bestseller:daily/runs';
  const [first, second] = await Promise.all([
    ask<AskedRun>(url, { method: 'POST', body }),
    ask<AskedRun>(url, { method: 'POST', body }),
  ]);
  assert.equal(first.body.already, !second.body.already);
  assert.equal(first.body.request, second.body.request);
  await until(() => desk.runs()[0]?.runId !== undefined);
  gate.resolve();
  await until(() => desk.runs()[0]?.state === 'succeeded');
  const done = await ask<{ code: string }>(url, { method: 'POST', body });
  assert.deepEqual([done.status, done.body.code], [409, 'task_done']);
  gate = Promise.withResolvers();
  const forced = await ask<AskedRun>(url, { method: 'POST', body: { ...body, force: true } });
  assert.deepEqual([forced.status, forced.body.tasks], [202, 1]);
  await until(() => desk.runs()[0]?.state === 'running');
  assert.equal((await ask<DayRuns>('/v1/runs?day=2026-11-02')).body.tasks[2]?.state, 'running');
  const stopped = await ask(`/v1/runs/requests/${forced.body.request}`, { method: 'DELETE' });
  assert.equal(stopped.status, 202);
  gate.resolve();
  await until(() => desk.runs()[0]?.state !== 'running');
  const again = await ask<{ code: string }>(`/v1/runs/requests/${forced.body.request}`, { method: 'DELETE' });
  assert.deepEqual([again.status, again.body.code], [404, 'run_not_found']);
});

test('days and tasks are listed, and what is unknown is named', async () => {
  const { days } = (await ask<RunDays>('/v1/runs/days?limit=10')).body;
  assert.deepEqual(
    days.map(({ business_day, state: stands, done }) => [business_day, stands, done]),
    [['2026-11-02', 'done', 3]],
  );
  const { tasks } = (await ask<TaskIndex>('/v1/tasks')).body;
  assert.deepEqual(
    tasks.map(({ task, makes }) => [task, makes]),
    [
      ['bestseller:daily', ['model.daily']],
      ['model:sales', ['model.sales']],
      ['seal', ['model.seal']],
    ],
  );
  const unknown = await ask<{ code: string; detail: string }>('/v1/tasks/model:sale');
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'task_unknown']);
  assert.match(unknown.body.detail, /model:sales/);
  assert.equal((await ask<{ code: string }>('/v1/runs?day=2026-13-40')).status, 400);
});

test('a range of days is planned, made and joined; a run of another process is shown and stopped', async () => {
  const range = 'from=2026-10-28&to=2026-10-30';
  const plan = await ask<TaskPlan>(`/v1/tasks/model:sales/backfill?${range}`);
  assert.deepEqual([plan.status, plan.body.goals.length, plan.body.count], [200, 3, 6]);
  const body = { from: '2026-10-28', to: '2026-10-30' };
  const asked = await ask<AskedRun>('/v1/tasks/model:sales/backfill', { method: 'POST', body });
  assert.deepEqual([asked.status, asked.body.tasks, asked.body.already], [202, 6, false]);
  await until(() => desk.runs()[0]?.state === 'succeeded');
  assert.ok(made.has('model:sales 2026-10-28') && made.has('model:sales 2026-10-30'));
  const nothing = await ask<TaskPlan>(`/v1/tasks/model:sales/backfill?${range}`);
  assert.deepEqual([nothing.status, nothing.body.count, nothing.body.present], [200, 0, 3]);
  const wrong = await ask<{ code: string }>('/v1/tasks/model:sales/backfill', {
    method: 'POST',
    body: { from: '2026-10-30', to: '2026-10-28' },
  });
  assert.deepEqual([wrong.status, wrong.body.code], [400, 'argument_invalid']);

  const leaseMs = 60_000;
  const { runId } = await state.openRun({ goals: [], worker: 'other', leaseMs });
  const claims = [{ taskId: 'seal(day=2026-10-01)', attempt: 1 }];
  await state.exchange({ runId, worker: 'other', leaseMs, ends: [], limits: {}, claims });
  const [other] = (await ask<DayRuns>('/v1/runs')).body.other_runs;
  assert.deepEqual(
    [other?.run, other?.running, other?.stop_asked_by],
    [runId, ['seal(day=2026-10-01)'], null],
  );
  assert.equal((await ask(`/v1/runs/${runId}`, { method: 'DELETE' })).status, 202);
  assert.notEqual((await ask<DayRuns>('/v1/runs')).body.other_runs[0]?.stop_asked_by, null);
  await state.closeRun(runId, 'cancelled', {});
  assert.equal((await ask(`/v1/runs/${runId}`, { method: 'DELETE' })).status, 404);
  await state.endLeases();
});
