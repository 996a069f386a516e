import type { SeriesRow } from '../series.ts';
import {
  toAnswer,
  toColumn,
  type AnswerCell,
  type AnswerColumn,
  type AnswerMark,
  type BlockAnswer,
} from './answer.ts';
import { changeOf, filtered, metricOf, titleOf, Unanswerable, type Answering } from './answering.ts';
import { periodsOf } from './answer-series.ts';
import { comparedDay } from './comparison.ts';
import { addsUp, exactSum, periodOf } from './metric-values.ts';
import { periodEnd } from '../grain.ts';
import type { TableSpec } from './spec.ts';

/** A table: a row a period, a row a member of a dimension, or a query's rows. */
export async function answerTable(answering: Answering, spec: TableSpec): Promise<BlockAnswer> {
  if (spec.query !== undefined) return queryTable(answering, spec.query, spec);
  return spec.by === undefined ? periodTable(answering, spec) : memberTable(answering, spec, spec.by);
}

async function queryTable(answering: Answering, query: string, spec: TableSpec): Promise<BlockAnswer> {
  const answer = await answering.query(query);
  const rows = spec.top === undefined ? answer.rows : answer.rows.slice(0, spec.top);
  const wrong = Object.keys(spec.columns ?? {}).find(
    (name) => !answer.columns.some((each) => each.name === name),
  );
  if (wrong !== undefined)
    throw new Unanswerable(
      `the query has no column '${wrong}', it has ${answer.columns.map(({ name }) => name).join(', ')}`,
    );
  const kept = answer.columns
    .map((_column, place) => place)
    .filter((place) => {
      const name = answer.columns[place]?.name ?? '';
      return spec.columns?.[name]?.hidden !== true;
    });
  const columns = kept.flatMap((place): readonly AnswerColumn[] => {
    const column = answer.columns[place];
    if (column === undefined) return [];
    const said = spec.columns?.[column.name];
    const bar = said?.bar ?? spec.bars?.includes(column.name) ?? false;
    return [
      {
        ...column,
        title: said?.title ?? null,
        unit: said?.unit ?? null,
        bar,
        role: column.type === 'number' ? 'value' : 'axis',
        ...(said?.language === undefined ? {} : { language: said.language }),
      },
    ];
  });
  const shown = rows.map((row) => kept.map((place) => row[place] ?? null));
  const total =
    spec.total === true
      ? columns.map((column, place) =>
          column.type === 'number' && column.unit !== 'share' ? sumOf(shown, place) : null,
        )
      : null;
  return toAnswer({ columns, rows: shown, total, truncated: answer.truncated });
}

async function periodTable(answering: Answering, spec: TableSpec): Promise<BlockAnswer> {
  const grain = spec.grain ?? answering.controls.grain;
  const every = periodsOf(grain, answering.controls);
  const periods = (spec.last === undefined ? every : every.slice(-spec.last)).toReversed();
  const [newest, oldest] = [periods[0], periods.at(-1)];
  if (newest === undefined || oldest === undefined) return toAnswer({ columns: [] });
  const columns: AnswerColumn[] = [toColumn({ name: grain, type: grain, role: 'axis' })];
  const lists: (readonly (number | null)[])[] = [];
  const totals: AnswerCell[] = [null];
  for (const name of spec.metrics ?? []) {
    const metric = metricOf(answering, name);
    const part = filtered(answering, metric, spec.filter);
    const rows = await answering.values.series(part, { grain, from: oldest.period, to: newest.through });
    const values = new Map(rows.map((row: SeriesRow) => [row.period, row.value]));
    const list = periods.map(({ period }) => values.get(period) ?? null);
    columns.push({ ...metricColumn(answering, name), bar: spec.bars?.includes(name) ?? false });
    lists.push(list);
    totals.push(await totalOf(answering, spec, { name, list, from: oldest.period, to: newest.through }));
    if (spec.compare === undefined) continue;
    const kind = spec.compare;
    const days = periods.map(({ through }) => comparedDay(answering.holidays, grain, through, kind).day);
    const before = await answering.values.values(part, grain, days);
    const changes = list.map((value, index) => changeOf(metric, value, before[index] ?? null));
    columns.push(changeColumn(name, spec, metric.unit));
    lists.push(changes);
    totals.push(null);
  }
  const marks = periods.map(({ period, through }, index): AnswerMark => {
    if (lists.every((list) => (list[index] ?? null) === null)) return 'missing';
    return through < periodEnd(grain, period) ? 'partial' : null;
  });
  const oldestCounted = marks.findLastIndex((mark) => mark !== 'missing');
  const kept = oldestCounted < 0 ? periods.length : oldestCounted + 1;
  const rows = periods
    .slice(0, kept)
    .map(({ period }, index) => [period, ...lists.map((list) => list[index] ?? null)]);
  return toAnswer({ columns, rows, marks: marks.slice(0, kept), total: spec.total === true ? totals : null });
}

