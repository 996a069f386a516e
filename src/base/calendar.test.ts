import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCalendar, parseDay } from './calendar.ts';
import { hasCode } from './errors.ts';

const hourMs = 3_600_000;

test('a day in Seoul runs from six to six', () => {
  const calendar = createCalendar();
  assert.equal(calendar.dayOf(Date.parse('2026-03-01T05:59:59.999+09:00')), '2026-02-28');
  assert.equal(calendar.dayOf(Date.parse('2026-03-01T06:00:00+09:00')), '2026-03-01');
});

test('days in Berlin and New York lose and gain an hour when the clocks change', () => {
  for (const [timeZone, dayStart, short, long] of [
    ['Europe/Berlin', '02:30', '2026-03-28', '2026-10-24'],
    ['Europe/Berlin', '00:00', '2026-03-29', '2026-10-25'],
    ['America/New_York', '06:00', '2026-03-07', '2026-10-31'],
  ] as const) {
    const calendar = createCalendar({ timeZone, dayStart });
    const hours = (day: string): number =>
      (calendar.intervalOf(day).endMs - calendar.intervalOf(day).startMs) / hourMs;
    assert.ok(
      [hours(short), hours(calendar.addDays(short, 1))].some((each) => each < 24),
      `${timeZone} ${short}`,
    );
    assert.ok(
      [hours(long), hours(calendar.addDays(long, 1))].some((each) => each > 24),
      `${timeZone} ${long}`,
    );
  }
});

test('every quarter of an hour of a year belongs to the one day whose interval holds it', () => {
  for (const timeZone of ['Europe/Berlin', 'America/New_York', 'Asia/Seoul']) {
    const calendar = createCalendar({ timeZone, dayStart: '02:30' });
    for (let ms = Date.parse('2026-01-01T00:00Z'); ms < Date.parse('2027-01-01T00:00Z'); ms += hourMs / 4) {
      const interval = calendar.intervalOf(calendar.dayOf(ms));
      assert.ok(interval.startMs <= ms && ms < interval.endMs, `${timeZone} ${new Date(ms).toISOString()}`);
    }
  }
});

test('days count over months, leap days and weeks', () => {
  const calendar = createCalendar();
  assert.deepEqual(calendar.range('2028-02-28', '2028-03-01'), ['2028-02-28', '2028-02-29', '2028-03-01']);
  assert.equal(calendar.daysBetween('2026-12-31', '2027-01-02'), 2);
  assert.equal(calendar.weekOf('2026-03-01'), '2026-02-23');
  assert.equal(calendar.monthOf('2028-02-29'), '2028-02-01');
  for (const wrong of ['2026-02-29', '2026-2-1', 'x'])
    assert.throws(
      () => parseDay(wrong),
      (error) => hasCode(error, 'day_invalid'),
    );
});
