import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { count, createCalendar } from '../base/index.ts';
import { createRegistry, defineTask, openSqliteState, taskIdOf, type BatchState } from '../batch/index.ts';
import type { CycleStatus, EditionIndex, Traffic } from './status-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const minuteMs = 60_000;
const calendar = createCalendar();
/** The store's time zone is nine hours ahead: the day of 2 November ends at 06:00 there. */
const dayEndMs = Date.parse('2026-11-02T21:00:00Z');
let shop: TestShop;
let state: BatchState;

const define = (name: string, needs: readonly string[]): ReturnType<typeof defineTask> =>
  defineTask({
    name,
    description: name,
    parameters: { day: { type: 'day', description: 'the day' } },
    needs: ({ day }) => needs.map((task) => ({ task, parameters: { day } })),
    target: () => ({ description: name, exists: async () => false }),
    run: async () => undefined,
    daily: true,
  });
const registry = createRegistry([
  define('seal', []),
  define('model:sales', ['seal']),
  define('bestseller:daily', ['model:sales']),
  define('report', ['bestseller:daily']),
]);

before(async () => {
  let opened: BatchState | undefined;
  shop = await openTestShop({
    context: (clock) => {
      opened = openSqliteState({ path: ':memory:', clock });
      const batch = {
        state: opened,
        registry,
        delayMs: 15 * minuteMs,
        deadline: '10:00',
        workers: 2,
        limits: {},
      };
      return { batch, recentTraffic: async () => ({ minutes: [], delaySeconds: 0.4 }) };
    },
  });
  assert.ok(opened);
  state = opened;
  for (const day of ['2026-10-30', '2026-10-31', '2026-11-01'])
    for (const task of ['seal', 'model:sales', 'bestseller:daily', 'report']) await work(task, day, minuteMs);
});
after(async () => {
  await shop.close();
  await state.close();
});

/** Lets an attempt of the task take so long; the clock moves with it. */
async function work(task: string, day: string, takesMs: number, error?: string): Promise<void> {
  const run = await state.openRun({ goals: [], worker: 'w', leaseMs: minuteMs * 60 });
  const token = await begin(run.runId, task, day);
  shop.clock.advance(takesMs);
  const end =
    error === undefined
      ? { outcome: 'succeeded' as const }
      : { outcome: 'failed' as const, errorMessage: error };
  const counts = task === 'seal' ? { events: 10, duplicates: 3, late: 0, failed: 2 } : {};
  await state.exchange({
    runId: run.runId,
    worker: 'w',
    leaseMs: minuteMs,
    ends: [{ token, counts, ...end }],
    claims: [],
    limits: {},
  });
}

async function begin(runId: number, task: string, day: string): Promise<number> {
  const taskId = taskIdOf({ task, parameters: { day } });
  const { claims } = await state.exchange({
    runId,
    worker: 'w',
    leaseMs: minuteMs * 60,
    ends: [],
    claims: [{ taskId, attempt: 1 }],
    limits: {},
  });
  const [claim] = claims;
  assert.ok(claim?.status === 'claimed');
  return claim.token;
}

async function ask<T>(url: string): Promise<T> {
  const response = await shop.server.inject({ url, headers: { authorization: `Bearer ${shop.key}` } });
  assert.equal(response.statusCode, 200, response.body);
  return response.json<T>();
}

/** Moves the clock to so many minutes after the end of 2 November. */
function moveTo(minutes: number): void {
  shop.clock.advance(dayEndMs + minutes * minuteMs - shop.clock.now());
}

test('a morning is waited for, worked through, and done before its deadline', async () => {
  moveTo(5);
  assert.equal(calendar.dayOf(shop.clock.now()), '2026-11-03');
  const waiting = await ask<CycleStatus>('/v1/cycle');
  assert.deepEqual([waiting.business_day, waiting.state, waiting.tasks], ['2026-11-02', 'waiting', 4]);
  assert.equal(waiting.begins_at, '2026-11-02T21:15:00.000Z');
  assert.equal(waiting.due_at, '2026-11-03T01:00:00.000Z');
  assert.equal(waiting.forecast?.expected_at, '2026-11-02T21:18:00.000Z');
  assert.equal(waiting.forecast?.on_time, 1);

  moveTo(15);
  await work('seal', '2026-11-02', 2 * minuteMs);
  const running = await ask<CycleStatus>('/v1/cycle');
  assert.deepEqual([running.state, running.done], ['running', 1]);
  assert.deepEqual(
    running.stages.map(({ stage, done, tasks }) => `${stage} ${done}/${tasks}`),
    ['seal 1/1', 'model 0/1', 'bestseller 0/1', 'report 0/1'],
  );
  assert.equal(running.stages[2]?.expected_finish_at, '2026-11-02T21:19:00.000Z');
  assert.deepEqual(
    running.notices.map(({ level, code, count: seen }) => [level, code, seen]),
    [
      ['watch', 'events_failed', 2],
      ['ok', 'duplicates_dropped', 3],
    ],
  );

  await work('model:sales', '2026-11-02', minuteMs, 'the disk is full');
  shop.clock.advance(minuteMs);
  const failed = await ask<CycleStatus>('/v1/cycle');
  assert.equal(failed.state, 'failed');
  assert.deepEqual([failed.notices[0]?.code, failed.notices[0]?.detail], ['task_failed', 'the disk is full']);

  for (const task of ['model:sales', 'bestseller:daily', 'report']) await work(task, '2026-11-02', minuteMs);
  const done = await ask<CycleStatus>('/v1/cycle');
  assert.deepEqual([done.state, done.forecast, done.made_up], ['done', null, false]);
  assert.equal(done.lists_out_at, '2026-11-02T21:21:00.000Z');
  assert.equal(done.finished_at, '2026-11-02T21:22:00.000Z');
  assert.ok(done.notices.some(({ level, code }) => level === 'ok' && code === 'task_repeated'));
  assert.equal(done.next_begins_at, '2026-11-03T21:15:00.000Z');
});

test('the newest editions come first, with their titles', async () => {
  const { editions } = await ask<EditionIndex>('/v1/editions?limit=3');
  assert.equal(editions.length, 3);
  const daily = (await ask<EditionIndex>('/v1/editions')).editions.find(
    ({ name, kind }) => name === 'daily' && kind === 'bestseller',
  );
  assert.equal(daily?.title['ko'], '일간');
});

test('what comes in is counted by the minute', async () => {
  count('octavo_collect_received_total', {}, 30);
  count('octavo_collect_failed_total', {}, 1);
  const traffic = await ask<Traffic>('/v1/traffic');
  assert.equal(traffic.minutes.length, 120);
  assert.deepEqual([traffic.minutes.at(-1)?.received, traffic.minutes.at(-1)?.failed], [30, 1]);
  assert.equal(traffic.delay_seconds, 0.4);
});

test('the live stream begins with everything and ends with the server', async () => {
  const other = await openTestShop();
  const url = await other.server.listen({ port: 0 });
  assert.equal((await fetch(`${url}/v1/live`)).status, 401);
  const response = await fetch(`${url}/v1/live`, { headers: { authorization: `Bearer ${other.key}` } });
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (!text.includes('event: traffic')) text += (await reader?.read())?.value ?? '';
  assert.match(text, /^retry: 3000/);
  assert.match(text, /id: 1\nevent: editions\ndata: \{"editions":\[/);
  const ended = reader?.read();
  await other.close();
  assert.equal((await ended)?.done ?? true, true);
});
