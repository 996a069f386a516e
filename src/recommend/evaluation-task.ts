import type { BusinessDay } from '../base/index.ts';
import { defineTask, marker, type Task } from '../batch/index.ts';
import { evaluate } from './evaluate.ts';
import { keepEvaluation } from './kept-evaluation.ts';
import type { RecommendTasksOptions } from './tasks.ts';

/** What the evaluation's task is made from. */
export interface EvaluationTaskOptions extends Omit<RecommendTasksOptions, 'builder'> {
  /** The newest business day that is over. */
  readonly newest: () => BusinessDay;
}

/** Days that are judged by, and how long the judged lists are. */
export const evaluationDefaults = { testDays: 7, k: 20 } as const;

/**
 * Keeps the evaluation of the newest day, after its lists are out; on earlier days there is nothing to do. No task at all without
 * recommenders.
 */
export function evaluationTasks(options: EvaluationTaskOptions): readonly Task[] {
  const { recommenders, warehouse, store, codeVersion, threads = 2, newest } = options;
  if (recommenders.length === 0) return [];
  const name = 'evaluate:recommenders';
  const task = defineTask({
    name,
    description: {
      en: 'Compares the recommenders: learns from the days before the last week and judges by it',
      ko: '추천 알고리즘을 견줍니다. 지난주보다 앞선 날로 배우고 지난주로 평가합니다',
    },
    parameters: { day: 'day' },
    daily: true,
    needs: ({ day }) =>
      day < newest()
        ? []
        : recommenders.map((recommender) => ({ task: `recommend:${recommender.name}`, parameters: { day } })),
    lineage: {
      reads: [
        ...new Set(recommenders.flatMap(({ interactions, titles }) => [interactions.table, titles.table])),
      ],
      makes: ['edition:statistic/recommender_evaluation'],
    },
    target: ({ day }) => marker(`${name}(${day})`),
    run: async ({ parameters: { day }, token, signal, count }) => {
      const trainTo = splitOf(await warehouse.sealedDays(), day);
      if (day < newest() || trainTo === undefined) return;
      const split = { trainTo, testTo: day, k: evaluationDefaults.k };
      const evaluation = await evaluate({ ...split, warehouse, recommenders, threads, signal });
      const edition = await keepEvaluation({ evaluation, recommenders, store, codeVersion, token });
      count(edition.counts);
    },
  });
  return [task];
}

/** The last day to learn from: a week before the day, in a young store the middle of its days; undefined when it has one day. */
export function splitOf(sealed: readonly BusinessDay[], day: BusinessDay): BusinessDay | undefined {
  const before = sealed.filter((one) => one < day);
  return before.at(-Math.min(evaluationDefaults.testDays, Math.ceil(before.length / 2)));
}
