import type { BusinessDay } from '../base/index.ts';
import { defineTask, type Target, type TargetGroup, type Task, type TaskRef } from '../batch/index.ts';
import type { ServingStore } from '../serving/index.ts';
import type { RecommendWarehouse } from './load.ts';
import { inputBuilds, inputStamps, isCurrent } from './inputs.ts';
import { publishRecommender } from './publish.ts';
import type { Recommender } from './recommender.ts';

/** What the batch tasks of a project's recommenders are made from. */
export interface RecommendTasksOptions {
  readonly recommenders: readonly Recommender[];
  readonly warehouse: RecommendWarehouse;
  readonly store: ServingStore;
  readonly codeVersion: string;
  /** Worker threads. Default 2. */
  readonly threads?: number;
  /** The task that builds a table for a day; undefined when nothing builds it. Default `model:<name>(day)` for `model.*`. */
  readonly builder?: (table: string, day: BusinessDay) => TaskRef | undefined;
}

/**
 * A daily task `recommend:<name>` for every recommender; done when the day has an edition by its rules
 * from its inputs as they are built now.
 */
export function recommendTasks(options: RecommendTasksOptions): readonly Task[] {
  const { warehouse, store, codeVersion, threads = 2, builder = modelTask } = options;
  return options.recommenders.map((recommender) => {
    const dayTarget = editionTargets(options, recommender);
    return defineTask({
      name: `recommend:${recommender.name}`,
      description: {
        en: `Recommends with ${recommender.algorithm} and publishes '${recommender.name}'`,
        ko: `${recommender.algorithm} 알고리즘으로 추천하여 '${recommender.name}' 판을 발행합니다`,
      },
      parameters: { day: { type: 'day', description: 'business day of the edition' } },
      daily: true,
      needs: ({ day }) => {
        const { table, historyDays } = recommender.interactions;
        const history = warehouse.calendar.range(warehouse.calendar.addDays(day, 1 - historyDays), day);
        return [...history.map((one) => builder(table, one)), builder(recommender.titles.table, day)].filter(
          (need) => need !== undefined,
        );
      },
      lineage: {
        reads: [recommender.interactions.table, recommender.titles.table],
        makes: [`edition:recommend/${recommender.name}`],
      },
      target: ({ day }) => dayTarget(day),
      run: async ({ parameters: { day }, token, signal, count }) => {
        const edition = await publishRecommender({
          recommender,
          day,
          warehouse,
          store,
          token,
          codeVersion,
          threads,
          signal,
        });
        count(edition.counts);
      },
    });
  });
}

/** Targets of a recommender's days; many of them cost one look at each table. */
function editionTargets(
  { warehouse, store }: RecommendTasksOptions,
  recommender: Recommender,
): (day: BusinessDay) => Target {
  const dayOf = new WeakMap<Target, BusinessDay>();
  const group: TargetGroup = {
    existing: async (targets) => {
      const builds = await inputBuilds(warehouse, recommender);
      const found = new Set<Target>();
      for (const target of targets) {
        const day = dayOf.get(target);
        if (day === undefined) continue;
        const edition = await store.current('recommend', recommender.name, day);
        const stamps = inputStamps(warehouse, recommender, day, builds);
        if (isCurrent(edition, recommender, stamps, builds)) found.add(target);
      }
      return found;
    },
  };
  return (day) => {
    const target: Target = {
      description: `edition of ${recommender.name}, day ${day}`,
      group,
      exists: async () => (await group.existing([target])).has(target),
    };
    dayOf.set(target, day);
    return target;
  };
}

function modelTask(table: string, day: BusinessDay): TaskRef | undefined {
  const [namespace, name] = table.split('.');
  return namespace === 'model' ? { task: `model:${name}`, parameters: { day } } : undefined;
}
