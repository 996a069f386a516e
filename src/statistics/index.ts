/** Metrics: defined once in YAML, counted into daily and monthly aggregates, published, read as series. */
export { buildAggregate } from './aggregates.ts';
export { aggregateTables, grains, periodEnd, periodStart, type Grain } from './grain.ts';
export { compileMetric, type MetricWindow } from './compile.ts';
export { compileMetrics } from './compile-metrics.ts';
export { loadMetrics, parseMetricFile } from './load-metrics.ts';
export {
  countedMetrics,
  toMetrics,
  wholeDimension,
  type CountedMetric,
  type Metric,
  type MetricSource,
  type MetricSpec,
  type RatioMetric,
} from './metric.ts';
export { editionNames, publishAggregate } from './publish.ts';
export { readSeries, type Series, type SeriesRow } from './series.ts';
export { readRunningDay, type AskRows, type RunningDay, type RunningMetric } from './running.ts';
export { statisticsTasks, type StatisticsTasksOptions } from './tasks.ts';
export * from './page/index.ts';
export * from './deliver/index.ts';
