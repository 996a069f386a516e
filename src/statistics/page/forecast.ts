import type { BusinessDay } from '../../base/index.ts';
import type { SeriesRow } from '../series.ts';
import type { Holidays } from './holidays.ts';

/** Days that a forecast looks back on. */
export const forecastBackDays = 56;
const weekdaysMeant = 4;

/**
 * Foretells days by the mean of the last four same weekdays, holidays left out on both sides: a holiday
 * to come is not foretold. Null where less than two such days are known.
 */
export function forecastDays(
  known: readonly SeriesRow[],
  holidays: Holidays,
  days: readonly BusinessDay[],
): readonly (number | null)[] {
  const usual = known.filter(({ period, value }) => value !== null && holidays.nameOf(period) === undefined);
  return days.map((day) => {
    if (holidays.nameOf(day) !== undefined) return null;
    const same = usual
      .filter(({ period }) => weekday(period) === weekday(day) && period < day)
      .slice(-weekdaysMeant)
      .map(({ value }) => value ?? 0);
    return same.length < 2 ? null : same.reduce((sum, value) => sum + value, 0) / same.length;
  });
}

function weekday(day: BusinessDay): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}
