import { hashJson, type BusinessDay } from '../base/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import { compileMetrics, valueType } from './compile.ts';
import type { CountedMetric, Metric } from './metric.ts';

/** How long the periods of an aggregate are. */
export const grains = ['day', 'month'] as const;
export type Grain = (typeof grains)[number];

/** The aggregate tables: a day's values, and a month's values as they stood at the end of each of its days. */
export const aggregateTables: Readonly<Record<Grain, string>> = {
  day: 'statistic.daily_metrics',
  month: 'statistic.monthly_metrics',
};

const columns = [
  { name: 'business_day', description: 'last business day that is counted in the row' },
  { name: 'period', description: 'first business day that is counted in the row' },
  { name: 'metric', description: 'name of the metric' },
  { name: 'dimension', description: '`total`, or the name of a dimension' },
  { name: 'member', description: 'member of the dimension; empty for the total' },
  { name: 'value', description: 'exact to six decimals' },
] as const;

/** The metrics that are counted from tables; ratios are divided when they are read. */
export function countedMetrics(metrics: ReadonlyMap<string, Metric>): readonly CountedMetric[] {
  return [...metrics.values()].filter((metric) => metric.kind === 'counted');
}

/** Changes whenever a definition does; stamped on every day that was built by it. */
export function ruleVersion(metrics: ReadonlyMap<string, Metric>): string {
  return hashJson({ aggregates: 1, metrics: countedMetrics(metrics) }).slice(0, 16);
}

/** Counts one day (or its month to date) and writes it as that day's contents of the aggregate table, in one commit. */
export async function buildAggregate(options: {
  readonly warehouse: Warehouse;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly grain: Grain;
  readonly day: BusinessDay;
  readonly token: number;
  readonly signal?: AbortSignal;
}): Promise<{ readonly rows: number }> {
  const { warehouse, metrics, grain, day } = options;
  const period = grain === 'day' ? day : warehouse.calendar.monthOf(day);
  const counted = compileMetrics(countedMetrics(metrics), { from: period, to: day });
  const select = [
    `select cast('${day}' as date) as business_day, cast('${period}' as date) as period,`,
    `  metric, dimension, cast(member as varchar) as member, cast(value as ${valueType}) as value`,
    `from (\n${counted}\n) counted`,
    'order by metric, dimension, member',
  ].join('\n');
  const written = await warehouse.write(aggregateTables[grain], {
    select,
    mode: 'replace-days',
    days: [day],
    columns,
    properties: { [`octavo.day.${day}`]: ruleVersion(metrics) },
    fence: `statistics.${grain}.${day}`,
    token: options.token,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { rows: written.recordCount };
}
