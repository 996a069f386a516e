import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ManualClock } from '../base/index.ts';
import {
  type AttemptEnd,
  type BatchState,
  type Claim,
  type ClaimRequest,
  type ExchangeResult,
} from './state-port.ts';

/** What a backend gives to its contract test. */
export interface StateUnderTest {
  readonly state: BatchState;
  /** A second state over the same data, as another process would have it. */
  readonly other: BatchState;
  /** The clock of both. */
  readonly clock: ManualClock;
  close(): Promise<void>;
}

const leaseMs = 10_000;

/** Everything that every batch state must do. */
export function batchStateContract(name: string, open: () => Promise<StateUnderTest>): void {
  const check = (sentence: string, run: (under: StateUnderTest) => Promise<void>): void => {
    test(`${name} ${sentence}`, async () => {
      const under = await open();
      try {
        await run(under);
      } finally {
        await under.close();
      }
    });
  };

  check('gives a lease to one worker, whatever process it asks from', async ({ state, other }) => {
    const runId = await run(state);
    const token = granted(await claim(state, runId, { taskId: 'a' }));
    const held = await claim(other, runId, { taskId: 'a' }, 'two');
    assert.deepEqual(held, {
      status: 'held',
      taskId: 'a',
      worker: 'one',
      expiresMs: (await state.running())[0]?.expiresMs,
    });
    assert.ok(granted(await claim(other, runId, { taskId: 'b' })) > token);
    const twice = await exchange(state, runId, { claims: [ask({ taskId: 'c' }), ask({ taskId: 'c' })] });
    assert.deepEqual(statuses(twice), ['claimed', 'held']);
  });

  check('keeps requests until they have ended, and tells of a wish to stop', async ({ state, other }) => {
    const first = await state.addRequest('{"a":1}');
    const second = await other.addRequest('{"b":1}');
    assert.ok(second > first);
    await other.changeRequest({ requestId: first, open: false, body: '{"a":2}' });
    assert.deepEqual(await state.requests(10), [
      { requestId: second, open: true, body: '{"b":1}' },
      { requestId: first, open: false, body: '{"a":2}' },
    ]);
    assert.deepEqual(
      (await state.requests(0)).map(({ requestId }) => requestId),
      [second],
    );
    const runId = await run(state);
    assert.equal(await state.stopAskedBy(runId), undefined);
    assert.equal(await other.askToStop(runId, 'kim'), true);
    assert.equal(await state.stopAskedBy(runId), 'kim');
    await state.closeRun(runId, 'cancelled', {});
    assert.equal(await other.askToStop(runId, 'kim'), false);
  });

  check('gives tokens that only grow, also after pruning everything', async ({ state, other }) => {
    const tokens: number[] = [];
    for (const [index, store] of [state, other, state, other, state].entries()) {
      const runId = await run(store);
      tokens.push(granted(await claim(store, runId, { taskId: `t${index}` })));
      await exchange(store, runId, { ends: [{ token: tokens.at(-1) ?? 0, outcome: 'succeeded' }] });
      await store.closeRun(runId, 'succeeded', {});
      if (index === 3) assert.ok((await store.prune(0)) > 0);
    }
    assert.deepEqual(
      tokens,
      [...new Set(tokens)].toSorted((a, b) => a - b),
    );
  });

  check(
    'lets a lease that has run out be taken over, and refuses the first holder everything',
    async (under) => {
      const { state, other, clock } = under;
      const runId = await run(state);
      const first = granted(await claim(state, runId, { taskId: 'a' }));
      clock.advance(leaseMs - 1);
      assert.equal((await claim(other, runId, { taskId: 'a' }, 'two')).status, 'held');
      clock.advance(1);
      assert.equal(await state.holds(first), true, 'nobody has taken it yet');
      assert.deepEqual([await other.running(), (await other.attempts())[0]?.outcome], [[], 'lost']);
      const second = granted(await claim(other, runId, { taskId: 'a' }, 'two'));
      assert.ok(second > first);
      assert.deepEqual([await state.holds(first), await state.holds(second)], [false, true]);
      assert.deepEqual(await state.heartbeat(runId, [first, second], leaseMs), [first]);
      const ends: readonly AttemptEnd[] = [
        { token: first, outcome: 'succeeded', marker: 'a', counts: { rows: 1 } },
      ];
      const late = await exchange(state, runId, {
        ends,
        claims: [ask({ taskId: 'b', after: [first] }), ask({ taskId: 'c' })],
      });
      assert.deepEqual(late.refused, [first]);
      assert.deepEqual(statuses(late), ['refused', 'claimed']);
      assert.equal((await state.markers(['a'])).size, 0);
      const [lost] = (await state.attempts({ taskId: 'a' })).filter(({ token }) => token === first);
      assert.equal(lost?.outcome, 'lost');
      assert.deepEqual(lost.counts, {});
    },
  );

  check(
    'ends all leases for a process that is alone, and refuses what their holders bring',
    async (under) => {
      const { state, other } = under;
      const runId = await run(state);
      const tokens = [];
      for (const taskId of ['a', 'b']) tokens.push(granted(await claim(state, runId, { taskId })));
      assert.equal(await other.endLeases(), 2);
      assert.deepEqual([await state.running(), await other.endLeases()], [[], 0]);
      granted(await claim(other, runId, { taskId: 'a' }, 'two'));
      assert.deepEqual(await state.heartbeat(runId, tokens, leaseMs), tokens);
      const ends = tokens.map((token) => ({ token, outcome: 'succeeded' as const, marker: 'm' }));
      assert.deepEqual((await exchange(state, runId, { ends })).refused, tokens);
      assert.equal((await state.markers(['m'])).size, 0);
    },
  );

  check('lets an end be recorded late when nobody has taken over', async ({ state, clock }) => {
    const runId = await run(state);
    const token = granted(await claim(state, runId, { taskId: 'a' }));
    clock.advance(10 * leaseMs);
    const answer = await exchange(state, runId, { ends: [{ token, outcome: 'succeeded', marker: 'a' }] });
    assert.deepEqual(answer.refused, []);
    const again = await exchange(state, runId, { ends: [{ token, outcome: 'failed' }] });
    assert.deepEqual(again.refused, [token], 'an end is recorded once');
    assert.equal((await state.attempts())[0]?.outcome, 'succeeded');
  });

  check('keeps a lease as long as its heartbeats come', async ({ state, other, clock }) => {
    const runId = await run(state);
    const token = granted(await claim(state, runId, { taskId: 'a' }));
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(leaseMs - 1);
      assert.deepEqual(await state.heartbeat(runId, [token], leaseMs), []);
      assert.equal((await claim(other, runId, { taskId: 'a' }, 'two')).status, 'held');
    }
    assert.equal((await state.running())[0]?.heartbeatMs, clock.now());
    assert.deepEqual(await state.heartbeat(runId, [token, token + 999], leaseMs), [token + 999]);
  });

  check(
    'gives a lease from before a clock was set back one lease more, no longer',
    async ({ state, other, clock }) => {
      const runId = await run(state);
      granted(await claim(state, runId, { taskId: 'a' }));
      clock.advance(-86_400_000);
      const held = await claim(other, runId, { taskId: 'a' }, 'two');
      assert.ok(held.status === 'held' && held.expiresMs === clock.now() + leaseMs);
      clock.advance(leaseMs);
      assert.equal((await claim(other, runId, { taskId: 'a' }, 'two')).status, 'claimed');
    },
  );

  check('records ends and claims together or not at all', async ({ state, other, clock }) => {
    const runId = await run(state);
    const token = granted(await claim(state, runId, { taskId: 'a' }));
    // A task id that can't be stored makes the whole exchange fail.
    const broken = exchange(state, runId, {
      ends: [{ token, outcome: 'succeeded', marker: 'a' }],
      claims: [ask({ taskId: 'b' }), ask({ taskId: null as unknown as string })],
    });
    await assert.rejects(broken);
    assert.equal(await other.holds(token), true);
    assert.equal((await other.markers(['a'])).size, 0);
    assert.deepEqual(
      (await other.running()).map(({ taskId }) => taskId),
      ['a'],
    );
    clock.advance(1);
    const whole = await exchange(state, runId, {
      ends: [{ token, outcome: 'succeeded', marker: 'a', counts: { rows: 7 }, log: ['one', 'two'] }],
      claims: [ask({ taskId: 'b', after: [token] })],
    });
    assert.deepEqual(statuses(whole), ['claimed']);
    const [ended] = await other.attempts({ taskId: 'a' });
    assert.deepEqual([ended?.outcome, ended?.counts, ended?.log], ['succeeded', { rows: 7 }, ['one', 'two']]);
    assert.deepEqual([ended?.startedMs, ended?.finishedMs], [clock.now() - 1, clock.now()]);
  });

  check(
    'records a marker with a success only, and claims nothing that is marked',
    async ({ state, other }) => {
      const runId = await run(state);
      const failed = granted(await claim(state, runId, { taskId: 'a', marker: 'a' }));
      const error = { errorCode: 'task_failed', errorMessage: 'no' };
      await exchange(state, runId, { ends: [{ token: failed, outcome: 'failed', marker: 'a', ...error }] });
      assert.equal((await other.markers(['a'])).size, 0);
      const [attempt] = await other.attempts();
      assert.deepEqual([attempt?.errorCode, attempt?.errorMessage], ['task_failed', 'no']);
      const token = granted(await claim(state, runId, { taskId: 'a', marker: 'a', attempt: 2 }));
      await exchange(state, runId, { ends: [{ token, outcome: 'succeeded', marker: 'a' }] });
      assert.deepEqual([...(await other.markers(['a', 'b']))], ['a']);
      assert.deepEqual(await claim(other, runId, { taskId: 'a', marker: 'a' }), {
        status: 'marked',
        taskId: 'a',
      });
      assert.equal(
        (await claim(other, runId, { taskId: 'a' })).status,
        'claimed',
        'without the marker it is forced',
      );
      assert.deepEqual([...(await state.succeededIn(runId))], ['a']);
    },
  );

  check('counts the resources of all processes', async ({ state, other, clock }) => {
    const runId = await run(state);
    const one = { resources: { engine: 1 } };
    const limits = { engine: 2 };
    const first = await exchange(state, runId, { limits, claims: [ask({ taskId: 'a', ...one })] });
    const rest = await exchange(other, runId, {
      limits,
      claims: ['b', 'c'].map((taskId) => ask({ taskId, ...one })),
    });
    assert.deepEqual(statuses(rest), ['claimed', 'busy']);
    assert.deepEqual(rest.claims[1], { status: 'busy', taskId: 'c', resource: 'engine' });
    const large = await exchange(other, runId, {
      limits,
      claims: [ask({ taskId: 'large', resources: { disk: 9 } })],
    });
    assert.deepEqual(statuses(large), ['claimed'], 'what wants more than there is runs alone');
    const small = await exchange(state, runId, {
      limits,
      claims: [ask({ taskId: 'small', resources: { disk: 1 } })],
    });
    assert.deepEqual(statuses(small), ['busy']);
    const ends: readonly AttemptEnd[] = [{ token: granted(first.claims[0]), outcome: 'cancelled' }];
    const freed = await exchange(state, runId, { limits, ends, claims: [ask({ taskId: 'c', ...one })] });
    assert.deepEqual(statuses(freed), ['claimed']);
    clock.advance(leaseMs);
    const later = await exchange(state, runId, {
      limits,
      claims: [ask({ taskId: 'd', resources: { engine: 2 } })],
    });
    assert.deepEqual(statuses(later), ['claimed'], 'a dead worker holds nothing');
  });

  check(
    'goes on with an unfinished run under its key, and begins anew after its end',
    async ({ state, other }) => {
      const start = { key: 'night', goals: ['a', 'b'], worker: 'one', leaseMs };
      const first = await state.openRun(start);
      const resumed = await other.openRun({ ...start, worker: 'two' });
      assert.equal(resumed.runId, first.runId);
      assert.deepEqual([resumed.worker, resumed.goals], ['two', ['a', 'b']]);
      await other.closeRun(first.runId, 'failed', { failed: 1 });
      await state.closeRun(first.runId, 'succeeded', {});
      const second = await state.openRun(start);
      assert.ok(second.runId > first.runId);
      const [newer, older] = await other.runs();
      assert.deepEqual([newer?.runId, newer?.key, newer?.outcome], [second.runId, 'night', undefined]);
      assert.deepEqual([older?.key, older?.outcome, older?.counts], [undefined, 'failed', { failed: 1 }]);
    },
  );

  check(
    'shows a run as lost once its lease has run out, unless it comes back',
    async ({ state, other, clock }) => {
      const runId = await run(state);
      const outcome = async (): Promise<unknown> => (await other.runs())[0]?.outcome;
      clock.advance(leaseMs - 1);
      assert.equal(await outcome(), undefined);
      await state.heartbeat(runId, [], leaseMs);
      clock.advance(leaseMs);
      assert.equal(await outcome(), 'lost');
      assert.equal((await other.runs())[0]?.finishedMs, clock.now());
      await state.heartbeat(runId, [], leaseMs);
      assert.equal(await outcome(), undefined);
      clock.advance(-86_400_000);
      assert.equal(await outcome(), 'lost', 'the clock was set back and no heartbeat has come since');
      await state.closeRun(runId, 'succeeded', {});
      assert.equal(await outcome(), 'succeeded');
      const keyed = { key: 'k', goals: [], worker: 'one', leaseMs };
      await state.openRun(keyed);
      clock.advance(leaseMs);
      assert.equal(await outcome(), 'lost');
      assert.equal((await state.openRun(keyed)).outcome, undefined);
      assert.equal(await outcome(), undefined);
    },
  );

  check('keeps what a running attempt says, and who asked for a run', async ({ state, other }) => {
    const { runId } = await state.openRun({ goals: [], worker: 'one', leaseMs, askedBy: 'kim' });
    assert.equal((await other.runs())[0]?.askedBy, 'kim');
    const token = granted(await claim(state, runId, { taskId: 'a' }));
    const progress = { done: 1, total: 3, unit: 'files' };
    await state.heartbeat(runId, [token], leaseMs, [{ token, log: ['one'], progress }]);
    await state.heartbeat(runId, [token], leaseMs, [{ token, log: ['one', 'two'] }]);
    const [running] = await other.running();
    assert.deepEqual([running?.log, running?.progress], [['one', 'two'], progress]);
    await exchange(state, runId, { ends: [{ token, outcome: 'succeeded', log: ['all'] }] });
    await state.heartbeat(runId, [], leaseMs, [{ token, log: ['too late'] }]);
    assert.deepEqual((await other.attempts())[0]?.log, ['all']);
  });

  check('finds the attempts of a task by its name', async ({ state, other }) => {
    const runId = await run(state);
    for (const taskId of ['model:a', 'model:a(day=2026-11-02)', 'model:ab(day=2026-11-02)', 'model'])
      granted(await claim(state, runId, { taskId }));
    const found = await other.attempts({ task: 'model:a' });
    assert.deepEqual(
      found.map(({ taskId }) => taskId),
      ['model:a(day=2026-11-02)', 'model:a'],
    );
  });

  check('gives its history in pages, newest first', async ({ state, other }) => {
    const runIds: number[] = [];
    const tokens: number[] = [];
    for (let index = 0; index < 7; index++) {
      runIds.unshift(await run(state));
      tokens.unshift(granted(await claim(state, runIds[0] ?? 0, { taskId: `t${index % 2}` })));
      await exchange(state, runIds[0] ?? 0, { ends: [{ token: tokens[0] ?? 0, outcome: 'failed' }] });
    }
    const paged: number[] = [];
    for (let before: number | undefined; paged.length < 20; before = paged.at(-1)) {
      const page = await other.attempts({ limit: 3, ...(before === undefined ? {} : { before }) });
      if (page.length === 0) break;
      paged.push(...page.map(({ token }) => token));
    }
    assert.deepEqual(paged, tokens);
    assert.deepEqual(
      (await other.runs({ limit: 2 })).map(({ runId }) => runId),
      runIds.slice(0, 2),
    );
    assert.deepEqual(
      (await other.runs({ before: runIds[4] ?? 0 })).map(({ runId }) => runId),
      runIds.slice(5),
    );
    assert.equal((await other.attempts({ taskId: 't0' })).length, 4);
    assert.equal((await other.attempts({ taskId: 't0', runId: runIds[0] ?? 0 })).length, 1);
    assert.equal((await other.attempts({ limit: 0 })).length, 1);
  });

  check(
    'prunes the oldest runs, but no marker, no cycle day and nothing alive',
    async ({ state, other, clock }) => {
      const old = await run(state);
      const token = granted(await claim(state, old, { taskId: 'a', marker: 'a' }));
      await exchange(state, old, { ends: [{ token, outcome: 'succeeded', marker: 'a' }] });
      await state.closeRun(old, 'succeeded', {});
      await state.recordCycleDay('daily', '2026-11-02', 'succeeded');
      const live = await run(state);
      granted(await claim(state, live, { taskId: 'b' }));
      const newest = await run(state);
      assert.equal(await other.prune(3), 0);
      assert.equal(await other.prune(1), 1);
      assert.deepEqual(
        (await state.runs()).map(({ runId }) => runId),
        [newest, live],
      );
      assert.deepEqual(
        (await state.attempts()).map(({ taskId }) => taskId),
        ['b'],
      );
      assert.equal((await state.markers(['a'])).size, 1);
      assert.equal((await state.cycleDays('daily')).length, 1);
      clock.advance(leaseMs);
      assert.equal(await other.prune(1), 1, 'a dead run is kept no longer than others');
      assert.deepEqual(await state.running(), []);
    },
  );

  check('counts the runs of a cycle’s day and keeps its success', async ({ state, other, clock }) => {
    await state.recordCycleDay('daily', '2026-11-03', 'failed');
    clock.advance(5);
    await state.recordCycleDay('daily', '2026-11-03', 'succeeded');
    await other.recordCycleDay('daily', '2026-11-03', 'failed');
    await other.recordCycleDay('daily', '2026-11-01', 'failed');
    await other.recordCycleDay('weekly', '2026-11-02', 'failed');
    const finishedMs = clock.now();
    const third = { day: '2026-11-03', outcome: 'succeeded', attempts: 3, finishedMs };
    assert.deepEqual(await state.cycleDays('daily'), [
      { day: '2026-11-01', outcome: 'failed', attempts: 1, finishedMs },
      third,
    ]);
    assert.deepEqual(await state.cycleDays('daily', '2026-11-02'), [third]);
  });
}

async function run(state: BatchState): Promise<number> {
  return (await state.openRun({ goals: ['a'], worker: 'one', leaseMs })).runId;
}

function ask(request: { readonly taskId: string } & Partial<ClaimRequest>): ClaimRequest {
  return { attempt: 1, ...request };
}

async function exchange(
  state: BatchState,
  runId: number,
  what: {
    readonly ends?: readonly AttemptEnd[];
    readonly claims?: readonly ClaimRequest[];
    readonly limits?: Readonly<Record<string, number>>;
    readonly worker?: string;
  },
): Promise<ExchangeResult> {
  return await state.exchange({ runId, worker: 'one', leaseMs, ends: [], claims: [], limits: {}, ...what });
}

async function claim(
  state: BatchState,
  runId: number,
  request: { readonly taskId: string } & Partial<ClaimRequest>,
  worker = 'one',
): Promise<Claim> {
  return (await exchange(state, runId, { claims: [ask(request)], worker })).claims[0] as Claim;
}

function granted(given: Claim | undefined): number {
  assert.ok(given?.status === 'claimed', `the claim is ${given?.status}`);
  return given.token;
}

function statuses({ claims }: ExchangeResult): readonly string[] {
  return claims.map(({ status }) => status);
}
