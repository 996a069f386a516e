import type { BusinessDay, Calendar } from '../base/index.ts';
import type { ListWindow } from './list.ts';

/** First and last business day that a list counts, both included. */
export interface DayRange {
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}

/** The days that an edition of this day counts. */
export function windowOf(calendar: Calendar, window: ListWindow, day: BusinessDay): DayRange {
  if ('days' in window) return { from: calendar.addDays(day, 1 - window.days), to: day };
  return { from: window.calendar === 'week' ? calendar.weekOf(day) : calendar.monthOf(day), to: day };
}
