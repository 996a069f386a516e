import type { BusinessDay, Calendar } from '../../base/index.ts';
import type { Delivery } from './delivery.ts';

/** What there is to know of the moment. */
export interface Moment {
  readonly calendar: Calendar;
  readonly nowMs: number;
  /** The newest business day that is over. */
  readonly day: BusinessDay;
  /** Whether its numbers are out. */
  readonly counted: boolean;
  /** Wall-clock time by which they are promised. */
  readonly dueAt: string;
}

/** Whether the page of the day is to be sent now. */
export function isDeliveryDue(delivery: Pick<Delivery, 'every' | 'not_before'>, moment: Moment): boolean {
  const { calendar, day, nowMs, counted } = moment;
  if (!counted || !endsPeriod(delivery.every, day)) return false;
  return delivery.not_before === undefined || nowMs >= wallClock(calendar, day, delivery.not_before);
}

/** Alerts are looked at when the numbers are out, and at the promised time when they are not. */
export function areAlertsDue(moment: Moment): boolean {
  return moment.counted || isLate(moment);
}

/** Whether the numbers should be out and are not. */
export function isLate({ calendar, day, nowMs, counted, dueAt }: Moment): boolean {
  return !counted && nowMs >= wallClock(calendar, day, dueAt);
}

/**
 * A page of every Monday is the one that comes on a Monday morning: of the business day that has ended then. One of every
 * month is that of the month's last day.
 */
function endsPeriod(every: Delivery['every'], day: BusinessDay): boolean {
  const next = Temporal.PlainDate.from(day).add({ days: 1 });
  if (every === 'day') return true;
  if (every === 'month') return next.day === 1;
  return weekdays[next.dayOfWeek - 1] === every;
}

/** The instant of a wall-clock time after the end of the day. */
function wallClock(calendar: Calendar, day: BusinessDay, time: string): number {
  const { endMs } = calendar.intervalOf(day);
  const end = Temporal.Instant.fromEpochMilliseconds(endMs).toZonedDateTimeISO(calendar.timeZone);
  const at = end.withPlainTime(time);
  return (Temporal.ZonedDateTime.compare(at, end) < 0 ? at.add({ days: 1 }) : at).epochMilliseconds;
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
