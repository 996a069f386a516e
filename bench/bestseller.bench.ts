import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCalendar, manualClock, seededRandom } from '../src/base/index.ts';
import {
  parseList,
  publishList,
  windowOf,
  type BestsellerList,
  type SalesWarehouse,
} from '../src/bestseller/index.ts';
import { flag, option, report } from './report.ts';
import { openSqliteStore } from '../src/serving/index.ts';
import { createDuckdbEngine, type DuckdbEngine } from '../src/warehouse/index.ts';

/** How large the shop is. */
export interface BestsellerBenchOptions {
  /** Default 1,000,000. */
  readonly salesPerDay?: number;
  /** Default 500,000. */
  readonly titles?: number;
  /** Default 28. */
  readonly days?: number;
  /** Default 500. */
  readonly categories?: number;
  /** Folder of generated sales to make once and use again; default a new one that is removed afterwards. */
  readonly directory?: string;
}

/** One benchmark's figure beside its floor from the same run and its goal. */
export interface BestsellerBenchResult {
  readonly name: string;
  /** Seconds from sealed input to every list published. */
  readonly figure: number;
  /** Seconds that plain DuckDB needs to count the same buyers of the same files, without categories, reasons or publication. */
  readonly floor: number;
  readonly ratio: number;
  readonly goal: number;
  readonly unit: 'seconds';
  readonly details: Readonly<Record<string, number>>;
}

/** The bestseller morning: every list family of one day, counted, checked and published. */
export async function run(options: BestsellerBenchOptions = {}): Promise<BestsellerBenchResult> {
  const { directory = mkdtempSync(join(tmpdir(), 'octavo-bench-')) } = options;
  const engine = createDuckdbEngine({
    memory: '2GB',
    threads: 2,
    scratch: join(directory, 'scratch'),
    directories: [directory],
  });
  const store = openSqliteStore({
    path: join(directory, `serving-${process.pid}.db`),
    clock: manualClock(0),
    random: seededRandom(1),
  });
  try {
    const shop = {
      salesPerDay: 1_000_000,
      titles: 500_000,
      days: 28,
      categories: 500,
      ...options,
      directory,
    };
    const days = createCalendar().range(createCalendar().addDays(lastDay, 1 - shop.days), lastDay);
    if (!existsSync(join(directory, 'categories.parquet'))) await generate(engine, directory, shop, days);
    const warehouse = openWarehouse(engine, directory, days);
    const details: Record<string, number> = {};
    let figure = 0;
    for (const list of lists) {
      const startMs = performance.now();
      const edition = await publishList({
        list,
        day: lastDay,
        warehouse,
        store,
        token: 1,
        codeVersion: 'bench',
      });
      details[`${list.id}_seconds`] = (performance.now() - startMs) / 1000;
      details[`${list.id}_counted`] = edition.counts['counted'] ?? 0;
      figure += details[`${list.id}_seconds`] ?? 0;
    }
    const floor = await measureFloor(warehouse);
    return {
      name: 'bestseller morning',
      figure,
      floor,
      ratio: figure / floor,
      goal: 30,
      unit: 'seconds',
      details,
    };
  } finally {
    await Promise.all([engine.close(), store.close()]);
    if (options.directory === undefined) rmSync(directory, { recursive: true });
    else
      for (const ending of ['', '-wal', '-shm'])
        rmSync(join(directory, `serving-${process.pid}.db${ending}`), { force: true });
  }
}

const lastDay = '2026-11-02';

const lists: readonly BestsellerList[] = [
  ['daily', '{ days: 1 }'],
  ['weekly', '{ days: 7 }'],
  ['monthly', '{ days: 30 }'],
].map(([family, window]) =>
  parseList(
    `id: ${family}\ntitle: { ko: ${family}, en: ${family} }\nfamily: ${family}\nwindow: ${window}\n`,
    `${family}.yaml`,
  ),
);

const tables = ['sale_lines', 'sale_refunds', 'titles', 'title_categories', 'categories'];

