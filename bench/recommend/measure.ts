import { seededRandom } from '../../src/base/index.ts';
import {
  assembleData,
  defineRecommender,
  evaluateData,
  recommend,
  type EvaluationRow,
} from '../../src/recommend/index.ts';
import { type PlantedSize, plantShop } from './planted.ts';

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
export async function measureRecommend(
  size: PlantedSize,
  threads: number,
  nowMs: () => number,
): Promise<Measurement> {
  const shop = plantShop(size, seededRandom(11));
  const started = nowMs();
  const data = assembleData(shop.interactions, shop.titlesOn(size.days));
  const prepared = nowMs();
  const graph = defineRecommender({ name: 'graph', size: 100 });
  const parameters = { windowDays: size.days };
  const popularity = defineRecommender({
    name: 'popularity',
    algorithm: 'popularity',
    size: 100,
    parameters,
  });
  await recommend(data, graph, size.days - 1, { threads });
  const scored = nowMs();
  await recommend(data, popularity, size.days - 1, { threads });
  const floored = nowMs();
  const dayOf = (day: number): string => Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString();
  const split = Math.floor(size.days * 0.8) - 1;
  const { rows } = await evaluateData(assembleData(shop.interactions, shop.titlesOn(split)), {
    recommenders: [graph, cosine(), popularity],
    trainTo: dayOf(split),
    testTo: dayOf(size.days),
    threads,
  });
  const seconds = (from: number, to: number): number => (to - from) / 1000;
  return {
    interactions: data.log.reader.length,
    prepareSeconds: seconds(started, prepared),
    graphSeconds: seconds(prepared, scored),
    floorSeconds: seconds(scored, floored),
    rows,
  };
}

function cosine(): ReturnType<typeof defineRecommender> {
  return defineRecommender({
    name: 'cosine',
    algorithm: 'item-to-item',
    parameters: { readerDamping: 0, popularityDamping: 0.5, neighbours: 100, supportMin: 1 },
  });
}
