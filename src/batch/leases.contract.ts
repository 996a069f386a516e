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

/** What a state must do with leases and their tokens. */
export function leaseContract(check: CheckState): void {
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
}
