import type { Random } from '../../src/base/index.ts';
import type { InteractionColumns, TitleColumns } from '../../src/recommend/index.ts';

/** How large a planted data set is. */
export interface PlantedSize {
  readonly readers: number;
  readonly items: number;
  readonly interactions: number;
  readonly genres: number;
  readonly days: number;
}

/** A shop whose readers have tastes that an algorithm can find. */
export interface PlantedShop {
  readonly interactions: InteractionColumns;
  /** Titles as they may be recommended on a day. */
  titlesOn(day: number): TitleColumns;
}

/** Share of the reading that follows neither taste nor series. */
const noise = 0.08;
/** Share that follows what everybody reads. */
const fashion = 0.12;
/** Chance that a volume is followed by the next one of its series. */
const seriesFollowed = 0.4;

/**
 * Genres lie on a ring and readers like two to five that are near each other, so that tastes overlap; within a genre titles
 * follow Zipf's law; every fifth run of six numbers is a series, read in order; titles appear over the days, and a part of the
 * reading is fashion or noise. A reader's history has a lognormal length.
 */
export function plantShop(size: PlantedSize, random: Random): PlantedShop {
  const { items, genres, days } = size;
  const perGenre = Math.floor(items / genres);
  const released = Array.from({ length: items }, () =>
    Math.max(0, Math.floor(random.next() * days * 4) - 3 * days),
  );
  const draft = { reader: [] as string[], item: [] as string[], day: [] as number[] };
  const inGenre = (genre: number): number =>
    genre * perGenre + Math.min(perGenre - 1, Math.floor(perGenre ** random.next()) - 1);
  const anyGenre = (): number => Math.floor(genres ** random.next()) - 1;
  for (let number = 0; number < size.readers; number++) {
    const home = random.below(genres);
    const taste = Array.from({ length: 2 + random.below(4) }, () =>
      wrap(home + Math.round(3 * random.normal()), genres),
    );
    const mean = size.interactions / size.readers;
    const length = Math.max(1, Math.round(mean * Math.exp(0.8 * random.normal() - 0.32)));
    const taken = new Set<number>();
    const dates = Array.from({ length }, () => random.below(days)).sort((a, b) => a - b);
    let last = -1;
    for (const date of dates) {
      const kind = random.next();
      const follows = last >= 0 && nextVolume(last) < items && random.next() < seriesFollowed;
      const item = follows
        ? nextVolume(last)
        : kind < noise
          ? random.below(items)
          : inGenre(kind < noise + fashion ? anyGenre() : random.pick(taste));
      if (item >= items || taken.has(item) || released[item]! > date) continue;
      taken.add(item);
      last = inSeries(item) ? item : -1;
      draft.reader.push(`r${number}`);
      draft.item.push(`i${item}`);
      draft.day.push(date);
    }
  }
  const ids = Array.from({ length: items }, (_, item) => item);
  const titles = {
    item: ids.map((item) => `i${item}`),
    title: ids.map((item) => `Title ${item}`),
    author: ids.map(() => null),
    series: ids.map((item) => (inSeries(item) ? `s${Math.floor(item / 6)}` : null)),
    volume: ids.map((item) => item % 6),
  };
  return {
    interactions: {
      ...draft,
      kind: draft.reader.map(() => 'purchase'),
      value: draft.day.map(() => 1),
      at: draft.day.map((_, at) => at),
    },
    titlesOn: (day) => ({ ...titles, allowed: released.map((from) => (from <= day ? 1 : 0)) }),
  };
}

function inSeries(item: number): boolean {
  return Math.floor(item / 6) % 5 === 0;
}

function nextVolume(item: number): number {
  return item % 6 === 5 ? Infinity : item + 1;
}

function wrap(genre: number, genres: number): number {
  return ((genre % genres) + genres) % genres;
}
