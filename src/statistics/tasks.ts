import { defineTask, target, type Task, type TaskRef } from '../batch/index.ts';
import type { BusinessDay } from '../base/index.ts';
import type { ServingStore } from '../serving/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import { aggregateColumns, buildAggregate } from './aggregates.ts';
import { dayStamp } from './day-stamp.ts';
import { aggregateTables, grains, periodStart, type Grain } from './grain.ts';
import { countedMetrics, ruleVersion, type Metric } from './metric.ts';
import { editionNames, publishAggregate, stampInput } from './publish.ts';

/** What the statistics' tasks work with. */
export interface StatisticsTasksOptions {
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly warehouse: Warehouse;
  readonly store: ServingStore;
  readonly codeVersion: string;
  /** The tasks that make a day of a table. */
  readonly makersOf: (table: string, day: BusinessDay) => readonly TaskRef[];
}

/** For each grain a task that counts a day and one that publishes it. */
export function statisticsTasks(options: StatisticsTasksOptions): readonly Task[] {
  if (countedMetrics(options.metrics).length === 0) return [];
  return grains.flatMap((grain) => [aggregateTask(options, grain), publishTask(options, grain)]);
}

const counted = { day: '하루의', week: '월요일부터 그날까지의', month: '초하루부터 그날까지의' } as const;
const published = { day: '일간', week: '주간', month: '월간' } as const;

function aggregateTask(options: StatisticsTasksOptions, grain: Grain): Task {
  const { metrics, warehouse } = options;
  const tables = new Set(countedMetrics(metrics).map((metric) => metric.table));
  const table = aggregateTables[grain];
  return defineTask({
    name: `statistics:${editionNames[grain]}`,
    description: {
      en: `Counts every metric of a ${grain === 'day' ? 'day' : `${grain} to date`} into ${table}`,
      ko: `${counted[grain]} 모든 지표를 세어 ${table}에 둡니다`,
    },
    parameters: { day: 'day' },
    daily: true,
    resources: { engine: 1 },
    needs: ({ day }) => {
      const days = warehouse.calendar.range(periodStart(grain, day), day);
      return [...tables].flatMap((source) => days.flatMap((one) => options.makersOf(source, one)));
    },
    lineage: {
      reads: [...tables],
      makes: [table],
      columns: {
        [table]: Object.fromEntries(aggregateColumns.map((column) => [column.name, column.description])),
      },
    },
    target: ({ day }) =>
      target(`table ${table} day ${day}`, async () => {
        const stamp = (await warehouse.table(table))?.metadata.properties[`octavo.day.${day}`];
        return stamp !== undefined && stamp === (await dayStamp({ warehouse, metrics, grain, day }));
      }),
    run: async ({ parameters: { day }, token, signal, count }) => {
      count(await buildAggregate({ warehouse, metrics, grain, day, token, signal }));
    },
  });
}

function publishTask(options: StatisticsTasksOptions, grain: Grain): Task {
  const { metrics, store, warehouse } = options;
  const name = editionNames[grain];
  return defineTask({
    name: `statistics:${name}-edition`,
    description: { en: `Publishes the ${name} metrics`, ko: `${published[grain]} 지표의 판을 발행합니다` },
    parameters: { day: 'day' },
    daily: true,
    needs: ({ day }) => [{ task: `statistics:${name}`, parameters: { day } }],
    lineage: { reads: [aggregateTables[grain]], makes: [`edition:statistic/${name}`] },
    target: ({ day }) =>
      target(`edition statistic ${name} of ${day}`, async () => {
        const edition = await store.current('statistic', name, day);
        if (edition?.rule_version !== ruleVersion(metrics)) return false;
        return edition.inputs[stampInput(grain)] === (await dayStamp({ warehouse, metrics, grain, day }));
      }),
    run: async ({ parameters: { day }, token, count }) => {
      const edition = await publishAggregate({ ...options, grain, day, token });
      count(edition.counts);
    },
  });
}
