import { buildLog, type InteractionColumns, type InteractionLog } from './interactions.ts';
import { buildSeriesIndex, type SeriesIndex, type SeriesPlace } from './series.ts';

/** Titles as they are read: one position of every column is one title. */
export interface TitleColumns {
  readonly item: readonly (string | null)[];
  readonly title: readonly (string | null)[];
  /** English titles, where the table has them. */
  readonly titleEn?: readonly (string | null)[];
  readonly author: readonly (string | null)[];
  /** Authors' names in Latin letters, where the table has them. */
  readonly authorEn?: readonly (string | null)[];
  readonly series: readonly (string | null)[];
  /** Below 0: the title has no volume number. */
  readonly volume: ArrayLike<number>;
  /** 1: may be recommended. */
  readonly allowed: ArrayLike<number>;
}

/** What is shown of a title. */
export interface TitleNames {
  readonly title: string;
  readonly title_en?: string;
  readonly author: string | null;
  readonly author_en?: string;
}

/** Everything that decides which titles are recommended. */
export interface ModelData {
  readonly log: InteractionLog;
  /** 1 for an item that may be recommended. */
  readonly allowed: Uint8Array;
  readonly series: SeriesIndex;
}

/** The same with the names of the titles. */
export interface RecommendData extends ModelData {
  readonly titles: ReadonlyMap<string, TitleNames>;
}

/** Joins interactions and titles; an item that is not among the titles is not allowed. */
export function assembleData(
  interactions: InteractionColumns,
  titles: TitleColumns,
  exclude: readonly string[] = [],
): RecommendData {
  return withTitles(logOf(interactions, titles), titles, exclude);
}

/** The log of the interactions, with a number for every volume of a series. */
export function logOf(interactions: InteractionColumns, titles: TitleColumns): InteractionLog {
  const inSeries = titles.item.filter((id, at): id is string => id !== null && titles.series[at] !== null);
  return buildLog(interactions, inSeries);
}

/** What the titles say of the items of a log. */
export function withTitles(
  log: InteractionLog,
  titles: TitleColumns,
  exclude: readonly string[] = [],
): RecommendData {
  const numbers = new Map(log.items.map((id, number) => [id, number]));
  const excluded = new Set(exclude);
  const allowed = new Uint8Array(log.items.length);
  const places: SeriesPlace[] = [];
  const names = new Map<string, TitleNames>();
  titles.item.forEach((id, at) => {
    const item = id === null ? undefined : numbers.get(id);
    if (id === null || item === undefined) return;
    allowed[item] = titles.allowed[at] === 1 && !excluded.has(id) ? 1 : 0;
    const [english, authorEnglish] = [titles.titleEn?.[at], titles.authorEn?.[at]];
    names.set(id, {
      title: titles.title[at] ?? id,
      ...(typeof english === 'string' ? { title_en: english } : {}),
      author: titles.author[at] ?? null,
      ...(typeof authorEnglish === 'string' ? { author_en: authorEnglish } : {}),
    });
    const [series, volume] = [titles.series[at] ?? null, titles.volume[at] ?? -1];
    if (series !== null && volume >= 0) places.push({ item, series, volume });
  });
  return { log, allowed, series: buildSeriesIndex(log.items.length, places), titles: names };
}
