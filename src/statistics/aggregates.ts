import type { BusinessDay } from '../base/index.ts';
import { assertBuilt, type Warehouse } from '../warehouse/index.ts';
import { valueType } from './compile.ts';
import { compileMetrics } from './compile-metrics.ts';
import { dayStamp } from './day-stamp.ts';
import { aggregateTables, periodStart, type Grain } from './grain.ts';
import { countedMetrics, type Metric } from './metric.ts';

/** The columns of an aggregate table. */
export const aggregateColumns = [
  {
    name: 'business_day',
    description: { en: 'last business day that is counted in the row', ko: '이 행이 세는 마지막 영업일' },
  },
  {
    name: 'period',
    description: { en: 'first business day that is counted in the row', ko: '이 행이 세는 첫 영업일' },
  },
  { name: 'metric', description: { en: 'name of the metric', ko: '지표의 이름' } },
  {
    name: 'dimension',
    description: { en: '`total`, or the name of a dimension', ko: '`total` 또는 나누는 기준의 이름' },
  },
  {
    name: 'member',
    description: { en: 'member of the dimension; empty for the total', ko: '기준의 항목. 전체는 비어 있음' },
  },
  { name: 'value', description: { en: 'exact to six decimals', ko: '소수 여섯 자리까지 정확한 값' } },
] as const;

/** The table property that names the snapshots that a day was counted from, as JSON. */
export function inputsProperty(day: BusinessDay): string {
  return `octavo.inputs.${day}`;
}

/** Counts one day (or its week or month to date) and writes it as that day's contents of the aggregate table, in one commit. */
export async function buildAggregate(options: {
  readonly warehouse: Warehouse;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly grain: Grain;
  readonly day: BusinessDay;
  readonly token: number;
  readonly signal?: AbortSignal;
}): Promise<{ readonly rows: number }> {
  const { warehouse, metrics, grain, day } = options;
  const period = periodStart(grain, day);
  const stamp = await dayStamp({ warehouse, metrics, grain, day });
  const sources = countedMetrics(metrics);
  for (const table of new Set(sources.map((metric) => metric.table)))
    await assertBuilt(warehouse, table, { from: period, to: day });
  const pins = await warehouse.pin([...new Set(sources.map((metric) => metric.table))]);
  const inputs = Object.fromEntries(Object.entries(pins).map(([name, snapshot]) => [name, String(snapshot)]));
  const counted = compileMetrics(sources, { from: period, to: day });
  const select = [
    `select cast('${day}' as date) as business_day, cast('${period}' as date) as period,`,
    `  metric, dimension, cast(member as varchar) as member, cast(value as ${valueType}) as value`,
    `from (\n${counted}\n) counted`,
    'order by metric, dimension, member',
  ].join('\n');
  const written = await warehouse.write(aggregateTables[grain], {
    select,
    pins,
    mode: 'replace-days',
    days: [day],
    columns: aggregateColumns,
    properties: { [`octavo.day.${day}`]: stamp, [inputsProperty(day)]: JSON.stringify(inputs) },
    fence: `statistics.${grain}.${day}`,
    token: options.token,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { rows: written.recordCount };
}
