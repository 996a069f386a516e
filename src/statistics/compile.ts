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
 * One metric over a window as SQL: columns `metric`, `dimension`, `member`, `value`. What a question that is asked
 * directly runs; `compileMetrics` counts the same of many metrics at once.
 */
export function compileMetric(metric: CountedMetric, dimension: string, window: MetricWindow): string {
  const whole = dimension === wholeDimension;
  const expression = whole ? "''" : memberSql(metric.dimensionExpressions[dimension] ?? "''");
  const conditions = [windowSql(window), ...(metric.filter === undefined ? [] : [`(${metric.filter})`])];
  return [
    `select '${metric.name}' as metric, '${dimension}' as dimension, ${expression} as member,`,
    `  cast(${aggregateSql(metric.aggregate, metric.expression)} as ${valueType}) as value`,
    `from ${metric.table}`,
    `where ${conditions.join(' and ')}`,
    ...(whole ? [] : [`group by ${expression}`]),
  ].join('\n');
}

/**
 * The members of a dimension as SQL: texts, empty where the table has none.
 * @param group - makes it another expression than that of every other group, with the same value
 */
export function memberSql(expression: string, group?: number): string {
  return `coalesce(cast(${expression} as varchar), ''${group === undefined ? '' : `, '${group}'`})`;
}

/** The window as a condition. */
export function windowSql({ from, to }: MetricWindow): string {
  return `business_day between cast('${from}' as date) and cast('${to}' as date)`;
}

/** An aggregate as SQL. @param filter - a clause `filter (where …)` behind the call, or nothing */
export function aggregateSql(aggregate: AggregateFunction, expression: string, filter = ''): string {
  if (aggregate === 'count_distinct') return `count(distinct ${expression})${filter}`;
  if (aggregate === 'sum') return `coalesce(sum(${expression})${filter}, 0)`;
  return `${aggregate}(${expression})${filter}`;
}