/** Seeded by hashes of the row number: popular titles, 2 % refunds, 5 % free, 3 % rentals, 1 % staff. */
async function generate(
  engine: DuckdbEngine,
  directory: string,
  shop: Required<BestsellerBenchOptions>,
  days: readonly string[],
): Promise<void> {
  await engine.session(async (session) => {
    const copy = (name: string, select: string): Promise<unknown> =>
      session.run(
        `copy (${select}) to '${join(directory, name)}.parquet' (format parquet, compression zstd)`,
      );
    for (const [index, day] of days.entries()) {
      const first = index * shop.salesPerDay;
      await copy(
        `sale_lines-${day}`,
        `select date '${day}' as business_day, 'l' || n as line_id, 'o' || (n // 2) as order_id,
         'r' || (hash(n) % ${Math.max(10, shop.salesPerDay)}) as buyer_id,
         'i' || cast(floor(pow((hash(n + 1000000007) % 1000003) / 1000003.0, 3) * ${shop.titles}) as bigint) as item_id,
         case when n % 33 = 0 then 'rental' else 'purchase' end as kind, 1::int as copies, 9000::decimal(18,2) as list_price,
         (case when n % 20 = 0 then 0 else 9000 end)::decimal(18,2) as paid,
         timestamptz '${day} 00:00:00+00' + to_seconds(n % 86400) as sold_at, n % 100 <> 7 as countable,
         case when n % 100 = 7 then 'staff' end as not_counted_reason
         from range(${first}, ${first + shop.salesPerDay}) as r(n)`,
      );
      await copy(
        `sale_refunds-${day}`,
        `select date '${day}' as business_day, 'l' || (n * 50) as line_id, 1::int as copies
         from range(${Math.ceil(first / 50)}, ${Math.ceil((first + shop.salesPerDay) / 50)}) as r(n)`,
      );
    }
    await copy(
      'titles',
      `select 'i' || n as item_id, '제목 ' || n as title, 'Title ' || n as title_en, 'Author ' || (n % 40000) as author,
       9000::decimal(18,2) as list_price from range(${shop.titles}) as r(n)`,
    );
    const roots = Math.max(1, Math.floor(shop.categories / 10));
    await copy(
      'title_categories',
      `select 'i' || n as item_id, unnest(['c' || (${roots} + hash(n) % ${Math.max(1, shop.categories - roots)}),
       'c' || (hash(n) % ${Math.max(1, shop.categories - roots)} % ${roots})]) as category_id from range(${shop.titles}) as r(n)`,
    );
    await copy(
      'categories',
      `select 'c' || n as category_id, null::varchar as parent_id from range(${shop.categories}) as r(n)`,
    );
  });
}

/** The generated files as the tables that lists read. */
function openWarehouse(engine: DuckdbEngine, directory: string, days: readonly string[]): SalesWarehouse {
  const pins = Object.fromEntries(tables.map((table) => [`model.${table}`, 1n]));
  const setup = [
    'create schema if not exists model',
    ...tables.map(
      (table) =>
        `create or replace view model.${table} as select * from read_parquet('${join(directory, table)}*.parquet')`,
    ),
  ].map((statement) => statement.replace(`${join(directory, 'titles')}*`, join(directory, 'titles')));
  return {
    calendar: createCalendar(),
    pin: async () => pins,
    sealedDays: async () => days,
    table: async () => undefined,
    engine,
    prepare: async (session) => {
      for (const statement of setup) await session.run(statement);
      return pins;
    },
    query: async (sql, options) => ({ ...(await engine.query(sql, { ...options, setup })), pins }),
  };
}

/** Distinct buyers of every title over the longest window. */
async function measureFloor(warehouse: SalesWarehouse): Promise<number> {
  const window = windowOf(warehouse.calendar, { days: 30 }, lastDay);
  const startMs = performance.now();
  await warehouse.query(
    `select item_id, count(distinct buyer_id) as count from model.sale_lines
     where business_day >= date '${window.from}' and kind = 'purchase' and countable and paid > 0
     group by item_id order by count desc, item_id limit 100`,
  );
  return (performance.now() - startMs) / 1000;
}

if (import.meta.main) {
  const directory = option('directory');
  const small = { salesPerDay: 50_000, titles: 50_000, days: 10, categories: 100 };
  const { figure, floor, unit, goal, details } = await run({
    ...(flag('small') ? small : {}),
    ...(directory === undefined ? {} : { directory }),
  });
  report('bestseller: one morning, every list family', [
    {
      what: 'sealed input to published',
      value: figure,
      unit,
      goal: { atMost: goal },
      floor: { what: 'DuckDB counts the same buyers once', value: floor },
    },
    ...Object.entries(details).map(([what, value]) => {
      return {
        what: what.replace(/_seconds$/, ''),
        value,
        unit: what.endsWith('_seconds') ? unit : 'counted',
      };
    }),
  ]);
}
