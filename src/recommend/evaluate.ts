import { type BusinessDay, seededRandom } from '../base/index.ts';
import { recommend } from './compute.ts';
import { historyOf } from './interactions.ts';
import { dayNumber, loadData, type RecommendData, type RecommendWarehouse } from './load.ts';
import { defineRecommender, type Recommender } from './recommender.ts';

/** A mean over readers with its 95 % bootstrap interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What one recommender reached. */
export interface EvaluationRow {
  readonly recommender: string;
  readonly algorithm: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly recall: Interval;
  readonly ndcg: Interval;
  readonly hitRate: number;
  /** Share of the allowed titles with interactions that stand on any list. */
  readonly coverage: number;
  /** Share of the hits that continue a series the reader has begun. */
  readonly continuation: number;
}

/** An offline evaluation by a global time split. */
export interface Evaluation {
  readonly k: number;
  readonly trainTo: BusinessDay;
  readonly testTo: BusinessDay;
  /** Readers with history before the split and a new title after it. */
  readonly readers: number;
  readonly rows: readonly EvaluationRow[];
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

const resamples = 500;

/** Reads the interactions and evaluates all recommenders side by side, with a popularity baseline. */
export async function evaluate(options: EvaluateOptions & { readonly warehouse: RecommendWarehouse }): Promise<Evaluation> {
  const rows: Evaluation[] = [];
  for (const recommender of withBaseline(options.recommenders)) {
    const data = await loadData(options.warehouse, recommender, options.testTo, options.signal);
    rows.push(await evaluateData(data, { ...options, recommenders: [recommender] }));
  }
  return { ...rows[0]!, rows: rows.flatMap((evaluation) => evaluation.rows) };
}

/**
 * Trains on the days to `trainTo` and tests on the days after it, on the full catalogue (no sampled candidates) and with what the reader
 * has left out. Recall is hits by new titles of the reader; nDCG has binary gains (Jarvelin and Kekalainen, 2002).
 */
export async function evaluateData(data: Pick<RecommendData, 'log' | 'allowed' | 'series'>, options: EvaluateOptions): Promise<Evaluation> {
  const { trainTo, testTo, k = 20, threads = 2, signal } = options;
  const split = dayNumber(trainTo);
  const rows: EvaluationRow[] = [];
  let readers = 0;
  for (const declared of options.recommenders) {
    const recommender = { ...declared, size: k };
    const work = { threads, listed: true, ...(signal === undefined ? {} : { signal }) };
    const { history, lists } = await recommend(data, recommender, split, work);
    const future = historyOf(data.log, recommender.interactions, split + 1, dayNumber(testTo)).signal;
    const scores = { recall: [] as number[], ndcg: [] as number[] };
    const shown = new Set<number>();
    let [hits, continued, hitReaders] = [0, 0, 0];
    for (let reader = 0; reader < data.log.readers.length; reader++) {
      const past = new Set(history.known.columns.subarray(history.known.starts[reader], history.known.starts[reader + 1]));
      const wanted = new Set(future.columns.subarray(future.starts[reader], future.starts[reader + 1]).filter((item) => !past.has(item)));
      if (past.size === 0 || wanted.size === 0) continue;
      let [found, gain, ideal] = [0, 0, 0];
      for (let position = 0; position < lists!.counts[reader]!; position++) {
        const slot = reader * lists!.width + position;
        shown.add(lists!.items[slot]!);
        if (!wanted.has(lists!.items[slot]!)) continue;
        found++;
        gain += 1 / Math.log2(position + 2);
        if (lists!.reasons[slot] === 1) continued++;
      }
      for (let position = 0; position < Math.min(k, wanted.size); position++) ideal += 1 / Math.log2(position + 2);
      scores.recall.push(found / wanted.size);
      scores.ndcg.push(gain / ideal);
      hits += found;
      if (found > 0) hitReaders++;
    }
    readers = scores.recall.length;
    const candidates = new Set(history.signal.columns.filter((item) => data.allowed[item] === 1)).size;
    rows.push({
      recommender: declared.name,
      algorithm: declared.algorithm,
      parameters: declared.parameters,
      recall: bootstrap(scores.recall),
      ndcg: bootstrap(scores.ndcg),
      hitRate: readers === 0 ? 0 : hitReaders / readers,
      coverage: candidates === 0 ? 0 : shown.size / candidates,
      continuation: hits === 0 ? 0 : continued / hits,
    });
  }
  return { k, trainTo, testTo, readers, rows };
}

/** The evaluation as a table for people. */
export function printEvaluation(evaluation: Evaluation): string {
  const { k, trainTo, testTo, readers, rows } = evaluation;
  const header = ['recommender', `recall@${k}`, '95 %', `nDCG@${k}`, '95 %', 'hit rate', 'coverage', 'series share'];
  const number = (value: number): string => value.toFixed(4);
  const range = (interval: Interval): string => `${number(interval.low)}-${number(interval.high)}`;
  const cells = rows.map((row) => [
    row.recommender, number(row.recall.mean), range(row.recall), number(row.ndcg.mean), range(row.ndcg),
    number(row.hitRate), number(row.coverage), number(row.continuation),
  ]);
  const widths = header.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd();
  const about = `Trained to ${trainTo}, tested on ${readers} readers from the day after to ${testTo}. Nothing was tuned on the test days.`;
  return [about, '', line(header), ...cells.map(line)].join('\n');
}

function withBaseline(recommenders: readonly Recommender[]): readonly Recommender[] {
  if (recommenders.some(({ algorithm }) => algorithm === 'popularity')) return recommenders;
  const first = recommenders[0];
  const baseline = defineRecommender({ name: 'popularity', algorithm: 'popularity' });
  return [...recommenders, first === undefined ? baseline : { ...first, ...{ name: baseline.name, algorithm: baseline.algorithm, parameters: baseline.parameters } }];
}

function bootstrap(values: readonly number[]): Interval {
  if (values.length === 0) return { mean: 0, low: 0, high: 0 };
  const random = seededRandom('bootstrap');
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw++) sum += values[random.below(values.length)]!;
    return sum / values.length;
  }).sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, low: means[Math.floor(resamples * 0.025)]!, high: means[Math.ceil(resamples * 0.975) - 1]! };
}
