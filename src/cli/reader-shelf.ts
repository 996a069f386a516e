import type { ApiContext, Shelf } from '../api/index.ts';
import type { BusinessDay } from '../base/index.ts';
import { currentSchema } from '../warehouse/index.ts';
import type { Platform } from './platform.ts';

type Item = Shelf['items'][number];
type Row = Readonly<Record<string, unknown>>;

/** A reader's shelf from the tables that the first personal recommender reads, of as many days. */
export function readerShelf({
  warehouse,
  project,
  calendar,
  clock,
}: Pick<Platform, 'warehouse' | 'project' | 'calendar' | 'clock'>): Pick<ApiContext, 'shelf'> {
  const recommender =
    project.recommenders.find(({ algorithm }) => algorithm === 'graph-filter') ?? project.recommenders[0];
  if (recommender === undefined) return {};
  const { interactions, titles } = recommender;
  return {
    shelf: async (reader, limit) => {
      const to = (await warehouse.sealedDays()).at(-1);
      const [taken, named] = [await warehouse.table(interactions.table), await warehouse.table(titles.table)];
      if (to === undefined || taken === undefined || named === undefined) return emptyShelf();
      const from = calendar.addDays(to, 1 - interactions.historyDays);
      const columns = new Set(currentSchema(named.metadata).fields.map(({ name }) => name));
      const { rows } = await warehouse.query(
        shelfSql({ interactions: interactions.table, titles: titles.table, columns, limit }),
        { parameters: { reader, from, to }, verifyBytesMax: 0 },
      );
      const kinds = await warehouse.query(
        `select cast(kind as varchar) as kind, count(distinct item_id) as titles from ${interactions.table}
         where ${ofReader} group by kind order by kind`,
        { parameters: { reader, from, to }, verifyBytesMax: 0 },
      );
      return {
        from,
        to,
        titles: Number(rows[0]?.['titles'] ?? 0),
        kinds: Object.fromEntries(kinds.rows.map((row) => [String(row['kind']), Number(row['titles'])])),
        items: rows.map(toItem),
      };
    },
  };

  function emptyShelf(): Shelf {
    const today: BusinessDay = calendar.dayOf(clock.now());
    return { from: today, to: today, titles: 0, kinds: {}, items: [] };
  }
}

const ofReader = `business_day between cast($from as date) and cast($to as date)
  and cast(reader_id as varchar) = $reader`;

function shelfSql(of: {
  readonly interactions: string;
  readonly titles: string;
  /** Of the titles. */
  readonly columns: ReadonlySet<string>;
  readonly limit: number;
}): string {
  const optional = (name: string): string => (of.columns.has(name) ? `title.${name}` : 'null');
  return `
    select cast(own.item_id as varchar) as item_id, own.kinds, own.rating, own.last_day, own.titles,
      cast(title.title as varchar) as title, cast(${optional('title_en')} as varchar) as title_en,
      cast(title.author as varchar) as author, cast(${optional('author_en')} as varchar) as author_en
    from (
      select item_id, string_agg(distinct cast(kind as varchar), ',' order by cast(kind as varchar)) as kinds,
        max_by(value, happened_at) filter (where kind = 'rating') as rating,
        cast(max(business_day) as varchar) as last_day, max(happened_at) as last_at, count(*) over () as titles
      from ${of.interactions} where ${ofReader} group by item_id
      order by last_at desc, item_id limit ${Math.trunc(of.limit)}
    ) as own
    left join ${of.titles} as title on title.item_id = own.item_id
    order by own.last_at desc, own.item_id`;
}

function toItem(row: Row): Item {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const id = String(row['item_id']);
  return {
    item_id: id,
    title: text(row['title']) ?? id,
    title_en: text(row['title_en']),
    author: text(row['author']),
    author_en: text(row['author_en']),
    kinds: String(row['kinds']).split(','),
    rating: row['rating'] === null || row['rating'] === undefined ? null : Number(row['rating']),
    last_day: String(row['last_day']),
  };
}
