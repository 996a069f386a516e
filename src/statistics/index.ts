export { aggregateTables, buildAggregate, countedMetrics, grains, type Grain } from './aggregates.ts';
export { compileMetric, compileMetrics, wholeDimension, type MetricWindow } from './compile.ts';
export { loadMetrics } from './load-metrics.ts';
export { toMetrics, type CountedMetric, type Metric, type MetricSpec, type RatioMetric } from './metric.ts';
export { editionNames, publishAggregate } from './publish.ts';
export { readSeries, type Series, type SeriesRow } from './series.ts';
export { statisticsTasks, type StatisticsTasksOptions } from './tasks.ts';
