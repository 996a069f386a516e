import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { openDatabase, transaction } from '../base/index.ts';

/** Rows of one table, in the order of its columns. */
export type ShopRows = readonly (readonly SQLInputValue[])[];

/** What one business day adds to the shop's database, by table. */
export type ShopDay = Readonly<Partial<Record<ShopTable, ShopRows>>>;

const tables = {
  categories: 'category_id text primary key, parent_id text, name_ko text not null, name_en text not null',
  publishers: 'publisher_id text primary key, name_ko text not null, name_en text not null',
  authors: 'author_id text primary key, name_ko text not null, name_en text not null',
  series: 'series_id text primary key, title_ko text not null, title_en text not null',
  items:
    'item_id text primary key, title text not null, title_en text, author_id text, publisher_id text, series_id text, volume integer, category_id text, language text, list_price integer not null, released_on text, is_free integer not null, is_adult integer not null',
  readers:
    'reader_id text primary key, signed_up_at text not null, birth_year integer, gender text, marketing_consent integer not null, kind text not null',
  orders:
    'order_id integer primary key, reader_id text not null, ordered_at text not null, device text, campaign text, currency text not null, paid_total integer not null',
  order_lines:
    'line_id integer primary key, order_id integer not null, item_id text not null, kind text not null, copies integer not null, list_price integer not null, paid integer not null, promotion_id text, ordered_at text not null, reader_id text not null',
  refunds:
    'refund_id integer primary key, line_id integer not null, copies integer not null, amount integer not null, refunded_at text not null, reason text',
  ratings:
    'rating_id integer primary key, reader_id text not null, item_id text not null, rating integer not null, review text, rated_at text not null',
  simulated_days:
    'day text primary key, first_day text not null, seed integer not null, scale real not null, counts text not null',
} as const;

/** A table of the shop's database; `simulated_days` remembers what the simulator wrote. */
export type ShopTable = keyof typeof tables;

/** The highest ids that are taken. */
export interface ShopIds {
  readonly order: number;
  readonly line: number;
  readonly refund: number;
  readonly rating: number;
}

/** The bookstore's own database, as the simulator writes it. Instants are TEXT `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface ShopDatabase {
  /** Adds rows to many tables in one transaction; rows that are there by their key are left as they are. */
  write(rows: ShopDay): void;
  ids(): ShopIds;
  /** When the newest order was placed; undefined without one. */
  newestOrderAt(): string | undefined;
  /** The days that were written, oldest first. */
  days(): readonly {
    readonly day: string;
    readonly firstDay: string;
    readonly seed: number;
    readonly scale: number;
  }[];
  /** Number of rows of a table. */
  size(table: ShopTable): number;
  close(): void;
}

/** Opens the database and makes its tables when they are missing. @param path - file path, or `:memory:` */
export function openShopDatabase(path: string): ShopDatabase {
  const database = openDatabase({
    path,
    migrations: Object.entries(tables).map(
      ([name, columns]) => `create table if not exists ${name} (${columns})`,
    ),
  });
  database.exec('pragma synchronous = normal; pragma foreign_keys = off');
  const highest = (table: string, column: string): number =>
    Number(database.prepare(`select coalesce(max(${column}), 0) as n from ${table}`).get()?.n);
  return {
    write: (rows) => transaction(database, () => insertAll(database, rows)),
    ids: () => ({
      order: highest('orders', 'order_id'),
      line: highest('order_lines', 'line_id'),
      refund: highest('refunds', 'refund_id'),
      rating: highest('ratings', 'rating_id'),
    }),
    newestOrderAt: () => {
      const at = database.prepare('select max(ordered_at) as at from orders').get()?.at;
      return typeof at === 'string' ? at : undefined;
    },
    days: () =>
      database
        .prepare('select day, first_day as firstDay, seed, scale from simulated_days order by day')
        .all()
        .map((row) => ({
          day: String(row.day),
          firstDay: String(row.firstDay),
          seed: Number(row.seed),
          scale: Number(row.scale),
        })),
    size: (table) => Number(database.prepare(`select count(*) as n from ${table}`).get()?.n),
    close: () => database.close(),
  };
}

function insertAll(database: DatabaseSync, day: ShopDay): void {
  for (const [table, rows] of Object.entries(day)) {
    const width = rows[0]?.length ?? 0;
    if (width === 0) continue;
    const statement = database.prepare(
      `insert or ignore into ${table} values (${Array(width).fill('?').join(',')})`,
    );
    for (const row of rows) statement.run(...row);
  }
}
