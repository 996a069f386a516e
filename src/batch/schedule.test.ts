import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar } from '../base/index.ts';
import { dueDays, latestDueDay } from './schedule.ts';

const berlin = createCalendar({ timeZone: 'Europe/Berlin', dayStart: '06:00' });
const at = (text: string): number => Date.parse(text);
const rules = { calendar: berlin, delayMs: 900_000, catchUpDaysMax: 400, attemptsMax: 5, retryMs: 600_000 };
const done = (day: string) => ({ day, outcome: 'succeeded' as const, attempts: 1, finishedMs: 0 });

test('a day is due when its end and the delay have passed, also on the night when the clocks change', () => {
  assert.equal(latestDueDay(berlin, at('2026-03-29T04:14:59Z'), 900_000), '2026-03-27');
  assert.equal(latestDueDay(berlin, at('2026-03-29T04:15:00Z'), 900_000), '2026-03-28');
  assert.equal(latestDueDay(berlin, at('2026-10-25T05:15:00Z'), 900_000), '2026-10-24');
});

test('after three days of sleep the days are caught up in order, and a clock set back runs nothing again', () => {
  const known = [done('2026-11-01')];
  const nowMs = at('2026-11-05T12:00:00Z');
  assert.deepEqual(dueDays({ ...rules, nowMs, known }), ['2026-11-02', '2026-11-03', '2026-11-04']);
  assert.deepEqual(dueDays({ ...rules, nowMs: at('2026-10-20T12:00:00Z'), known }), []);
});

test('a failed day waits before it is run again and is given up after its attempts', () => {
  const nowMs = at('2026-11-03T12:00:00Z');
  const failed = (attempts: number, agoMs: number) => [
    { day: '2026-11-02', outcome: 'failed' as const, attempts, finishedMs: nowMs - agoMs },
  ];
  assert.deepEqual(dueDays({ ...rules, nowMs, known: failed(1, 1_000) }), []);
  assert.deepEqual(dueDays({ ...rules, nowMs, known: failed(1, 600_000) }), ['2026-11-02']);
  assert.deepEqual(dueDays({ ...rules, nowMs, known: failed(5, 600_000) }), []);
});
