import { type BusinessDay, OctavoError } from '../base/index.ts';
import type { Warehouse } from '../warehouse/index.ts';
import { buildLog, type InteractionLog } from './interactions.ts';
import type { Recommender } from './recommender.ts';
import { buildSeriesIndex, type SeriesIndex, type SeriesPlace } from './series.ts';

/** What recommenders need of the warehouse. */
export type RecommendWarehouse = Pick<Warehouse, 'calendar' | 'pin' | 'queryColumns'>;

/** Everything that a recommender works on. */
export interface RecommendData {
  readonly log: InteractionLog;
  /** 1 for an item that may be recommended. */
  readonly allowed: Uint8Array;
  readonly series: SeriesIndex;
  readonly titles: ReadonlyMap<string, { readonly title: string; readonly author: string | null }>;
  /** Snapshot ids of the tables that were read, as text. */
  readonly inputs: Readonly<Record<string, string>>;
}

const interactionsMax = 30_000_000;
const titlesMax = 5_000_000;

/** Days from 1970-01-01. */
export function dayNumber(day: BusinessDay): number {
  return Temporal.PlainDate.from('1970-01-01').until(Temporal.PlainDate.from(day), { largestUnit: 'day' }).days;
}

/**
 * Reads interactions up to the day and the titles, all from pinned snapshots. A title may be recommended when it is in the table of
 * titles, meets the recommender's condition, is released and not excluded.
 */
export async function loadData(
  warehouse: RecommendWarehouse,
  recommender: Recommender,
  day: BusinessDay,
  signal?: AbortSignal,
): Promise<RecommendData> {
  const { interactions, titles } = recommender;
  const pins = await warehouse.pin([interactions.table, titles.table]);
  const read = (sql: string, parameters: Record<string, string>, rowsMax: number) =>
    warehouse.queryColumns(sql, { pins, parameters, rowsMax, ...(signal === undefined ? {} : { signal }) });
  const from = warehouse.calendar.addDays(day, 1 - interactions.historyDays);
  const events = await read(
    `select cast(reader_id as varchar) as reader, cast(item_id as varchar) as item, cast(kind as varchar) as kind,
       coalesce(cast(value as double), 0.0) as value, cast(datediff('day', date '1970-01-01', business_day) as double) as day,
       coalesce(cast(epoch_ms(happened_at) as double), 0.0) as at
     from ${interactions.table} where business_day between cast($from as date) and cast($day as date)`,
    { from, day },
    interactionsMax,
  );
  if (events.rowCount >= interactionsMax) throw new OctavoError('interactions_too_many', `${interactions.table} from ${from} to ${day}, at most ${interactionsMax}`);
  const catalogue = await read(
    `select cast(item_id as varchar) as item, cast(title as varchar) as title, cast(author as varchar) as author,
       cast(series_id as varchar) as series, coalesce(cast(volume as double), -1.0) as volume,
       case when (${titles.where}) and (released_on is null or released_on <= cast($day as date)) then cast(1 as double) else cast(0 as double) end as allowed
     from ${titles.table} order by item`,
    { day },
    titlesMax,
  );
  const texts = (columns: typeof events.columns, name: string): readonly (string | null)[] => columns[name] as readonly (string | null)[];
  const numbers = (columns: typeof events.columns, name: string): readonly number[] => Array.from(columns[name] as ArrayLike<number>, Number);
  const [ids, names, authors, seriesIds] = ['item', 'title', 'author', 'series'].map((name) => texts(catalogue.columns, name)) as [
    readonly (string | null)[], readonly (string | null)[], readonly (string | null)[], readonly (string | null)[]];
  const volumes = numbers(catalogue.columns, 'volume');
  const allowedTitles = numbers(catalogue.columns, 'allowed');
  const log = buildLog(
    {
      reader: texts(events.columns, 'reader'),
      item: texts(events.columns, 'item'),
      kind: texts(events.columns, 'kind'),
      value: numbers(events.columns, 'value'),
      day: numbers(events.columns, 'day'),
      at: numbers(events.columns, 'at'),
    },
    ids.filter((id, at): id is string => id !== null && seriesIds[at] != null),
  );
  const itemNumbers = new Map(log.items.map((id, number) => [id, number]));
  const allowed = new Uint8Array(log.items.length);
  const places: SeriesPlace[] = [];
  const excluded = new Set(recommender.exclude);
  const known = new Map<string, { title: string; author: string | null }>();
  ids.forEach((id, at) => {
    const item = id === null ? undefined : itemNumbers.get(id);
    if (id === null || item === undefined) return;
    allowed[item] = allowedTitles[at] === 1 && !excluded.has(id) ? 1 : 0;
    known.set(id, { title: names[at] ?? id, author: authors[at] ?? null });
    if (seriesIds[at] != null && volumes[at]! >= 0) places.push({ item, series: seriesIds[at], volume: volumes[at]! });
  });
  const inputs = Object.fromEntries(Object.entries(pins).map(([table, snapshot]) => [table, String(snapshot)]));
  return { log, allowed, series: buildSeriesIndex(log.items.length, places), titles: known, inputs };
}
