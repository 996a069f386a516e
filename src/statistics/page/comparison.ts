import type { BusinessDay } from '../../base/index.ts';
import { periodEnd, type Grain } from '../grain.ts';
import type { Holidays } from './holidays.ts';

/** With what a value is held against. */
export const comparisonKinds = ['previous', 'same_weekday', 'year'] as const;
export type ComparisonKind = (typeof comparisonKinds)[number];

/** The day that a period up to a day is fairly held against: its own period up to that day has as many days. */
export interface ComparedDay {
  readonly kind: ComparisonKind;
  readonly day: BusinessDay;
  /** Why it is another day than the calendar's: `holiday_skipped`, `same_holiday`, or that one of both is a holiday. */
  readonly note?: 'holiday_skipped' | 'same_holiday' | 'holiday_here' | 'holiday_there';
  readonly holiday?: string;
}

const weeksBackMax = 4;
const weeksInYear = 52;

/**
 * Finds the day to compare with. A day: the day before, the same weekday a week before, or the same
 * weekday 52 weeks before; a working day is not held against a holiday when one of the four weeks
 * before has a working one, and a holiday that moves (Seollal, Chuseok) is held against itself a year
 * ago. A week or month to date: as many days of the one before, or of the same one a year before.
 */
export function comparedDay(
  holidays: Holidays,
  grain: Grain,
  day: BusinessDay,
  kind: ComparisonKind,
): ComparedDay {
  const date = Temporal.PlainDate.from(day);
  if (grain === 'week') {
    const weeks = kind === 'year' ? weeksInYear : 1;
    return { kind, day: date.subtract({ weeks }).toString() };
  }
  if (grain === 'month') {
    const then = date.subtract(kind === 'year' ? { years: 1 } : { months: 1 });
    const whole = day === periodEnd('month', day);
    return { kind, day: whole ? periodEnd('month', then.toString()) : then.toString() };
  }
  if (kind === 'previous') return { kind, day: date.subtract({ days: 1 }).toString() };
  const here = holidays.nameOf(day);
  if (kind === 'year' && here !== undefined) {
    const same = holidays.sameLastYear(day);
    if (same !== undefined) return { kind, day: same, note: 'same_holiday', holiday: here };
  }
  const first = date.subtract({ weeks: kind === 'year' ? weeksInYear : 1 }).toString();
  if (here !== undefined) return { kind, day: first, note: 'holiday_here', holiday: here };
  const there = holidays.nameOf(first);
  if (there === undefined) return { kind, day: first };
  for (let week = 1; week < weeksBackMax; week++) {
    const earlier = Temporal.PlainDate.from(first).subtract({ weeks: week }).toString();
    if (holidays.nameOf(earlier) === undefined)
      return { kind, day: earlier, note: 'holiday_skipped', holiday: there };
  }
  return { kind, day: first, note: 'holiday_there', holiday: there };
}
