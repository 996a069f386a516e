import { hashJson, type BusinessDay } from '../base/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import { periodStart, type Grain } from './grain.ts';
import { countedMetrics, ruleVersion, type Metric } from './metric.ts';

/**
 * Hash of the definitions and of how the counted days of their tables are built at the moment: a
 * week or month to date is counted again when one of its days was.
 */
export async function dayStamp(options: {
  readonly warehouse: Pick<Warehouse, 'calendar' | 'table'>;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly grain: Grain;
  readonly day: BusinessDay;
}): Promise<string> {
  const { warehouse, metrics, grain, day } = options;
  const { calendar } = warehouse;
  const days = calendar.range(periodStart(grain, day), day);
  const sources = [...new Set(countedMetrics(metrics).map((metric) => metric.table))].toSorted();
  const built = await Promise.all(
    sources.map(async (source) => {
      const properties = (await warehouse.table(source))?.metadata.properties ?? {};
      return [source, ...days.map((each) => properties[`octavo.day.${each}`] ?? null)];
    }),
  );
  return hashJson({ rules: ruleVersion(metrics), built }).slice(0, 16);
}
