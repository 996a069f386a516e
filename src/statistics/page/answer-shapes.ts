import { periodStart } from '../grain.ts';
import { toAnswer, toColumn, type AnswerCell, type AnswerColumn, type BlockAnswer } from './answer.ts';
import { filtered, metricOf, titleOf, Unanswerable, type Answering } from './answering.ts';
import { compare } from './answer-numbers.ts';
import { placeOf } from './answer-series.ts';
import type { CohortSpec, FunnelSpec, HeatSpec } from './spec.ts';

/** A heat map: a query's x, y and value; or a metric's days, weekdays across and weeks down. */
export async function answerHeat(answering: Answering, spec: HeatSpec): Promise<BlockAnswer> {
  if (spec.query !== undefined) {
    const wanted = [spec.x ?? '', spec.y ?? '', spec.value ?? ''];
    return picked(await answering.query(spec.query), wanted, spec.unit ?? null);
  }
  const metric = metricOf(answering, spec.metric ?? '');
  const { from, to } = answering.controls;
  const rows = await answering.values.series(
    { metric },
    { grain: 'day', from: periodStart('week', from), to },
  );
  return toAnswer({
    columns: [
      toColumn({ name: 'weekday', type: 'number', role: 'axis' }),
      toColumn({ name: 'week', type: 'week', role: 'axis' }),
      toColumn({ name: metric.name, type: 'number', title: titleOf(metric), unit: metric.unit }),
    ],
    rows: rows.map(({ period, value }) => [
      Temporal.PlainDate.from(period).dayOfWeek,
      periodStart('week', period),
      value,
    ]),
  });
}

/**
 * A funnel: a metric a step, of the last period to date; or a query's step and value. With the share of the first
 * step and of the one before.
 */
export async function answerFunnel(answering: Answering, spec: FunnelSpec): Promise<BlockAnswer> {
  const steps: { readonly step: string; readonly value: number | null; readonly change: number | null }[] =
    [];
  if (spec.query === undefined) {
    const grain = spec.grain ?? answering.controls.grain;
    const day = answering.controls.to;
    for (const name of spec.steps ?? []) {
      const metric = metricOf(answering, name);
      const part = filtered(answering, metric, spec.filter);
      const value = (await answering.values.value(part, grain, day)) ?? null;
      const change =
        spec.compare === undefined
          ? null
          : (await compare(answering, part, { grain, day, kind: spec.compare, value })).change;
      steps.push({ step: name, value, change });
    }
  } else {
    const { columns, rows } = await answering.query(spec.query);
    const [step, value] = [placeOf(columns, 'step'), placeOf(columns, 'value')];
    for (const row of rows) {
      const number = row[value];
      steps.push({
        step: String(row[step] ?? ''),
        value: typeof number === 'number' ? number : null,
        change: null,
      });
    }
  }
  const first = steps[0]?.value ?? null;
  return toAnswer({
    columns: [
      toColumn({ name: 'step', type: 'member', role: 'axis' }),
      toColumn({ name: 'value', type: 'number', unit: 'count', bar: true }),
      toColumn({ name: 'of_first', type: 'number', unit: 'share', role: 'share' }),
      toColumn({ name: 'of_previous', type: 'number', unit: 'share', role: 'share' }),
      toColumn({ name: 'change', type: 'number', unit: 'share', role: 'change' }),
    ],
    rows: steps.map(({ step, value, change }, index) => [
      step,
      value,
      divided(value, first),
      index === 0 ? null : divided(value, steps[index - 1]?.value ?? null),
      change,
    ]),
  });
}

/** Cohorts: a row a cohort with its size, and what of it is left at each age, from 0. */
export async function answerCohort(answering: Answering, spec: CohortSpec): Promise<BlockAnswer> {
  const { columns, rows, truncated } = await answering.query(spec.query);
  const places = ['cohort', 'size', 'age', 'value'].map((name) => placeOf(columns, name));
  const cohorts = new Map<string, { readonly size: AnswerCell; readonly values: Map<number, AnswerCell> }>();
  let oldest = -1;
  for (const row of rows) {
    const [cohort, size, age, value] = places.map((place) => row[place] ?? null);
    if (typeof age !== 'number') throw new Unanswerable(`'age' is ${JSON.stringify(age)}, expected a number`);
    const key = String(cohort);
    const known = cohorts.get(key) ?? { size: size ?? null, values: new Map<number, AnswerCell>() };
    cohorts.set(key, known);
    known.values.set(age, value ?? null);
    oldest = Math.max(oldest, age);
  }
  const ages = Array.from({ length: Math.min(oldest + 1, agesMax) }, (_, age) => age);
  const first = columns[places[0] ?? 0];
  return toAnswer({
    columns: [
      { ...toColumn({ name: 'cohort', type: first?.type ?? 'text', role: 'axis' }) },
      toColumn({ name: 'size', type: 'number', unit: 'count', role: 'axis' }),
      ...ages.map((age) => toColumn({ name: String(age), type: 'number', unit: 'share' })),
    ],
    rows: [...cohorts].map(([cohort, { size, values }]) => [
      cohort,
      size,
      ...ages.map((age) => values.get(age) ?? null),
    ]),
    truncated,
  });
}

const agesMax = 60;

function picked(
  {
    columns,
    rows,
    truncated,
  }: {
    readonly columns: readonly AnswerColumn[];
    readonly rows: readonly (readonly AnswerCell[])[];
    readonly truncated: boolean;
  },
  wanted: readonly string[],
  unit: string | null,
): BlockAnswer {
  const places = wanted.map((name) => placeOf(columns, name));
  const last = wanted.length - 1;
  return toAnswer({
    columns: places.map((place, index) => ({
      ...toColumn({ name: wanted[index] ?? '', type: columns[place]?.type ?? 'text' }),
      role: index === last ? 'value' : 'axis',
      unit: index === last ? unit : null,
    })),
    rows: rows.map((row) => places.map((place) => row[place] ?? null)),
    truncated,
  });
}

function divided(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}
