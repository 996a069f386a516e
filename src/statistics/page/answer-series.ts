import type { BusinessDay } from '../../base/index.ts';
import { periodEnd, periodStart, type Grain } from '../grain.ts';
import type { Metric } from '../metric.ts';
import type { SeriesRow } from '../series.ts';
import {
  toAnswer,
  toColumn,
  type AnswerCell,
  type AnswerColumn,
  type AnswerMark,
  type Annotation,
  type BlockAnswer,
} from './answer.ts';
import { filtered, metricOf, titleOf, Unanswerable, type Answering } from './answering.ts';
import { comparedDay } from './comparison.ts';
import { forecastBackDays, forecastDays } from './forecast.ts';
import { addsUp, exactSum, type MetricPart } from './metric-values.ts';
import type { SeriesSpec } from './spec.ts';

const membersShown = 5;
/** Stands for the members beyond those shown. */
export const otherMember = '(other)';

/** A time series of metrics, of a metric's members, or of a query. */
export async function answerSeries(answering: Answering, spec: SeriesSpec): Promise<BlockAnswer> {
  if (spec.query !== undefined) return answerQuerySeries(answering, spec.query, spec);
  const grain = spec.grain ?? answering.controls.grain;
  const periods = periodsOf(grain, answering.controls);
  const names = [...(spec.metric === undefined ? [] : [spec.metric]), ...(spec.metrics ?? [])];
  const built =
    spec.by === undefined
      ? await columnsOfMetrics(answering, spec, { grain, periods, names })
      : await columnsOfMembers(answering, spec, { grain, periods, name: names[0] ?? '' });
  // What was before the store's first counted day is no gap.
  const begun = periods.findIndex((_period, index) =>
    built.some(({ values, column }) => column.role === 'value' && (values[index] ?? null) !== null),
  );
  const axis = toColumn({ name: grain, type: grain, role: 'axis' });
  const lines = [...built, ...(await forecastColumn(answering, spec, { grain, periods, names }))];
  const rows = periods.map(({ period }, index): readonly AnswerCell[] => [
    period,
    ...lines.map(({ values }) => values[index] ?? null),
  ]);
  const ahead = lines.find(({ ahead: days }) => days !== undefined)?.ahead ?? [];
  const aheadRows = ahead.map(({ period, value }): readonly AnswerCell[] => [
    period,
    ...lines.map(({ column }) => (column.role === 'forecast' ? value : null)),
  ]);
  const counted = periods.map(({ through, period }, index): AnswerMark => {
    if (lines.every(({ values, column }) => column.role !== 'value' || (values[index] ?? null) === null))
      return 'missing';
    return through < periodEnd(grain, period) ? 'partial' : null;
  });
  const first = Math.max(0, begun);
  return toAnswer({
    columns: [axis, ...lines.map(({ column }) => column)],
    rows: [...rows.slice(first), ...aheadRows],
    marks: [...counted.slice(first), ...aheadRows.map(() => 'forecast' as const)],
    annotations: annotationsOf(answering, names, periods),
    forecast: lines.some(({ column }) => column.role === 'forecast') ? 'same_weekdays' : null,
  });
}

interface Period {
  readonly period: BusinessDay;
  /** Its last day, or the last of the range. */
  readonly through: BusinessDay;
}

interface Line {
  readonly column: AnswerColumn;
  readonly values: readonly (number | null)[];
  readonly ahead?: readonly { readonly period: BusinessDay; readonly value: number | null }[];
}

interface Wanted {
  readonly grain: Grain;
  readonly periods: readonly Period[];
}

/** The periods of a range, the last one maybe cut. */
export function periodsOf(
  grain: Grain,
  { from, to }: { readonly from: BusinessDay; readonly to: BusinessDay },
): readonly Period[] {
  const periods: Period[] = [];
  for (let period = periodStart(grain, from); period <= to;) {
    const over = periodEnd(grain, period);
    periods.push({ period, through: over > to ? to : over });
    period = Temporal.PlainDate.from(over).add({ days: 1 }).toString();
  }
  return periods;
}

