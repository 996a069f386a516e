import type { Metric } from '../metric.ts';
import type { Annotation } from './answer.ts';
import type { Controls } from './controls.ts';
import type { Holidays } from './holidays.ts';
import type { MetricPart, MetricValues } from './metric-values.ts';
import type { QueryAnswer } from './run-query.ts';
import type { Text } from './spec.ts';

/** What a block is answered from. */
export interface Answering {
  readonly controls: Controls;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly values: MetricValues;
  readonly holidays: Holidays;
  readonly annotations: readonly Annotation[];
  /** Runs a query of the page, once. */
  readonly query: (name: string) => Promise<QueryAnswer>;
}

/** A part of a page that cannot be answered, in words for its author. */
export class Unanswerable extends Error {}

/** The metric of that name; pages are checked before they are answered. */
export function metricOf(answering: Pick<Answering, 'metrics'>, name: string): Metric {
  const metric = answering.metrics.get(name);
  if (metric === undefined) throw new Unanswerable(`there is no metric '${name}'`);
  return metric;
}

/** The part of a metric that a filter leaves: `{ category: $category }` is the chosen member, or the whole. */
export function filtered(
  answering: Pick<Answering, 'controls'>,
  metric: Metric,
  filter: Readonly<Record<string, string>> | undefined,
): MetricPart {
  const [entry] = Object.entries(filter ?? {});
  if (entry === undefined) return { metric };
  const [by, written] = entry;
  if (!written.startsWith('$')) return { metric, by, member: written };
  const name = written.slice(1);
  const chosen = answering.controls.choices[name];
  if (chosen === undefined) throw new Unanswerable(`the page has no choice '${name}'`);
  return chosen === null ? { metric } : { metric, by, member: chosen };
}

/** A metric's title; its name where it has none. */
export function titleOf(metric: Metric): Text {
  const { ko, en } = metric.title;
  if (ko === undefined) return en ?? metric.name;
  return en === undefined ? ko : { ko, en };
}

/** The change from one value to another: relative, of a share the difference. */
export function changeOf(
  metric: Pick<Metric, 'unit'>,
  value: number | null,
  before: number | null,
): number | null {
  if (value === null || before === null) return null;
  if (metric.unit === 'share') return value - before;
  return before === 0 ? null : value / before - 1;
}
