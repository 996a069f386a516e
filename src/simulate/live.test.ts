import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar } from '../base/index.ts';
import { createWorld, liveTraffic, openShopDatabase } from './index.ts';
import { activityAt } from './rhythm.ts';

const calendar = createCalendar();
const { startMs } = calendar.intervalOf('2026-11-20');

test('what would have happened since the day began is sent at once, then it goes on with the clock', async () => {
  const world = createWorld({ seed: 3, scale: 0.3, firstDay: '2026-11-20' });
  const shop = openShopDatabase(':memory:');
  world.next(shop.ids());
  let nowMs = startMs + 3_600_000;
  let slept = 0;
  const stop = new AbortController();
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number): Promise<void> => {
      nowMs += ms;
      if (++slept === 40) stop.abort();
    },
  };
  const eventsPerSecond = (): number => 0.5;
  const caughtUp: number[] = [];
  const later: number[] = [];
  for await (const { events } of liveTraffic({
    world,
    shop,
    clock,
    eventsPerSecond,
    fromMs: startMs,
    signal: stop.signal,
  }))
    for (const event of events)
      if (event.occurred_at !== 'yesterday')
        (slept === 0 ? caughtUp : later).push(Date.parse(event.occurred_at));
  assert.ok(caughtUp.length > 1700 && caughtUp.length <= 1800, `${caughtUp.length} events in an hour`);
  assert.deepEqual(
    caughtUp,
    caughtUp.toSorted((a, b) => a - b),
  );
  assert.ok((caughtUp[0] ?? 0) < startMs + 120_000);
  assert.ok(later.length >= 3 && later.every((at) => at >= startMs + 3_600_000));
  const newest = Date.parse(shop.newestOrderAt() ?? '');
  assert.ok(newest > startMs && newest <= nowMs);
  shop.close();
});

test('the evening is busier than the night, and the mean of a week of hours is 1', () => {
  const at = (hour: number): number => activityAt(calendar, startMs + (hour - 6) * 3_600_000);
  assert.ok(at(22) > 5 * at(28));
  const hours = Array.from({ length: 7 * 24 }, (_, hour) => activityAt(calendar, startMs + hour * 3_600_000));
  assert.ok(Math.abs(hours.reduce((sum, each) => sum + each, 0) / hours.length - 1) < 0.01);
});
