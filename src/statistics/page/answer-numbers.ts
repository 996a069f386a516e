import type { BusinessDay } from '../../base/index.ts';
import { periodEnd, periodStart, type Grain } from '../grain.ts';
import { toAnswer, toColumn, type AnswerComparison, type AnswerNumber, type BlockAnswer } from './answer.ts';
import { changeOf, filtered, metricOf, titleOf, type Answering } from './answering.ts';
import { comparedDay, type ComparisonKind } from './comparison.ts';
import type { MetricPart } from './metric-values.ts';
import type { NumbersSpec } from './spec.ts';

/** What a value is held against when its block does not say. */
const usualComparison: Readonly<Record<Grain, ComparisonKind>> = {
  day: 'same_weekday',
  week: 'previous',
  month: 'previous',
};
const trendBack: Readonly<Record<Grain, Temporal.DurationLike>> = {
  day: { days: 27 },
  week: { weeks: 12 },
  month: { months: 11 },
};

/** Numbers of the last day, week to date or month to date, with fair comparisons and the way there. */
export async function answerNumbers(answering: Answering, spec: NumbersSpec): Promise<BlockAnswer> {
  const numbers: AnswerNumber[] = [];
  for (const each of spec.numbers) {
    const metric = metricOf(answering, each.metric);
    const grain = each.grain ?? answering.controls.grain;
    const kinds =
      each.compare === 'none'
        ? []
        : each.compare === undefined
          ? [usualComparison[grain]]
          : typeof each.compare === 'string'
            ? [each.compare]
            : each.compare;
    const number = await numberOf(answering, filtered(answering, metric, each.filter), { grain, kinds });
    numbers.push(each.title === undefined ? number : { ...number, title: each.title });
  }
  const columns = [
    toColumn({ name: 'metric', type: 'text', role: 'axis' }),
    toColumn({ name: 'period', type: 'day' }),
    toColumn({ name: 'through', type: 'day' }),
    toColumn({ name: 'value', type: 'number' }),
    toColumn({ name: 'compared_through', type: 'day', role: 'comparison' }),
    toColumn({ name: 'compared_value', type: 'number', role: 'comparison' }),
  ];
  const rows = numbers.map(({ metric, period, through, value, comparisons: [first] }) => [
    metric,
    period,
    through,
    value,
    first?.day ?? null,
    first?.value ?? null,
  ]);
  return toAnswer({ columns, rows, numbers });
}

/** One number up to the last day of the controls. */
export async function numberOf(
  answering: Answering,
  part: MetricPart,
  { grain, kinds }: { readonly grain: Grain; readonly kinds: readonly ComparisonKind[] },
): Promise<AnswerNumber> {
  const { values, controls } = answering;
  const { metric } = part;
  const day = controls.to;
  const value = (await values.value(part, grain, day)) ?? null;
  const comparisons: AnswerComparison[] = [];
  for (const kind of kinds) comparisons.push(await compare(answering, part, { grain, day, kind, value }));
  return {
    metric: metric.name,
    title: titleOf(metric),
    unit: metric.unit,
    grain,
    value,
    period: periodStart(grain, day),
    through: day,
    complete: periodEnd(grain, day) === day,
    comparisons,
    trend: await trendOf(answering, part, grain),
  };
}

/** A value against the one that it is fairly held against. */
export async function compare(
  { values, holidays }: Answering,
  part: MetricPart,
  point: {
    readonly grain: Grain;
    readonly day: BusinessDay;
    readonly kind: ComparisonKind;
    readonly value: number | null;
  },
): Promise<AnswerComparison> {
  const compared = comparedDay(holidays, point.grain, point.day, point.kind);
  const before = (await values.value(part, point.grain, compared.day)) ?? null;
  return { ...compared, value: before, change: changeOf(part.metric, point.value, before) };
}

async function trendOf(
  { values, controls }: Answering,
  part: MetricPart,
  grain: Grain,
): Promise<readonly (number | null)[]> {
  const from = Temporal.PlainDate.from(periodStart(grain, controls.to)).subtract(trendBack[grain]).toString();
  const rows = await values.series(part, { grain, from, to: controls.to });
  return rows.map(({ value }) => value);
}
