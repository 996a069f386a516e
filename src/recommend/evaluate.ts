import { type BusinessDay, hashJson } from '../base/index.ts';
import type { ModelData } from './data.ts';
import { type Interval, intervalOf } from './interval.ts';
import { judge, type Judgement } from './judge.ts';
import { createDataLoader, dayNumber, type RecommendWarehouse } from './load.ts';
import { defineRecommender, type Recommender } from './recommender.ts';

/** What one recommender reached. */
export interface EvaluationRow {
  readonly recommender: string;
  readonly algorithm: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Readers with history before the split and a new title after it. */
  readonly readers: number;
  readonly recall: Interval;
  readonly ndcg: Interval;
  /** Against the baseline, reader by reader (paired); absent for the baseline. */
  readonly difference?: { readonly baseline: string; readonly recall: Interval; readonly ndcg: Interval };
  readonly hitRate: number;
  /** Share of the allowed titles with interactions that stand on any list. */
  readonly coverage: number;
  /** Share of the hits that continue a series the reader has begun. */
  readonly continuation: number;
  /** Share of what the readers took after the split that was not yet released, or is not for this list. */
  readonly unreachable: number;
}

/** An offline evaluation by a global time split. */
export interface Evaluation {
  readonly k: number;
  readonly trainTo: BusinessDay;
  readonly testTo: BusinessDay;
  /** The most readers that a row was judged by. */
  readonly readers: number;
  /** Interactions that were read, before and after the split. */
  readonly interactions: { readonly train: number; readonly test: number };
  readonly rows: readonly EvaluationRow[];
}

/** An evaluation with the snapshot ids of the tables that it read, as text. */
export interface Measured extends Evaluation {
  readonly inputs: Readonly<Record<string, string>>;
}

/** What an evaluation needs besides its data. */
export interface EvaluateOptions {
  readonly recommenders: readonly Recommender[];
  /** Last day of training. */
  readonly trainTo: BusinessDay;
  /** Last day of the test. */
  readonly testTo: BusinessDay;
  /** Default 20. */
  readonly k?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the warehouse and evaluates all recommenders side by side. Those that read and judge alike share their data and
 * their baseline: the first popularity recommender among them, or one that is added.
 */
export async function evaluate(
  options: EvaluateOptions & { readonly warehouse: RecommendWarehouse },
): Promise<Measured> {
  const loader = createDataLoader(options.warehouse, options.signal);
  const days = { to: options.testTo, releasedTo: options.trainTo };
  const groups = Map.groupBy(options.recommenders, ({ interactions, titles, exclude }) =>
    hashJson({ interactions, titles, exclude }),
  );
  if (groups.size === 0) groups.set('', [defineRecommender(popularity)]);
  const made: Evaluation[] = [];
  const inputs: Record<string, string> = {};
  for (const recommenders of groups.values()) {
    const data = await loader.load(recommenders[0]!, days);
    Object.assign(inputs, data.inputs);
    made.push(await evaluateData(data, { ...options, recommenders }));
  }
  const largest = made.reduce((most, one) => (one.readers > most.readers ? one : most));
  return { ...largest, rows: made.flatMap((evaluation) => evaluation.rows), inputs };
}

/** Evaluates recommenders and their baseline on data in memory. `data.allowed` must be what was allowed on `trainTo`. */
export async function evaluateData(data: ModelData, options: EvaluateOptions): Promise<Evaluation> {
  const { trainTo, testTo, k = 20, threads = 2, signal } = options;
  const split = { trainTo: dayNumber(trainTo), testTo: dayNumber(testTo) };
  const work = { k, threads, ...(signal === undefined ? {} : { signal }) };
  const judgements: Judgement[] = [];
  for (const recommender of withBaseline(options.recommenders)) {
    judgements.push(await judge(data, recommender, split, work));
  }
  const baseline = judgements.find(({ recommender }) => recommender.algorithm === 'popularity')!;
  const { day } = data.log;
  return {
    k,
    trainTo,
    testTo,
    readers: Math.max(...judgements.map(({ readers }) => readers.length)),
    interactions: {
      train: day.filter((one) => one <= split.trainTo).length,
      test: day.filter((one) => one > split.trainTo && one <= split.testTo).length,
    },
    rows: judgements.map((judgement) => rowOf(judgement, baseline)),
  };
}

/** The interval of what one judgement is ahead of another by, over the readers that both have. */
export function differenceOf(
  judgement: Judgement,
  other: Judgement,
): { readonly recall: Interval; readonly ndcg: Interval } {
  const placeOf = new Map(other.readers.map((reader, place) => [reader, place]));
  const differences = (column: 'recall' | 'ndcg'): readonly number[] =>
    judgement.readers.flatMap((reader, place) => {
      const otherPlace = placeOf.get(reader);
      return otherPlace === undefined ? [] : [judgement[column][place]! - other[column][otherPlace]!];
    });
  return { recall: intervalOf(differences('recall')), ndcg: intervalOf(differences('ndcg')) };
}

function rowOf(judgement: Judgement, baseline: Judgement): EvaluationRow {
  const { recommender, readers, recall, ndcg, hitRate, coverage, continuation, unreachable } = judgement;
  const difference = { baseline: baseline.recommender.name, ...differenceOf(judgement, baseline) };
  return {
    recommender: recommender.name,
    algorithm: recommender.algorithm,
    parameters: recommender.parameters,
    readers: readers.length,
    recall: intervalOf(recall),
    ndcg: intervalOf(ndcg),
    ...(judgement === baseline ? {} : { difference }),
    hitRate,
    coverage,
    continuation,
    unreachable,
  };
}

const popularity = { name: 'popularity', algorithm: 'popularity' } as const;

function withBaseline(recommenders: readonly Recommender[]): readonly Recommender[] {
  if (recommenders.some(({ algorithm }) => algorithm === 'popularity')) return recommenders;
  const { name, algorithm, parameters } = defineRecommender(popularity);
  const [first] = recommenders;
  return first === undefined ? [] : [...recommenders, { ...first, name, algorithm, parameters }];
}
