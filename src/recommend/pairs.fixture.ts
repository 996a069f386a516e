import type { Random } from '../base/index.ts';
import { assembleData, type RecommendData } from './data.ts';

/** One purchase; the day number is 1 when it is left out. */
export type Pair = readonly [reader: string, item: string, day?: number];

/** Data of a few purchases; every title is allowed, and those in series have volumes. */
export function dataOf(
  pairs: readonly Pair[],
  series: readonly (readonly [item: string, series: string, volume: number])[] = [],
): RecommendData {
  const placeOf = new Map(series.map(([item, name, volume]) => [item, { name, volume }]));
  const items = [...new Set([...pairs.map(([, item]) => item), ...placeOf.keys()])];
  return assembleData(
    {
      reader: pairs.map(([reader]) => reader),
      item: pairs.map(([, item]) => item),
      kind: pairs.map(() => 'purchase'),
      value: pairs.map(() => 1),
      day: pairs.map(([, , day]) => day ?? 1),
      at: pairs.map((_, at) => at),
    },
    {
      item: items,
      title: items.map((item) => item.toUpperCase()),
      author: items.map(() => null),
      series: items.map((item) => placeOf.get(item)?.name ?? null),
      volume: items.map((item) => placeOf.get(item)?.volume ?? -1),
      allowed: items.map(() => 1),
    },
  );
}

/** Readers who mostly take titles of one genre of forty titles, spread over 100 days. */
export function plantTastes(readers: number, genres: number, random: Random): readonly Pair[] {
  return Array.from({ length: readers }, (_, reader) => {
    const home = random.below(genres);
    return Array.from({ length: 15 }, (): Pair => {
      const genre = random.next() < 0.1 ? random.below(genres) : home;
      return [`r${reader}`, `i${40 * genre + Math.floor(40 * random.next() ** 2)}`, random.below(100)];
    });
  }).flat();
}

/** The titles on a reader's list. */
export function listOf(
  data: RecommendData,
  lists: { readonly width: number; readonly counts: Int32Array; readonly items: Int32Array },
  readerId: string,
): readonly string[] {
  const reader = data.log.readers.indexOf(readerId);
  const from = reader * lists.width;
  return Array.from(
    lists.items.subarray(from, from + lists.counts[reader]!),
    (item) => data.log.items[item]!,
  );
}
