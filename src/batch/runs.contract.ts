import assert from 'node:assert/strict';
import { leaseMs, run, exchange, claim, granted, type CheckState } from './ask-state.fixture.ts';

/** What a state must keep of runs, requests and the days of a cycle. */
export function runsContract(check: CheckState): void {
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
