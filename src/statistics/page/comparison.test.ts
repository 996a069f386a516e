import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparedDay } from './comparison.ts';
import { koreanHolidays, ownHolidays } from './holidays.ts';

const holidays = koreanHolidays([{ day: '2026-06-03', name: '지방선거' }]);

test('Korea’s holidays are known, the lunar and the substitute ones too', () => {
  for (const [day, name] of [
    ['2024-02-12', '설날 대체공휴일'],
    ['2025-01-28', '설날'],
    ['2025-05-06', '부처님오신날 대체공휴일'],
    ['2025-10-08', '추석 대체공휴일'],
    ['2026-02-17', '설날'],
    ['2026-03-02', '삼일절 대체공휴일'],
    ['2026-09-25', '추석'],
    ['2026-06-03', '지방선거'],
    ['2026-11-23', undefined],
  ] as const)
    assert.equal(holidays.nameOf(day), name, day);
});

test('a day is held against the same weekday, past a holiday', () => {
  assert.deepEqual(comparedDay(holidays, 'day', '2026-11-23', 'same_weekday'), {
    kind: 'same_weekday',
    day: '2026-11-16',
  });
  // Friday 2 October after Chuseok's Friday.
  assert.deepEqual(comparedDay(holidays, 'day', '2026-10-02', 'same_weekday'), {
    kind: 'same_weekday',
    day: '2026-09-18',
    note: 'holiday_skipped',
    holiday: '추석',
  });
  assert.equal(comparedDay(holidays, 'day', '2026-09-25', 'same_weekday').note, 'holiday_here');
  assert.equal(comparedDay(holidays, 'day', '2026-11-23', 'previous').day, '2026-11-22');
});

test('a year back is 52 weeks, and Seollal is held against Seollal', () => {
  assert.equal(comparedDay(holidays, 'day', '2026-11-23', 'year').day, '2025-11-24');
  assert.deepEqual(comparedDay(holidays, 'day', '2026-02-17', 'year'), {
    kind: 'year',
    day: '2025-01-29',
    note: 'same_holiday',
    holiday: '설날',
  });
});

test('a month or week to date is held against as many days before', () => {
  assert.equal(comparedDay(holidays, 'month', '2026-11-23', 'previous').day, '2026-10-23');
  assert.equal(comparedDay(holidays, 'month', '2026-11-23', 'year').day, '2025-11-23');
  assert.equal(comparedDay(holidays, 'month', '2026-03-31', 'previous').day, '2026-02-28');
  assert.equal(comparedDay(holidays, 'month', '2026-02-28', 'previous').day, '2026-01-31');
  assert.equal(comparedDay(holidays, 'month', '2026-03-30', 'previous').day, '2026-02-28');
  assert.equal(comparedDay(holidays, 'week', '2026-11-25', 'previous').day, '2026-11-18');
  assert.equal(comparedDay(holidays, 'week', '2026-11-25', 'year').day, '2025-11-26');
});

test('a store elsewhere has its own holidays only', () => {
  const own = ownHolidays([{ day: '2026-11-26', name: 'Thanksgiving' }]);
  assert.equal(own.nameOf('2026-09-25'), undefined);
  assert.equal(own.nameOf('2026-11-26'), 'Thanksgiving');
});
