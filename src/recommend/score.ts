import type { NeighbourRows } from './algorithm/one-hop.ts';
import { type SeriesIndex, volumeAt } from './series.ts';
import { type SparseMatrix, sharedFloat32, sharedInt32 } from './sparse.ts';
import { createTopList } from './top-list.ts';

/** Why a title is on a list; its number in `PersonalLists.reasons` is the place here. */
export const reasons = ['similar_to', 'next_in_series', 'popular'] as const;
export type Reason = (typeof reasons)[number];

/** What lists are scored from. */
export interface ScoreInput {
  readonly known: SparseMatrix;
  readonly signal: SparseMatrix;
  readonly kernel: NeighbourRows;
  /** 1 for an item that may be recommended. */
  readonly allowed: Uint8Array;
  readonly series: SeriesIndex;
  /** Weight of the edge from a volume that a reader has to the next one. */
  readonly nextVolumeWeight: number;
  /** Items that fill short lists, best first. */
  readonly popular: Int32Array;
}

/** A list of bounded width for every reader, best first. */
export interface PersonalLists {
  readonly width: number;
  readonly counts: Int32Array;
  readonly items: Int32Array;
  readonly scores: Float32Array;
  readonly reasons: Int32Array;
  /**
   * Two items of the history for every entry, -1 for none: the volume before, or the two titles with the largest
   * shares in the score, of different series.
   */
  readonly causes: Int32Array;
}

/** Empty lists over shared memory. */
export function emptyLists(readerCount: number, width: number): PersonalLists {
  const length = readerCount * width;
  return {
    width,
    counts: sharedInt32(readerCount),
    items: sharedInt32(length),
    scores: sharedFloat32(length),
    reasons: sharedInt32(length),
    causes: sharedInt32(2 * length),
  };
}

/**
 * Fills the lists of readers `from` to `to`: the sum of the kernel's rows over the history, without known items. Of a series only
 * the volume after the highest known one is a candidate, with the best score of the series' unknown volumes.
 */
