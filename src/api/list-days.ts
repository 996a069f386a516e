import type { BusinessDay } from '../base/index.ts';

/** So many days that end with the day, oldest first. */
export function daysUpTo(day: BusinessDay, count: number): readonly BusinessDay[] {
  const last = Temporal.PlainDate.from(day);
  return Array.from({ length: count }, (_, index) => last.subtract({ days: count - 1 - index }).toString());
}
