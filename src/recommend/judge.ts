import { recommend } from './compute.ts';
import type { ModelData } from './data.ts';
import { historyOf } from './interactions.ts';
import type { WorkOptions } from './model.ts';
import type { Recommender } from './recommender.ts';
import type { PersonalLists } from './score.ts';
import type { SparseMatrix } from './sparse.ts';

/** Day numbers of a global time split. */
export interface Split {
  /** The last day that is learned from. */
  readonly trainTo: number;
  /** The last day that is judged by. */
  readonly testTo: number;
}

/** What the lists of one recommender reached, reader by reader. */
export interface Judgement {
  readonly recommender: Recommender;
  /** Numbers of the judged readers, ascending; the other columns follow them. */
  readonly readers: readonly number[];
  readonly recall: readonly number[];
  readonly ndcg: readonly number[];
  /** Share of the judged readers with a hit. */
  readonly hitRate: number;
  /** Share of the allowed titles with interactions that stand on a judged list. */
  readonly coverage: number;
  /** Share of the hits that continue a series the reader has begun. */
  readonly continuation: number;
  /** Share of what the readers took that could not be recommended: not released, or not for this list. */
  readonly unreachable: number;
}

/**
 * Learns from the days to `trainTo` and judges the lists of `k` by what each reader newly took on the days after: on the full
 * catalogue, without sampled candidates (Krichene and Rendle, "On Sampled Metrics for Item Recommendation", KDD 2020).
 * nDCG has binary gains (Jarvelin and Kekalainen, ACM TOIS 2002). Titles that are not allowed count neither as hit nor as miss.
 */
export async function judge(
  data: ModelData,
  declared: Recommender,
  { trainTo, testTo }: Split,
  { k, ...work }: WorkOptions & { readonly k: number },
): Promise<Judgement> {
  const recommender = { ...declared, size: k };
  const { history, lists } = await recommend(data, recommender, trainTo, { ...work, listed: true });
  const future = historyOf(data.log, recommender.interactions, trainTo + 1, testTo).signal;
  const made = { readers: [] as number[], recall: [] as number[], ndcg: [] as number[] };
  const shown = new Set<number>();
  let [hits, continued, hitReaders, taken, reachable] = [0, 0, 0, 0, 0];
  for (let reader = 0; reader < data.log.readers.length; reader++) {
    const past = new Set(rowOf(history.known, reader));
    const fresh = rowOf(future, reader).filter((item) => !past.has(item));
    const wanted = new Set(fresh.filter((item) => data.allowed[item] === 1));
    if (past.size === 0) continue;
    taken += fresh.length;
    reachable += wanted.size;
    if (wanted.size === 0) continue;
    const found = judgeList(lists!, reader, wanted, shown);
    made.readers.push(reader);
    made.recall.push(found.hits / wanted.size);
    made.ndcg.push(found.gain / idealGain(Math.min(k, wanted.size)));
    hits += found.hits;
    continued += found.continued;
    if (found.hits > 0) hitReaders++;
  }
  const candidates = new Set(history.signal.columns.filter((item) => data.allowed[item] === 1)).size;
  return {
    recommender: declared,
    ...made,
    hitRate: share(hitReaders, made.readers.length),
    coverage: share(shown.size, candidates),
    continuation: share(continued, hits),
    unreachable: share(taken - reachable, taken),
  };
}

function judgeList(
  lists: PersonalLists,
  reader: number,
  wanted: ReadonlySet<number>,
  shown: Set<number>,
): { readonly hits: number; readonly gain: number; readonly continued: number } {
  let [hits, gain, continued] = [0, 0, 0];
  for (let position = 0; position < lists.counts[reader]!; position++) {
    const slot = reader * lists.width + position;
    shown.add(lists.items[slot]!);
    if (!wanted.has(lists.items[slot]!)) continue;
    hits++;
    gain += 1 / Math.log2(position + 2);
    if (lists.reasons[slot] === 1) continued++;
  }
  return { hits, gain, continued };
}

function idealGain(length: number): number {
  let gain = 0;
  for (let position = 0; position < length; position++) gain += 1 / Math.log2(position + 2);
  return gain;
}

function rowOf(matrix: SparseMatrix, row: number): Int32Array {
  return matrix.columns.subarray(matrix.starts[row], matrix.starts[row + 1]);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
