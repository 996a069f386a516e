import type { BusinessDay } from '../base/index.ts';

/** How long the periods of an aggregate are. */
export const grains = ['day', 'week', 'month'] as const;
export type Grain = (typeof grains)[number];

/** The aggregate tables: a day's values, and a week's or month's values as they stood at the end of each of its days. */
export const aggregateTables: Readonly<Record<Grain, string>> = {
  day: 'statistic.daily_metrics',
  week: 'statistic.weekly_metrics',
  month: 'statistic.monthly_metrics',
};

/** First day of the day's period: itself, its Monday, the first of its month. */
export function periodStart(grain: Grain, day: BusinessDay): BusinessDay {
  if (grain === 'day') return day;
  const date = Temporal.PlainDate.from(day);
  return (grain === 'week' ? date.subtract({ days: date.dayOfWeek - 1 }) : date.with({ day: 1 })).toString();
}

/** Last day of the day's period: itself, its Sunday, the last of its month. */
export function periodEnd(grain: Grain, day: BusinessDay): BusinessDay {
  if (grain === 'day') return day;
  const date = Temporal.PlainDate.from(day);
  return (
    grain === 'week' ? date.add({ days: 7 - date.dayOfWeek }) : date.with({ day: date.daysInMonth })
  ).toString();
}
