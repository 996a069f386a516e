import type { NeighbourRows } from './algorithm/one-hop.ts';
import { historyOf, type ReaderHistory } from './interactions.ts';
import type { ModelData } from './data.ts';
import { buildKernel, buildLists, type WorkOptions } from './model.ts';
import type { Recommender } from './recommender.ts';
import type { PersonalLists } from './score.ts';

/** What one recommender made of its data for one day. */
export interface Recommended {
  readonly history: ReaderHistory;
  /** Absent for popularity. */
  readonly kernel?: NeighbourRows;
  /** Absent for item-to-item. */
  readonly lists?: PersonalLists;
}

/**
 * Runs the algorithm on the interactions up to the day number. Item-to-item also makes lists when `listed` asks for
 * them, for evaluation.
 */
export async function recommend(
  data: ModelData,
  recommender: Recommender,
  day: number,
  work: WorkOptions & { readonly listed?: boolean },
): Promise<Recommended> {
  const { algorithm, parameters, interactions } = recommender;
  const history = historyOf(data.log, interactions, day - interactions.historyDays + 1, day);
  const parameter = (name: string, otherwise: number): number => parameters[name] ?? otherwise;
  const kernel =
    algorithm === 'popularity'
      ? undefined
      : await buildKernel(
          history,
          {
            readerDamping: parameter('readerDamping', 0.9),
            popularityDamping: parameter('popularityDamping', 0.3),
            neighbours: parameter('neighbours', 100),
            supportMin: parameter('supportMin', 1),
            secondHop: parameter('secondHop', 0),
            normalised: algorithm === 'graph-filter',
          },
          work,
        );
  if (algorithm === 'item-to-item' && work.listed !== true) return { history, kernel: kernel! };
  const lists = await buildLists(
    history,
    kernel,
    {
      size: recommender.size,
      allowed: data.allowed,
      series: data.series,
      nextVolumeWeight: parameter('nextVolumeWeight', 0),
      day,
      windowDays: parameter('windowDays', 28),
    },
    work,
  );
  return { history, lists, ...(kernel === undefined ? {} : { kernel }) };
}
