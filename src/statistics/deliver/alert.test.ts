import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar, hasCode } from '../../base/index.ts';
import { parseMetricFile } from '../load-metrics.ts';
import { toMetrics } from '../metric.ts';
import { parseAlerts } from './alert.ts';
import { parseDeliveries } from './delivery.ts';
import { isDeliveryDue, isLate, type Moment } from './due.ts';
import { decideAlert } from './evaluate-alert.ts';

const metrics = toMetrics(
  parseMetricFile(
    `metrics:
  - { name: sales, table: model.sales, value: sum(paid), unit: KRW, dimensions: { kind: kind } }`,
    'metrics/sales.yaml',
  ),
);
const known = { metrics, channels: ['team'] };
const alert = (rest: string): string => `alerts:\n  - id: one\n    title: One\n    metric: sales\n${rest}`;

const wrong = [
  [
    'a metric',
    alert('    when: { below: 1 }').replace('sales', 'sale'),
    /x\.yaml:4: unknown metric 'sale'.*sales/,
  ],
  ['a dimension', alert('    filter: { kin: gift }\n    when: { below: 1 }'), /x\.yaml:5: .*no 'kin'.*kind/],
  ['a channel', alert('    when: { below: 1 }\n    to: [taem]'), /x\.yaml:6: unknown channel 'taem'.*team/],
  ['a key', alert('    when: { belwo: 1 }'), /x\.yaml:5: unknown key .*below/],
  ['a rule', alert('    when: { against: year }'), /x\.yaml:5: 'when' says nothing/],
] as const;
for (const [what, text, message] of wrong) {
  test(`an alert with ${what} that is not there is told with its line and the nearest name`, () => {
    assert.throws(
      () => parseAlerts(text, 'x.yaml', known),
      (error: Error) => hasCode(error, 'alert_invalid') && message.test(error.message),
    );
  });
}

test('a delivery of an unknown page is told with its line and the nearest name', () => {
  const text = 'deliveries:\n  - { id: a, page: dayly, every: day, to: [team] }';
  const read = (): unknown => parseDeliveries(text, 'd.yaml', { channels: ['team'], pages: ['daily'] });
  assert.throws(read, /d\.yaml:2: unknown page 'dayly'.*daily/);
});

test('a rule fires below and above its limits, on a change, and on a day that is late', () => {
  const decide = (
    when: Parameters<typeof decideAlert>[0],
    value: number | null | undefined,
    change: number | null = null,
    late = true,
  ) => decideAlert(when, { value, change, late });
  assert.equal(decide({ below: 10 }, 9).reason, 'below');
  assert.equal(decide({ below: 10 }, 10).state, 'quiet');
  assert.equal(decide({ above: 10 }, 10).state, 'quiet');
  assert.equal(decide({ above: 10 }, 11).reason, 'above');
  assert.equal(decide({ falls: 0.3 }, 70, -0.3).reason, 'falls');
  assert.equal(decide({ falls: 0.3 }, 71, -0.29).state, 'quiet');
  assert.equal(decide({ rises: 1 }, 5, null).state, 'unknown', 'nothing to hold against');
  assert.equal(decide({ below: 10 }, undefined).reason, 'missing');
  assert.equal(decide({ below: 10 }, undefined, null, false).state, 'waiting');
  assert.equal(decide({ below: 10, missing: false }, undefined).state, 'unknown');
});

test('a page goes out when its period is over, the numbers are out and the hour has come, also in the night the clocks change', () => {
  const calendar = createCalendar({ timeZone: 'Europe/Berlin', dayStart: '06:00' });
  const moment = (at: string, day: string, counted = true): Moment => ({
    calendar,
    nowMs: Date.parse(at),
    day,
    counted,
    dueAt: '10:00',
  });
  const daily = { every: 'day', not_before: '08:30' } as const;
  // Sunday 25 October 2026: summer time has ended at 03:00.
  assert.equal(isDeliveryDue(daily, moment('2026-10-25T07:29:59Z', '2026-10-24')), false);
  assert.equal(isDeliveryDue(daily, moment('2026-10-25T07:30:00Z', '2026-10-24')), true);
  assert.equal(isDeliveryDue(daily, moment('2026-10-25T07:30:00Z', '2026-10-24', false)), false);
  const monday = { every: 'monday' } as const;
  assert.equal(isDeliveryDue(monday, moment('2026-11-02T06:00:00Z', '2026-11-01')), true);
  assert.equal(isDeliveryDue(monday, moment('2026-11-03T06:00:00Z', '2026-11-02')), false);
  const monthly = { every: 'month' } as const;
  assert.equal(isDeliveryDue(monthly, moment('2026-11-01T06:00:00Z', '2026-10-31')), true);
  assert.equal(isDeliveryDue(monthly, moment('2026-11-02T06:00:00Z', '2026-11-01')), false);
  assert.equal(isLate(moment('2026-11-02T08:59:59Z', '2026-11-01', false)), false);
  assert.equal(isLate(moment('2026-11-02T09:00:00Z', '2026-11-01', false)), true);
});
