import type { BusinessDay, Calendar } from '../base/index.ts';

/** How long the periods of an aggregate are. */
export const grains = ['day', 'month'] as const;
export type Grain = (typeof grains)[number];

/** The aggregate tables: a day's values, and a month's values as they stood at the end of each of its days. */
export const aggregateTables: Readonly<Record<Grain, string>> = {
  day: 'statistic.daily_metrics',
  month: 'statistic.monthly_metrics',
};

/** First business day that is counted in the day's row. */
export function periodOf(calendar: Calendar, grain: Grain, day: BusinessDay): BusinessDay {
  return grain === 'day' ? day : calendar.monthOf(day);
}
