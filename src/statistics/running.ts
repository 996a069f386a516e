import type { BusinessDay, Calendar } from '../base/index.ts';
import { aggregateSql, valueType } from './compile.ts';
import type { CountedMetric, Metric } from './metric.ts';

/** A day's part that is counted: as much of it as has passed of the running one. */
export interface RunningWindow {
  readonly day: BusinessDay;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

/** A metric of the running day, beside the same weekdays before up to the same elapsed time. */
export interface RunningMetric {
  readonly metric: string;
  readonly value: number | null;
  /** In the order of `RunningDay.against`; null for a day of which the store has nothing. */
  readonly before: readonly (number | null)[];
  /** Of each hour of the running day that is over. */
  readonly hours: readonly (number | null)[];
}

/** The business day that runs, as far as it has come. */
export interface RunningDay {
  readonly day: BusinessDay;
  /** When it began, and up to when it is counted. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The same weekdays before it, the nearest first. */
  readonly against: readonly BusinessDay[];
  readonly metrics: readonly RunningMetric[];
}

/** Asks one SQL statement. */
export type AskRows = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

const weeks = 4;
const weekDays = 7;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * The windows that are counted, the running day first. A window ends with the last whole minute that is a minute
 * old, so that what came is loaded, and every earlier day's ends as long after its own beginning.
 */
export function runningWindows(calendar: Calendar, nowMs: number): readonly RunningWindow[] {
  const day = calendar.dayOf(nowMs);
  const startMs = calendar.intervalOf(day).startMs;
  const settledMs = nowMs - minuteMs;
  const elapsedMs = Math.max(0, settledMs - (settledMs % minuteMs) - startMs);
  return Array.from({ length: weeks + 1 }, (_, index) => {
    const each = calendar.addDays(day, -weekDays * index);
    const { startMs: fromMs, endMs } = calendar.intervalOf(each);
    return { day: each, fromMs, toMs: Math.min(endMs, fromMs + elapsedMs) };
  });
}

/** Counts the running day from the events that are loaded, by one statement over five days of them. */
export async function readRunningDay(options: {
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly calendar: Calendar;
  readonly nowMs: number;
  readonly ask: AskRows;
}): Promise<RunningDay> {
  const { metrics, calendar, nowMs, ask } = options;
  const windows = runningWindows(calendar, nowMs);
  const [today = { day: calendar.dayOf(nowMs), fromMs: nowMs, toMs: nowMs }, ...before] = windows;
  const counted = [...metrics.values()].filter(
    (metric): metric is CountedMetric => metric.kind === 'counted' && metric.running !== undefined,
  );
  const rows =
    counted.length === 0 || today.toMs <= today.fromMs ? [] : await ask(compileRunning(counted, windows));
  const hours = Math.floor((today.toMs - today.fromMs) / hourMs);
  const rowOf = (part: number, hour: number | null): Readonly<Record<string, unknown>> | undefined =>
    rows.find((row) => Number(row['part']) === part && sameHour(row['hour'], hour));
  const valueOf = (metric: Metric, part: number, hour: number | null): number | null => {
    if (metric.kind === 'ratio') {
      const [of, to] = [metric.of, metric.to].map((name) => metrics.get(name));
      if (of === undefined || to === undefined) return null;
      const below = valueOf(to, part, hour);
      const above = valueOf(of, part, hour);
      return above === null || below === null || below === 0 ? null : above / below;
    }
    const row = rowOf(part, hour);
    // Of the running day nothing is a count of nothing; an earlier day without events may not have been kept.
    if (row === undefined) return part === 0 && isCount(metric) ? 0 : null;
    const value = row[metric.name];
    return value === null || value === undefined ? null : Number(value);
  };
  return {
    day: today.day,
    fromMs: today.fromMs,
    toMs: today.toMs,
    against: before.map(({ day }) => day),
    metrics: [...metrics.values()]
      .filter((metric) => isRunning(metric, metrics))
      .map((metric) => ({
        metric: metric.name,
        value: valueOf(metric, 0, null),
        before: before.map((_, index) => valueOf(metric, index + 1, null)),
        hours: Array.from({ length: hours }, (_, hour) => valueOf(metric, 0, hour)),
      })),
  };
}

/** The statement: every metric for each window whole, and for each hour of the running day. */
export function compileRunning(metrics: readonly CountedMetric[], windows: readonly RunningWindow[]): string {
  const open = windows.filter(({ fromMs, toMs }) => toMs > fromMs);
  const within = ({ fromMs, toMs }: RunningWindow): string =>
    `occurred_at >= make_timestamptz(${fromMs}000) and occurred_at < make_timestamptz(${toMs}000)`;
  const values = metrics.map(({ name, running }) => {
    const filter = running?.filter === undefined ? '' : ` filter (where ${running.filter})`;
    const value =
      running === undefined ? 'null' : aggregateSql(running.aggregate, running.expression, filter);
    return `  cast(cast(${value} as ${valueType}) as double) as "${name}"`;
  });
  const start = windows[0]?.fromMs ?? 0;
  return [
    'select part, hour,',
    values.join(',\n'),
    'from (',
    '  select *,',
    `    case ${open.map((window) => `when ${within(window)} then ${windows.indexOf(window)}`).join(' ')} end as part,`,
    `    cast(floor((epoch_ms(occurred_at) - ${start}) / ${hourMs}) as integer) as hour`,
    '  from raw.events',
    `  where business_day in (${open.map(({ day }) => `date '${day}'`).join(', ')})`,
    `    and (${open.map((window) => `(${within(window)})`).join(' or ')})`,
    ') as counted',
    'group by grouping sets ((part), (part, hour))',
    'having grouping(hour) = 1 or part = 0',
  ].join('\n');
}

function sameHour(found: unknown, hour: number | null): boolean {
  return hour === null ? found === null : found !== null && Number(found) === hour;
}

function isRunning(metric: Metric, metrics: ReadonlyMap<string, Metric>): boolean {
  if (metric.kind === 'counted') return metric.running !== undefined;
  return [metric.of, metric.to].every((name) => {
    const side = metrics.get(name);
    return side?.kind === 'counted' && side.running !== undefined;
  });
}

function isCount({ running }: CountedMetric): boolean {
  return running !== undefined && ['count', 'count_distinct', 'sum'].includes(running.aggregate);
}
