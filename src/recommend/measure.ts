import { seededRandom } from '../base/index.ts';
import { recommend } from './compute.ts';
import { evaluateData, type EvaluationRow } from './evaluate.ts';
import { buildLog } from './interactions.ts';
import { type PlantedSize, plantInteractions } from './planted.ts';
import { defineRecommender } from './recommender.ts';
import { buildSeriesIndex } from './series.ts';

/** What a measurement on planted data gave; seconds are wall time by the given clock. */
export interface Measurement {
  readonly interactions: number;
  /** Ids to numbers, sorting, weights. */
  readonly prepareSeconds: number;
  /** Kernel and top-100 of every reader. */
  readonly graphSeconds: number;
  /** The same lists by popularity: the floor. */
  readonly floorSeconds: number;
  readonly rows: readonly EvaluationRow[];
}

/** Builds and scores on planted data, and evaluates against popularity and cosine neighbours. */
export async function measureRecommend(size: PlantedSize, threads: number, nowMs: () => number): Promise<Measurement> {
  const columns = plantInteractions(size, seededRandom(11));
  const started = nowMs();
  const log = buildLog(columns);
  const data = { log, allowed: new Uint8Array(log.items.length).fill(1), series: buildSeriesIndex(log.items.length, []) };
  const prepared = nowMs();
  const graph = defineRecommender({ name: 'graph', size: 100 });
  const popularity = defineRecommender({ name: 'popularity', algorithm: 'popularity', size: 100, parameters: { windowDays: size.days } });
  const cosine = defineRecommender({ name: 'cosine', algorithm: 'item-to-item', parameters: { readerDamping: 0, popularityDamping: 0.5, neighbours: 100, supportMin: 1 } });
  await recommend(data, graph, size.days - 1, { threads });
  const scored = nowMs();
  await recommend(data, popularity, size.days - 1, { threads });
  const floored = nowMs();
  const dayOf = (day: number): string => Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString();
  const split = { trainTo: dayOf(Math.floor(size.days * 0.8) - 1), testTo: dayOf(size.days) };
  const { rows } = await evaluateData(data, { recommenders: [graph, cosine, popularity], ...split, threads });
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  return {
    interactions: log.reader.length,
    prepareSeconds: seconds(started, prepared),
    graphSeconds: seconds(prepared, scored),
    floorSeconds: seconds(scored, floored),
    rows,
  };
}
