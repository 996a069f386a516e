import assert from 'node:assert/strict';
import {
  leaseMs,
  run,
  ask,
  exchange,
  claim,
  granted,
  statuses,
  type CheckState,
} from './ask-state.fixture.ts';
import { type AttemptEnd } from './state-port.ts';

/** What a state must do in one exchange: ends, claims, markers and resources. */
export function exchangeContract(check: CheckState): void {
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
}