async function totalOf(
  { metrics, values }: Answering,
  spec: TableSpec,
  row: {
    readonly name: string;
    readonly list: readonly (number | null)[];
    readonly from: string;
    readonly to: string;
  },
): Promise<number | null> {
  const metric = metrics.get(row.name);
  if (spec.total !== true || metric === undefined || spec.filter !== undefined) return null;
  if (metric.kind === 'counted' && addsUp(metric, metrics))
    return row.list.reduce<number>((sum, value) => exactSum(sum, value ?? 0), 0);
  return (await values.over({ metric }, row))?.get('') ?? null;
}

async function memberTable(answering: Answering, spec: TableSpec, by: string): Promise<BlockAnswer> {
  const { controls, values, holidays } = answering;
  const span = { from: controls.from, to: controls.to };
  const columns: AnswerColumn[] = [toColumn({ name: by, type: 'member', role: 'axis' })];
  const lists: ReadonlyMap<string, number | null>[] = [];
  const totals: AnswerCell[] = [null];
  for (const [index, name] of (spec.metrics ?? []).entries()) {
    const metric = metricOf(answering, name);
    const list = await values.over({ metric, by }, span);
    if (list === undefined) {
      throw new Unanswerable(
        `'${name}' does not add up over days: choose one day, or a week or month to date`,
      );
    }
    const whole = (await values.over({ metric }, span))?.get('') ?? null;
    columns.push({ ...metricColumn(answering, name), bar: spec.bars?.includes(name) ?? false });
    lists.push(list);
    totals.push(whole);
    if (index === 0 && spec.share === true) {
      columns.push(toColumn({ name: `${name}:share`, type: 'number', unit: 'share', role: 'share' }));
      lists.push(new Map([...list].map(([member, value]) => [member, changeShare(value, whole)])));
      totals.push(whole === null || whole === 0 ? null : 1);
    }
    if (spec.compare === undefined) continue;
    const grain = periodOf(span) ?? 'day';
    const before =
      periodOf(span) === undefined
        ? earlier(span)
        : spanBefore(grain, comparedDay(holidays, grain, span.to, spec.compare).day, span);
    const earlierValues = (await values.over({ metric, by }, before)) ?? new Map<string, number | null>();
    columns.push(changeColumn(name, spec, metric.unit));
    lists.push(
      new Map(
        [...list].map(([member, value]) => [
          member,
          changeOf(metric, value, earlierValues.get(member) ?? null),
        ]),
      ),
    );
    totals.push(null);
  }
  const first = lists[0] ?? new Map<string, number | null>();
  const ranked = [...first].toSorted(([a, x], [b, y]) => (y ?? 0) - (x ?? 0) || (a < b ? -1 : 1));
  const shown = ranked.slice(0, spec.top ?? ranked.length);
  const rows = shown.map(([member]) => [member, ...lists.map((list) => list.get(member) ?? null)]);
  return toAnswer({
    columns,
    rows,
    total: spec.total === true ? totals : null,
    truncated: shown.length < ranked.length,
  });
}

function changeShare(value: number | null, whole: number | null): number | null {
  return value === null || whole === null || whole === 0 ? null : value / whole;
}

/** As many days before a span as it has. */
function earlier({ from, to }: { readonly from: string; readonly to: string }): {
  readonly from: string;
  readonly to: string;
} {
  const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)];
  const days = first.until(last, { largestUnit: 'day' }).days + 1;
  return { from: first.subtract({ days }).toString(), to: last.subtract({ days }).toString() };
}

function spanBefore(
  grain: 'day' | 'week' | 'month',
  day: string,
  span: { readonly from: string; readonly to: string },
): { readonly from: string; readonly to: string } {
  if (grain === 'day') return { from: day, to: day };
  const days = Temporal.PlainDate.from(span.from).until(Temporal.PlainDate.from(span.to), {
    largestUnit: 'day',
  }).days;
  const start =
    grain === 'month' ? `${day.slice(0, 7)}-01` : Temporal.PlainDate.from(day).subtract({ days }).toString();
  return { from: start, to: day };
}

function metricColumn(answering: Answering, name: string): AnswerColumn {
  const metric = metricOf(answering, name);
  return toColumn({ name, type: 'number', title: titleOf(metric), unit: metric.unit });
}

function changeColumn(name: string, spec: TableSpec, unit: string): AnswerColumn {
  return toColumn({
    name: `${name}:${spec.compare ?? ''}`,
    type: 'number',
    unit: unit === 'share' ? 'points' : 'share',
    role: 'change',
  });
}

function sumOf(rows: readonly (readonly AnswerCell[])[], place: number): number {
  return rows.reduce((sum, row) => exactSum(sum, Number(row[place] ?? 0)), 0);
}
