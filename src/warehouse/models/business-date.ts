import type { Calendar } from '../../base/index.ts';
import type { Dialect } from './dialect.ts';

const yearsFrom = 1990;
const yearsTo = 2050;
const nearMs = 4 * 3_600_000;

/**
 * The business day of an instant as a SQL expression: its wall-clock time in the calendar's zone, less
 * the day start, as a date. Where the clock changes near the day start that is not the calendar's
 * own rule, so these nights are spelled out.
 */
export function businessDateSql(calendar: Calendar, instant: string, dialect: Dialect): string {
  const [hours = 0, minutes = 0] = calendar.dayStart.split(':').map(Number);
  const wall = dialect.wallClock(calendar.timeZone, instant);
  const plain = `cast(${wall} - interval ${hours * 60 + minutes} minutes as date)`;
  const cases = nightsOf(calendar).map(
    ({ fromMs, toMs, startMs, day, before }) =>
      `when ${instant} >= ${dialect.instantLiteral(fromMs)} and ${instant} < ${dialect.instantLiteral(toMs)} then ` +
      `case when ${instant} >= ${dialect.instantLiteral(startMs)} then date '${day}' else date '${before}' end`,
  );
  return cases.length === 0 ? plain : `case ${cases.join(' ')} else ${plain} end`;
}

interface Night {
  readonly fromMs: number;
  readonly toMs: number;
  readonly startMs: number;
  readonly day: string;
  readonly before: string;
}

/** The clock changes that lie near the start of a business day. */
function nightsOf(calendar: Calendar): readonly Night[] {
  const nights: Night[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.ZonedDateTime.from(
    `${yearsFrom}-01-01T00:00[${calendar.timeZone}]`,
  );
  while ((at = at.getTimeZoneTransition('next')) !== null && at.year < yearsTo) {
    const changeMs = at.epochMilliseconds;
    const [fromMs, toMs] = [changeMs - nearMs, changeMs + nearMs];
    const day = calendar.dayOf(toMs);
    const { startMs } = calendar.intervalOf(day);
    if (startMs >= fromMs && startMs < toMs)
      nights.push({ fromMs, toMs, startMs, day, before: calendar.addDays(day, -1) });
  }
  return nights;
}