async function columnsOfMetrics(
  answering: Answering,
  spec: SeriesSpec,
  { grain, periods, names }: Wanted & { readonly names: readonly string[] },
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const name of names) {
    const metric = metricOf(answering, name);
    const part = filtered(answering, metric, spec.filter);
    const values = await alongPeriods(answering, part, { grain, periods });
    lines.push({ column: valueColumn(metric), values });
    if (spec.compare === undefined) continue;
    const { holidays } = answering;
    const kind = spec.compare;
    const days = periods.map(({ through }) => comparedDay(holidays, grain, through, kind).day);
    const against = (await answering.values.values(part, grain, days)).map((value) => value ?? null);
    const column = { ...valueColumn(metric), name: `${name}:${spec.compare}`, role: 'comparison' } as const;
    lines.push({ column, values: against });
  }
  return lines;
}

async function columnsOfMembers(
  answering: Answering,
  spec: SeriesSpec,
  { grain, periods, name }: Wanted & { readonly name: string },
): Promise<readonly Line[]> {
  const metric = metricOf(answering, name);
  const rows = await seriesOf(answering, { metric, by: spec.by }, { grain, periods });
  const sums = new Map<string, number>();
  // The members of a ratio rank by what it is a part of: a rate of few says little.
  const whole = metric.kind === 'ratio' ? metricOf(answering, metric.to) : metric;
  for (const { member, value } of await seriesOf(
    answering,
    { metric: whole, by: spec.by },
    { grain, periods },
  ))
    sums.set(member ?? '', (sums.get(member ?? '') ?? 0) + (value ?? 0));
  const ranked = [...sums].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([member]) => member);
  const shown = ranked.slice(0, spec.top ?? membersShown);
  const rest = new Set(ranked.slice(shown.length));
  const places = new Map(periods.map(({ period }, index) => [period, index]));
  const lines = new Map(shown.map((member) => [member, emptyLine(periods)]));
  const others = emptyLine(periods);
  for (const { period, member, value } of rows) {
    const at = places.get(period);
    if (at === undefined) continue;
    const line = lines.get(member ?? '');
    if (line !== undefined) line[at] = value;
    else if (rest.has(member ?? '')) others[at] = exactSum(others[at] ?? 0, value ?? 0);
  }
  const column = (member: string): AnswerColumn => ({ ...valueColumn(metric), name: member, title: null });
  return [
    ...[...lines].map(([member, values]) => ({ column: column(member), values })),
    // What does not add up has no sum of its smaller members.
    ...(rest.size > 0 && addsUp(metric, answering.metrics) && metric.kind === 'counted'
      ? [{ column: column(otherMember), values: others }]
      : []),
  ];
}

function emptyLine(periods: readonly Period[]): (number | null)[] {
  return periods.map(() => null);
}

/** The next days, or the rest of the week or month that is not over, by the same weekdays before. */
async function forecastColumn(
  answering: Answering,
  spec: SeriesSpec,
  { grain, periods, names }: Wanted & { readonly names: readonly string[] },
): Promise<readonly Line[]> {
  const last = periods.at(-1);
  if (spec.forecast === undefined || spec.by !== undefined || last === undefined || names.length !== 1)
    return [];
  const metric = metricOf(answering, names[0] ?? '');
  const part = filtered(answering, metric, spec.filter);
  const to = Temporal.PlainDate.from(last.through);
  const from = to.subtract({ days: forecastBackDays - 1 }).toString();
  const known = await answering.values.series(part, { grain: 'day', from, to: last.through });
  const column = { ...valueColumn(metric), name: `${metric.name}:forecast`, role: 'forecast' } as const;
  const empty = periods.map((): number | null => null);
  if (grain === 'day') {
    const days = Array.from({ length: spec.forecast }, (_, index) => to.add({ days: index + 1 }).toString());
    const told = forecastDays(known, answering.holidays, days);
    if (told.every((value) => value === null)) return [];
    empty[empty.length - 1] = known.at(-1)?.value ?? null;
    return [
      { column, values: empty, ahead: days.map((period, index) => ({ period, value: told[index] ?? null })) },
    ];
  }
  const rest = to.until(Temporal.PlainDate.from(periodEnd(grain, last.period)), { largestUnit: 'day' }).days;
  if (rest === 0 || !addsUp(metric, answering.metrics) || metric.kind !== 'counted') return [];
  const days = Array.from({ length: rest }, (_, index) => to.add({ days: index + 1 }).toString());
  const told = forecastDays(known, answering.holidays, days);
  const reached = await answering.values.value(part, grain, last.through);
  if (told.some((value) => value === null) || typeof reached !== 'number') return [];
  empty[empty.length - 1] = told.reduce<number>((sum, value) => sum + (value ?? 0), reached);
  const earlier = periods.at(-2);
  if (earlier !== undefined)
    empty[empty.length - 2] = (await answering.values.value(part, grain, earlier.through)) ?? null;
  return [{ column, values: empty }];
}

