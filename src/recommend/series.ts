import { sharedInt32 } from './sparse.ts';

/** The series that items belong to, as numbers. */
export interface SeriesIndex {
  readonly seriesCount: number;
  /** Series of an item, -1 for none. */
  readonly seriesOf: Int32Array;
  /** Place of an item's volume among the distinct volumes of its series, from 0. */
  readonly placeOf: Int32Array;
  /** `seriesCount + 1` offsets into `members`. */
  readonly starts: Int32Array;
  /** Items of a series by volume, equal volumes by number. */
  readonly members: Int32Array;
}

/** Where a title stands in its series. */
export interface SeriesPlace {
  readonly item: number;
  readonly series: string;
  readonly volume: number;
}

/** Sorts series and volumes; titles without a series or volume have none. */
export function buildSeriesIndex(itemCount: number, places: readonly SeriesPlace[]): SeriesIndex {
  const names = [...new Set(places.map((place) => place.series))].sort((a, b) => (a < b ? -1 : 1));
  const numbers = new Map(names.map((name, number) => [name, number]));
  const sorted = places
    .map((place) => ({ ...place, number: numbers.get(place.series)! }))
    .sort((a, b) => a.number - b.number || a.volume - b.volume || a.item - b.item);
  const seriesOf = sharedInt32(itemCount).fill(-1);
  const placeOf = sharedInt32(itemCount);
  const starts = sharedInt32(names.length + 1);
  const members = sharedInt32(sorted.length);
  sorted.forEach(({ item, number, volume }, index) => {
    const before = sorted[index - 1];
    const sameSeries = before?.number === number;
    seriesOf[item] = number;
    placeOf[item] = sameSeries ? placeOf[before.item]! + (before.volume === volume ? 0 : 1) : 0;
    starts[number + 1] = index + 1;
    members[index] = item;
  });
  return { seriesCount: names.length, seriesOf, placeOf, starts, members };
}

/** The first allowed item at this place of the series, or -1: a volume is never skipped. */
export function volumeAt(index: SeriesIndex, series: number, place: number, allowed: Uint8Array): number {
  for (let at = index.starts[series]!; at < index.starts[series + 1]!; at++) {
    const item = index.members[at]!;
    if (index.placeOf[item] === place && allowed[item] === 1) return item;
  }
  return -1;
}
