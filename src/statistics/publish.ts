import type { BusinessDay } from '../base/index.ts';
import type { Edition, EditionPart, ServingStore } from '../serving/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import { dayStamp } from './day-stamp.ts';
import { aggregateTables, type Grain } from './grain.ts';
import { ruleVersion, type Metric } from './metric.ts';

/** Names of the statistic editions by grain. */
export const editionNames: Readonly<Record<Grain, string>> = { day: 'daily', month: 'monthly' };

/** An edition's part for a metric and a dimension. */
export function partName(metric: string, dimension: string): string {
  return `${metric}/${dimension}`;
}

/** The input of an edition that says from which builds of the days it was counted; no table, hence the colon. */
export function stampInput(grain: Grain): string {
  return `${aggregateTables[grain]}:built`;
}

/** Publishes a day's aggregate as an edition: a part for each metric and dimension, an entry for each member. */
export async function publishAggregate(options: {
  readonly warehouse: Warehouse;
  readonly store: ServingStore;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly grain: Grain;
  readonly day: BusinessDay;
  readonly codeVersion: string;
  readonly token: number;
}): Promise<Edition> {
  const { warehouse, store, metrics, grain, day } = options;
  const table = aggregateTables[grain];
  const { rows, pins } = await warehouse.query(
    `select cast(period as varchar) as period, metric, dimension, member, cast(value as varchar) as value
     from ${table} where business_day = cast($day as date) order by metric, dimension, member`,
    { parameters: { day }, rowsMax: editionRowsMax },
  );
  const stamp = await dayStamp({ warehouse, metrics, grain, day });
  const sources = [...new Set([...metrics.values()].flatMap((metric) => (metric.kind === 'counted' ? [metric.table] : [])))];
  const inputs = { ...(await warehouse.pin(sources)), ...pins };
  const parts = Map.groupBy(rows, (row) => partName(String(row['metric']), String(row['dimension'])));
  return store.publish({
    kind: 'statistic',
    name: editionNames[grain],
    business_day: day,
    inputs: {
      ...Object.fromEntries(Object.entries(inputs).map(([name, snapshot]) => [name, String(snapshot)])),
      [stampInput(grain)]: stamp,
    },
    rule_version: ruleVersion(metrics),
    code_version: options.codeVersion,
    counts: { rows: rows.length, parts: parts.size },
    parts: [...parts].map(
      ([part, members]): EditionPart => ({
        part,
        entries: members.map((row) => ({
          key: String(row['member']),
          body: { period: String(row['period']), value: row['value'] === null ? null : String(row['value']) },
        })),
      }),
    ),
    token: options.token,
  });
}

const editionRowsMax = 1_000_000;