async function alongPeriods(
  answering: Answering,
  part: MetricPart,
  { grain, periods }: Wanted,
): Promise<readonly (number | null)[]> {
  const rows = await seriesOf(answering, part, { grain, periods });
  const values = new Map(rows.map(({ period, value }) => [period, value]));
  if (part.member === undefined) return periods.map(({ period }) => values.get(period) ?? null);
  // A member without rows in a counted period counts nothing.
  const whole = await seriesOf(answering, { metric: part.metric }, { grain, periods });
  const counted = new Set(addsUp(part.metric, answering.metrics) ? whole.map(({ period }) => period) : []);
  return periods.map(({ period }) => values.get(period) ?? (counted.has(period) ? 0 : null));
}

async function seriesOf(
  { values }: Answering,
  part: MetricPart,
  { grain, periods }: Wanted,
): Promise<readonly SeriesRow[]> {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return [];
  return values.series(part, { grain, from: first.period, to: last.through });
}

async function answerQuerySeries(
  answering: Answering,
  query: string,
  spec: SeriesSpec,
): Promise<BlockAnswer> {
  const { columns, rows, truncated } = await answering.query(query);
  const wanted = [spec.x ?? '', ...(typeof spec.y === 'string' ? [spec.y] : (spec.y ?? []))];
  const places = wanted.map((name) => placeOf(columns, name));
  return toAnswer({
    columns: places.map((place, index): AnswerColumn => ({
      ...toColumn({ name: wanted[index] ?? '', type: columns[place]?.type ?? 'text' }),
      unit: index === 0 ? null : (spec.unit ?? null),
      role: index === 0 ? 'axis' : 'value',
    })),
    rows: rows.map((row) => places.map((place) => row[place] ?? null)),
    annotations: columns[places[0] ?? 0]?.type === 'day' ? annotationsWithin(answering, []) : [],
    truncated,
  });
}

/** Where a column stands. */
export function placeOf(columns: readonly AnswerColumn[], name: string): number {
  const place = columns.findIndex((column) => column.name === name);
  if (place < 0)
    throw new Unanswerable(
      `the query has no column '${name}', it has ${columns.map((each) => each.name).join(', ')}`,
    );
  return place;
}

function valueColumn(metric: Metric): AnswerColumn {
  return toColumn({ name: metric.name, type: 'number', title: titleOf(metric), unit: metric.unit });
}

function annotationsOf(
  answering: Answering,
  names: readonly string[],
  periods: readonly Period[],
): readonly Annotation[] {
  const first = periods[0]?.period ?? answering.controls.from;
  return annotationsWithin(answering, names).filter(({ day }) => day >= first);
}

function annotationsWithin(
  { annotations, controls }: Answering,
  names: readonly string[],
): readonly Annotation[] {
  return annotations.filter(
    ({ day, metrics }) =>
      day >= periodStart(controls.grain, controls.from) &&
      day <= controls.to &&
      (metrics === undefined || metrics.some((name) => names.includes(name))),
  );
}
