import { OctavoError } from './errors.ts';

/** A business day as `YYYY-MM-DD`: the date on which it begins, in the calendar's zone. */
export type BusinessDay = string;

/** When business days begin. */
export interface CalendarSpec {
  /** IANA zone name. Default `Asia/Seoul`. */
  readonly timeZone?: string;
  /** Wall-clock time at which a day begins, `HH:MM`. Default `06:00`. */
  readonly dayStart?: string;
}

/** Half-open interval of instants, epoch milliseconds. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** The business calendar: the only place where instants become days and days become instants. */
export interface Calendar {
  readonly timeZone: string;
  readonly dayStart: string;
  /** The business day that the instant (epoch milliseconds) falls into. */
  dayOf(instantMs: number): BusinessDay;
  /** The day's half-open interval; 23 or 25 hours long on nights when the clocks change. */
  intervalOf(day: BusinessDay): Interval;
  /** The day moved by a number of days. */
  addDays(day: BusinessDay, days: number): BusinessDay;
  /** Days from `from` to `to`; negative when `to` is earlier. */
  daysBetween(from: BusinessDay, to: BusinessDay): number;
  /** Every day from `from` to `to`, both included. */
  range(from: BusinessDay, to: BusinessDay): readonly BusinessDay[];
  /** The Monday of the day's ISO week. */
  weekOf(day: BusinessDay): BusinessDay;
  /** The first day of the day's month. */
  monthOf(day: BusinessDay): BusinessDay;
}

/** Checks that the text is a real date in `YYYY-MM-DD` and returns it. */
export function parseDay(text: string): BusinessDay {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text))
      return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch (cause) {
    throw new OctavoError('day_invalid', `'${text}'`, { cause });
  }
  throw new OctavoError('day_invalid', `'${text}'`);
}

/**
 * A calendar for one zone and day start. A day start that does not exist on a night when the clock
 * jumps forward is the first instant after the jump; one that exists twice is the first of the two
 * (Temporal's `compatible` rule).
 */
export function createCalendar(spec: CalendarSpec = {}): Calendar {
  const timeZone = spec.timeZone ?? 'Asia/Seoul';
  const dayStart = spec.dayStart ?? '06:00';
  const startTime = parseDayStart(dayStart);
  assertZone(timeZone);
  const starts = new Map<BusinessDay, number>();
  const startOf = (day: BusinessDay): number => {
    const known = starts.get(day);
    if (known !== undefined) return known;
    const startMs = Temporal.PlainDate.from(day).toZonedDateTime({
      timeZone,
      plainTime: startTime,
    }).epochMilliseconds;
    if (starts.size >= startsCachedMax) starts.clear();
    starts.set(day, startMs);
    return startMs;
  };
  const addDays = (day: BusinessDay, days: number): BusinessDay =>
    Temporal.PlainDate.from(day).add({ days }).toString();
  const daysBetween = (from: BusinessDay, to: BusinessDay): number =>
    Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' }).days;
  let latest: (Interval & { readonly day: BusinessDay }) | undefined;
  return {
    timeZone,
    dayStart,
    dayOf: (instantMs) => {
      if (latest !== undefined && instantMs >= latest.startMs && instantMs < latest.endMs) return latest.day;
      const date = Temporal.Instant.fromEpochMilliseconds(Math.floor(instantMs))
        .toZonedDateTimeISO(timeZone)
        .toPlainDate();
      const today = date.toString();
      const day = instantMs >= startOf(today) ? today : addDays(today, -1);
      latest = { day, startMs: startOf(day), endMs: startOf(addDays(day, 1)) };
      return day;
    },
    intervalOf: (day) => ({ startMs: startOf(day), endMs: startOf(addDays(day, 1)) }),
    addDays,
    daysBetween,
    range: (from, to) =>
      Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index)),
    weekOf: (day) => addDays(day, 1 - Temporal.PlainDate.from(day).dayOfWeek),
    monthOf: (day) => Temporal.PlainDate.from(day).with({ day: 1 }).toString(),
  };
}

const startsCachedMax = 4096;

function parseDayStart(text: string): Temporal.PlainTime {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) {
    throw new OctavoError('config_invalid', `dayStart is '${text}', expected HH:MM`);
  }
  return Temporal.PlainTime.from(text);
}

function assertZone(timeZone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  } catch (cause) {
    throw new OctavoError(
      'config_invalid',
      `timeZone is '${timeZone}', expected an IANA name such as Asia/Seoul`,
      { cause },
    );
  }
}
