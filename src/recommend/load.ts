import { type BusinessDay, OctavoError } from '../base/index.ts';
import { assertBuilt, currentSchema, type Pins, type Warehouse } from '../warehouse/index.ts';
import { logOf, type RecommendData, type TitleColumns, withTitles } from './data.ts';
import type { InteractionColumns, InteractionLog } from './interactions.ts';
import type { Recommender } from './recommender.ts';

/** What recommenders need of the warehouse. */
export type RecommendWarehouse = Pick<
  Warehouse,
  'calendar' | 'pin' | 'queryColumns' | 'sealedDays' | 'table'
>;

/** Data with the snapshot ids of the tables that were read, as text. */
export interface LoadedData extends RecommendData {
  readonly inputs: Readonly<Record<string, string>>;
}

/** Which days are read. */
export interface LoadDays {
  /** The newest day of interactions. */
  readonly to: BusinessDay;
  /** Titles released later may not be recommended. */
  readonly releasedTo: BusinessDay;
}

/** Reads for several recommenders: what two of them have in common is read once, and all from the same snapshots. */
export interface DataLoader {
  load(recommender: Recommender, days: LoadDays): Promise<LoadedData>;
}

/** Days from 1970-01-01. */
export function dayNumber(day: BusinessDay): number {
  return Temporal.PlainDate.from('1970-01-01').until(Temporal.PlainDate.from(day), { largestUnit: 'day' })
    .days;
}

/** A loader that remembers what it read for as long as it is held. */
export function createDataLoader(warehouse: RecommendWarehouse, signal?: AbortSignal): DataLoader {
  const once = createOnce();
  return {
    load: async (recommender, { to, releasedTo }) => {
      const { interactions, titles } = recommender;
      const from = warehouse.calendar.addDays(to, 1 - interactions.historyDays);
      await once(`built ${interactions.table} ${from} ${to}`, () =>
        assertBuilt(warehouse, interactions.table, { from, to }),
      );
      const pins = Object.assign(
        {},
        ...(await Promise.all(
          [interactions.table, titles.table].map((table) =>
            once(`pin ${table}`, () => warehouse.pin([table])),
          ),
        )),
      ) as Pins;
      const source = { warehouse, pins, ...(signal === undefined ? {} : { signal }) };
      const events = `${interactions.table} ${from} ${to}`;
      const catalogue = `${titles.table} ${titles.where} ${releasedTo}`;
      const titleColumns = await once(catalogue, () => readTitles(source, recommender, releasedTo));
      const columns = await once(events, () => readInteractions(source, interactions.table, from, to));
      const log: InteractionLog = await once(`${events} ${titles.table}`, async () =>
        logOf(columns, titleColumns),
      );
      const inputs = Object.entries(pins).map(([table, snapshot]) => [table, String(snapshot)]);
      return {
        ...withTitles(log, titleColumns, recommender.exclude),
        inputs: Object.fromEntries(inputs) as Readonly<Record<string, string>>,
      };
    },
  };
}

interface Source {
  readonly warehouse: RecommendWarehouse;
  readonly pins: Pins;
  readonly signal?: AbortSignal;
}

async function readInteractions(
  { warehouse, ...options }: Source,
  table: string,
  from: BusinessDay,
  to: BusinessDay,
): Promise<InteractionColumns> {
  const { columns, rowCount } = await warehouse.queryColumns(
    `select cast(reader_id as varchar) as reader, cast(item_id as varchar) as item,
       cast(kind as varchar) as kind, coalesce(cast(value as double), 0.0) as value,
       cast(datediff('day', date '1970-01-01', business_day) as double) as day,
       coalesce(cast(epoch_ms(happened_at) as double), 0.0) as at
     from ${table} where business_day between cast($from as date) and cast($to as date)`,
    { ...options, parameters: { from, to }, rowsMax: interactionsMax },
  );
  if (rowCount >= interactionsMax) {
    throw new OctavoError(
      'interactions_too_many',
      `${table} from ${from} to ${to}, at most ${interactionsMax}`,
    );
  }
  return {
    reader: texts(columns['reader']),
    item: texts(columns['item']),
    kind: texts(columns['kind']),
    value: numbers(columns['value']),
    day: numbers(columns['day']),
    at: numbers(columns['at']),
  };
}

/** A title may be recommended when it meets the recommender's condition and is released. */
async function readTitles(
  { warehouse, ...options }: Source,
  { titles: { table, where } }: Recommender,
  releasedTo: BusinessDay,
): Promise<TitleColumns> {
  const known = await warehouse.table(table);
  const fields = known === undefined ? [] : currentSchema(known.metadata).fields;
  const optional = (column: string): string =>
    fields.some(({ name }) => name === column) ? `cast(${column} as varchar)` : 'cast(null as varchar)';
  const { columns } = await warehouse.queryColumns(
    `select cast(item_id as varchar) as item, cast(title as varchar) as title, ${optional('title_en')} as title_en,
       cast(author as varchar) as author, ${optional('author_en')} as author_en, cast(series_id as varchar) as series,
       coalesce(cast(volume as double), -1.0) as volume,
       case when (${where}) and (released_on is null or released_on <= cast($day as date))
         then cast(1 as double) else cast(0 as double) end as allowed
     from ${table} order by item`,
    { ...options, parameters: { day: releasedTo }, rowsMax: titlesMax },
  );
  return {
    item: texts(columns['item']),
    title: texts(columns['title']),
    titleEn: texts(columns['title_en']),
    author: texts(columns['author']),
    authorEn: texts(columns['author_en']),
    series: texts(columns['series']),
    volume: numbers(columns['volume']),
    allowed: numbers(columns['allowed']),
  };
}

function texts(column: unknown): readonly (string | null)[] {
  return Array.from(column as ArrayLike<string | null | undefined>, (text) => text ?? null);
}

function numbers(column: unknown): Float64Array {
  return Float64Array.from(column as ArrayLike<number>, Number);
}

/** Runs the work of a key the first time it is asked for. */
function createOnce(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const made = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = made.get(key) as Promise<T> | undefined;
    if (before !== undefined) return before;
    const now = work();
    made.set(key, now);
    return now;
  };
}

const interactionsMax = 30_000_000;
const titlesMax = 5_000_000;