export function fillLists(input: ScoreInput, lists: PersonalLists, from: number, to: number): void {
  const { known, signal, kernel, allowed, series, popular } = input;
  const itemCount = known.columnCount;
  const sums = new Float64Array(itemCount);
  const touched = new Int32Array(itemCount);
  const isKnown = new Uint8Array(itemCount);
  const slotOf = new Int32Array(itemCount);
  const top = createTopList(lists.width);
  for (let reader = from; reader < to; reader++) {
    const [first, end] = [signal.starts[reader]!, signal.starts[reader + 1]!];
    const lastPlace = new Map<number, number>();
    for (let at = known.starts[reader]!; at < known.starts[reader + 1]!; at++) {
      const item = known.columns[at]!;
      isKnown[item] = 1;
      const number = series.seriesOf[item]!;
      if (number >= 0) lastPlace.set(number, Math.max(lastPlace.get(number) ?? -1, series.placeOf[item]!));
    }
    const eligible = (number: number): number =>
      volumeAt(series, number, (lastPlace.get(number) ?? -1) + 1, allowed);
    let touchedCount = 0;
    for (let at = first; at < end; at++) {
      const item = signal.columns[at]!;
      const value = signal.values[at]!;
      for (let slot = item * kernel.width, last = slot + kernel.counts[item]!; slot < last; slot++) {
        const target = kernel.targets[slot]!;
        if (sums[target] === 0) touched[touchedCount++] = target;
        sums[target]! += value * kernel.weights[slot]!;
      }
    }
    /** Best score of a series and the volume it came from. */
    const ofSeries = new Map<number, { score: number; source: number; cause: number }>();
    for (let index = 0; index < touchedCount; index++) {
      const target = touched[index]!;
      const score = sums[target]!;
      sums[target] = 0;
      if (isKnown[target] === 1) continue;
      const number = series.seriesOf[target]!;
      if (number < 0) {
        if (allowed[target] === 1) top.offer(target, score);
      } else {
        const best = ofSeries.get(number);
        if (best === undefined || score > best.score || (score === best.score && target < best.source)) {
          ofSeries.set(number, { score, source: target, cause: -1 });
        }
      }
    }
    for (let at = first; at < end; at++) {
      const item = signal.columns[at]!;
      const number = series.seriesOf[item]!;
      if (number < 0 || series.placeOf[item]! !== lastPlace.get(number)) continue;
      const best = ofSeries.get(number) ?? { score: 0, source: -1, cause: -1 };
      if (best.cause === -1)
        ofSeries.set(number, {
          ...best,
          score: best.score + input.nextVolumeWeight * signal.values[at]!,
          cause: item,
        });
    }
    const sources = new Map<number, { readonly source: number; readonly cause: number }>();
    for (const [number, best] of ofSeries) {
      const item = eligible(number);
      if (item < 0 || isKnown[item] === 1 || !(best.score > 0)) continue;
      sources.set(item, best);
      top.offer(item, best.score);
    }
    const base = reader * lists.width;
    let count = top.drain(lists.items, lists.scores, base);
    for (let slot = base; slot < base + count; slot++) {
      const item = lists.items[slot]!;
      const source = sources.get(item);
      const previous = source?.cause ?? -1;
      lists.reasons[slot] = previous >= 0 ? 1 : 0;
      lists.causes[2 * slot] = previous;
      lists.causes[2 * slot + 1] = -1;
      const evidence = source?.source ?? item;
      // The volume before is the whole reason: titles that are like some volume of the series would only confuse.
      if (evidence >= 0 && previous < 0) slotOf[evidence] = slot - base + 1;
    }
    findCauses(input, lists, base, slotOf, first, end);
    for (let slot = base; slot < base + count; slot++) {
      const item = lists.items[slot]!;
      slotOf[Math.max(0, sources.get(item)?.source ?? item)] = 0;
    }
    const taken = new Set(lists.items.subarray(base, base + count));
    for (let index = 0; index < popular.length && count < lists.width; index++) {
      const item = popular[index]!;
      if (isKnown[item] === 1 || allowed[item] !== 1 || taken.has(item)) continue;
      if (series.seriesOf[item]! >= 0 && eligible(series.seriesOf[item]!) !== item) continue;
      const slot = base + count++;
      lists.items[slot] = item;
      lists.reasons[slot] = 2;
      lists.causes[2 * slot] = -1;
      lists.causes[2 * slot + 1] = -1;
    }
    lists.counts[reader] = count;
    for (let at = known.starts[reader]!; at < known.starts[reader + 1]!; at++)
      isKnown[known.columns[at]!] = 0;
  }
}

/**
 * The titles of the history with the largest share in each score that has no cause yet: one, and a second one of another series
 * when it says about as much.
 */
function findCauses(
  input: ScoreInput,
  lists: PersonalLists,
  base: number,
  slotOf: Int32Array,
  first: number,
  end: number,
): void {
  const { signal, kernel, series } = input;
  const best = new Float64Array(2 * lists.width);
  const seriesOf = (item: number): number => (item < 0 ? -1 : series.seriesOf[item]!);
  for (let at = first; at < end; at++) {
    const item = signal.columns[at]!;
    const own = seriesOf(item);
    for (let edge = item * kernel.width, last = edge + kernel.counts[item]!; edge < last; edge++) {
      const slot = slotOf[kernel.targets[edge]!]! - 1;
      if (slot < 0) continue;
      const share = signal.values[at]! * kernel.weights[edge]!;
      const causes = 2 * (base + slot);
      const sameAsFirst = own >= 0 && own === seriesOf(lists.causes[causes]!);
      if (share > best[2 * slot]!) {
        if (!sameAsFirst) {
          best[2 * slot + 1] = best[2 * slot]!;
          lists.causes[causes + 1] = lists.causes[causes]!;
        }
        best[2 * slot] = share;
        lists.causes[causes] = item;
      } else if (!sameAsFirst && share > best[2 * slot + 1]!) {
        best[2 * slot + 1] = share;
        lists.causes[causes + 1] = item;
      }
    }
  }
  for (let slot = 0; slot < lists.width; slot++)
    if (best[2 * slot + 1]! < secondShareMin * best[2 * slot]!) lists.causes[2 * (base + slot) + 1] = -1;
}

/** A second title is named when its share is at least this part of the first one's. */
const secondShareMin = 0.5;
