import type { BusinessDay } from '../base/index.ts';
import { wholeDimension, type AggregateFunction, type CountedMetric } from './metric.ts';

/** The rows that a metric is counted over. */
export interface MetricWindow {
  /** First and last business day, both included. */
  readonly from: BusinessDay;
  readonly to: BusinessDay;
}

/** Values of all metrics and dimensions are kept in this type, exact for money and counts. */
export const valueType = 'decimal(38, 6)';

/**
 * One metric over a window as SQL: columns `metric`, `dimension`, `member`, `value`. The one place
 * where a definition becomes SQL; daily and monthly aggregates and direct queries all use it.
 */
export function compileMetric(metric: CountedMetric, dimension: string, window: MetricWindow): string {
  const whole = dimension === wholeDimension;
  const expression = whole
    ? "''"
    : `coalesce(cast(${metric.dimensionExpressions[dimension] ?? "''"} as varchar), '')`;
  const conditions = [
    `business_day between cast('${window.from}' as date) and cast('${window.to}' as date)`,
    ...(metric.filter === undefined ? [] : [`(${metric.filter})`]),
  ];
  return [
    `select '${metric.name}' as metric, '${dimension}' as dimension, ${expression} as member,`,
    `  cast(${aggregateSql(metric.aggregate, metric.expression)} as ${valueType}) as value`,
    `from ${metric.table}`,
    `where ${conditions.join(' and ')}`,
    ...(whole ? [] : [`group by ${expression}`]),
  ].join('\n');
}

/** Every metric over a window, whole and by each of its dimensions, as one statement. */
export function compileMetrics(metrics: readonly CountedMetric[], window: MetricWindow): string {
  return metrics
    .flatMap((metric) =>
      [wholeDimension, ...metric.dimensions].map((dimension) => compileMetric(metric, dimension, window)),
    )
    .join('\nunion all\n');
}

/** An aggregate as SQL. @param filter - a clause `filter (where …)` behind the call, or nothing */
export function aggregateSql(aggregate: AggregateFunction, expression: string, filter = ''): string {
  if (aggregate === 'count_distinct') return `count(distinct ${expression})${filter}`;
  if (aggregate === 'sum') return `coalesce(sum(${expression})${filter}, 0)`;
  return `${aggregate}(${expression})${filter}`;
}
