import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { createCalendar, type BusinessDay, type Random } from '../base/index.ts';
import type { Refund, SaleLine } from './brute-force.ts';
import type { SalesWarehouse } from './warehouse.ts';

/** A small shop's sales. */
export interface Shop {
  readonly lines: readonly SaleLine[];
  readonly refunds: readonly Refund[];
  /** Category and parent. */
  readonly categories: readonly (readonly [string, string | null])[];
  /** Leaf category of each title. */
  readonly leaves: ReadonlyMap<string, string | null>;
}

export const shopDays: readonly BusinessDay[] = createCalendar().range('2026-10-28', '2026-11-08');

/** Random sales with ties, repeats, refunds, free copies, rentals, staff and lines without a buyer. */
export function randomShop(random: Random, lineCount: number): Shop {
  const categories = Array.from({ length: 6 }, (_, index) => {
    const parent = index === 0 ? null : `c${random.below(index)}`;
    return [`c${index}`, parent] as const;
  });
  const leaves = new Map(
    Array.from({ length: 12 }, (_, i) => [`t${i}`, i === 11 ? null : `c${random.below(6)}`] as const),
  );
  const lines = Array.from({ length: lineCount }, (_, index): SaleLine => {
    const day = random.pick(shopDays);
    const staff = random.next() < 0.1;
    return {
      business_day: day,
      line_id: `l${index}`,
      order_id: `o${Math.floor(index / 2)}`,
      buyer_id: random.next() < 0.1 ? null : `b${random.below(8)}`,
      item_id: `t${Math.min(random.below(12), random.below(12))}`,
      kind: random.next() < 0.15 ? 'rental' : 'purchase',
      copies: 1 + random.below(3) * random.below(2),
      paid: random.next() < 0.15 ? 0 : 9000,
      sold_at: `${day}T${String(10 + random.below(8))}:00:00.000Z`,
      countable: !staff,
      not_counted_reason: staff ? 'staff' : null,
    };
  });
  const refunds = lines
    .filter(() => random.next() < 0.25)
    .map((line) => ({
      business_day: random.pick(shopDays.filter((day) => day >= line.business_day)),
      line_id: line.line_id,
      copies: 1 + random.below(line.copies),
    }));
  return { lines, refunds, categories, leaves };
}

/** The category and everything above it, for every title. */
export function memberships(shop: Shop): ReadonlyMap<string, ReadonlySet<string>> {
  const parents = new Map(shop.categories);
  const members = new Map<string, Set<string>>();
  for (const [item, leaf] of shop.leaves) {
    for (let at: string | null | undefined = leaf; typeof at === 'string'; at = parents.get(at)) {
      members.set(at, (members.get(at) ?? new Set()).add(item));
    }
  }
  return members;
}

/** The shop's tables in a DuckDB in memory, behind the part of the warehouse that lists use. */
export async function openShop(
  shop: Shop,
  sealed: readonly BusinessDay[] = shopDays,
): Promise<ShopWarehouse> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await fill(connection, shop);
  const query = async (sql: string) => {
    const result = await connection.runAndReadAll(sql);
    const columns = result.columnNames().map((name) => ({ name, type: '' }));
    return { columns, rows: result.getRowObjectsJS() as never, truncated: false, pins };
  };
  const run = async (sql: string): Promise<void> => {
    await connection.run(sql);
  };
  const pins = Object.fromEntries(tables.map((table) => [`model.${table}`, 7n]));
  return {
    calendar: createCalendar(),
    pin: async () => pins,
    sealedDays: async () => sealed,
    table: async () => undefined,
    query,
    prepare: async () => pins,
    engine: {
      session: async (use) => {
        const result = await use({ run, query } as never);
        await run(
          ['live', 'lines'].map((view) => `drop view if exists ${view};`).join(' ') +
            ['refunded', 'placed_days', 'placed', 'places', 'counts']
              .map((table) => `drop table if exists ${table};`)
              .join(' '),
        );
        return result;
      },
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export type ShopWarehouse = SalesWarehouse & { close(): Promise<void> };

const tables = ['sale_lines', 'sale_refunds', 'titles', 'title_categories', 'categories'];

async function fill(connection: DuckDBConnection, shop: Shop): Promise<void> {
  await connection.run(`create schema model;
    create table model.sale_lines (business_day date, line_id varchar, order_id varchar, buyer_id varchar, item_id varchar,
      kind varchar, copies int, paid decimal(18,2), sold_at timestamptz, countable boolean, not_counted_reason varchar);
    create table model.sale_refunds (business_day date, line_id varchar, copies int);
    create table model.titles (item_id varchar, title varchar, title_en varchar, author varchar, list_price decimal(18,2));
    create table model.title_categories (item_id varchar, category_id varchar);
    create table model.categories (category_id varchar, parent_id varchar)`);
  const members = [...memberships(shop)].flatMap(([category, items]) =>
    [...items].map((item) => [item, category]),
  );
  await insert(
    connection,
    'sale_lines',
    shop.lines.map((line) => Object.values(line)),
  );
  await insert(
    connection,
    'sale_refunds',
    shop.refunds.map((refund) => Object.values(refund)),
  );
  await insert(
    connection,
    'titles',
    [...shop.leaves.keys()].map((item) => [item, `제목 ${item}`, `Title ${item}`, 'Kim', 9000]),
  );
  await insert(connection, 'title_categories', members);
  await insert(
    connection,
    'categories',
    shop.categories.map((category) => [...category]),
  );
}

async function insert(
  connection: DuckDBConnection,
  table: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const value = (one: unknown): string => (one === null ? 'null' : `'${String(one)}'`);
  await connection.run(
    `insert into model.${table} values ${rows.map((row) => `(${row.map(value).join(',')})`).join(',')}`,
  );
}
