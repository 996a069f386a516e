import type { BusinessDay, Calendar, Random } from '../base/index.ts';
import { createPicker } from './picker.ts';

/** Share of a day's sessions by local hour, from 00:00: the evening is the peak, 03:00 to 05:00 the trough. */
const hourWeights = [
  4.6, 2.8, 1.5, 0.8, 0.6, 0.7, 1.4, 2.9, 4.1, 3.6, 3.4, 3.9, 5.2, 4.6, 3.7, 3.6, 3.8, 4.4, 5.0, 5.6, 6.4,
  7.6, 8.4, 7.4,
];

/** Demand by ISO weekday, Monday first. */
const weekdayFactors = [0.9, 0.92, 0.93, 0.96, 1.02, 1.16, 1.11];

/** The factor of the day's weekday on sessions; the mean over a week is 1. */
export function weekdayFactor(day: BusinessDay): number {
  return weekdayFactors[Temporal.PlainDate.from(day).dayOfWeek - 1] ?? 1;
}

/** Draws instants of a business day with the day's rhythm. */
export function createRhythm(calendar: Calendar): (random: Random, day: BusinessDay) => number {
  const startHour = Number(calendar.dayStart.slice(0, 2));
  const ordered = hourWeights.map((_, hour) => hourWeights[(hour + startHour) % 24] ?? 1);
  const picker = createPicker(ordered);
  return (random, day) => {
    const { startMs, endMs } = calendar.intervalOf(day);
    const within = (picker.pick(random) + random.next()) / 24;
    return Math.min(endMs - 1, Math.floor(startMs + within * (endMs - startMs)));
  };
}

/** How busy the store is at an instant beside the mean of its day, which is 1. */
export function activityAt(calendar: Calendar, atMs: number): number {
  const { hour } = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(calendar.timeZone);
  const mean = hourWeights.reduce((sum, weight) => sum + weight, 0) / hourWeights.length;
  return ((hourWeights[hour] ?? mean) / mean) * weekdayFactor(calendar.dayOf(atMs));
}
