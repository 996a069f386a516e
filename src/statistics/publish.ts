import type { BusinessDay } from '../base/index.ts';
import type { Edition, EditionPart, ServingStore } from '../serving/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import { inputsProperty } from './aggregates.ts';
import { aggregateTables, type Grain } from './grain.ts';
import { ruleVersion, type Metric } from './metric.ts';

/** Names of the statistic editions by grain. */
export const editionNames: Readonly<Record<Grain, string>> = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
};

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
  const properties = (await warehouse.table(table))?.metadata.properties ?? {};
  const counted = JSON.parse(properties[inputsProperty(day)] ?? '{}') as Readonly<Record<string, string>>;
  const { rows, pins } = await warehouse.query(
    `select cast(period as varchar) as period, metric, dimension, member, cast(value as varchar) as value
     from ${table} where business_day = cast('${day}' as date) order by metric, dimension, member`,
    { rowsMax: editionRowsMax, small: true },
  );
  const parts = Map.groupBy(rows, (row) => partName(String(row['metric']), String(row['dimension'])));
  return store.publish({
    kind: 'statistic',
    name: editionNames[grain],
    business_day: day,
    inputs: {
      ...counted,
      ...Object.fromEntries(Object.entries(pins).map(([name, snapshot]) => [name, String(snapshot)])),
      [stampInput(grain)]: properties[`octavo.day.${day}`] ?? '',
    },
    rule_version: ruleVersion(metrics),
    code_version: options.codeVersion,
    counts: { rows: rows.length, parts: parts.size },
    parts: [...parts].map(([part, members]): EditionPart => ({
      part,
      entries: members.map((row) => ({
        key: String(row['member']),
        body: { period: String(row['period']), value: row['value'] === null ? null : String(row['value']) },
      })),
    })),
    token: options.token,
  });
}

const editionRowsMax = 1_000_000;
