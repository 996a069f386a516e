import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCalendar, type BusinessDay, type Calendar } from '../../src/base/index.ts';
import type { EventInput, StoredEvent } from '../../src/event/index.ts';
import { openShopDatabase, toInput, writeHistory } from '../../src/simulate/index.ts';

/** A small bookstore: its project, its own database, and what its readers send. */
export interface TestShop {
  readonly project: string;
  /** The shop's database, which is no part of the platform's data. */
  readonly database: string;
  readonly calendar: Calendar;
  readonly days: readonly BusinessDay[];
  /** What happened on each of the days, without the copies that a client sends twice. */
  readonly events: readonly (readonly EventInput[])[];
}

const bookstore = join(import.meta.dirname, '../../examples/bookstore');

/** Parts of the example that are taken: one of each sort, for every crash goes through all of them. */
const taken = [
  'octavo.config.ts',
  'lists/daily.yaml',
  'lists/weekly.yaml',
  ...['categories', 'titles', 'title_categories', 'sale_lines', 'sale_refunds', 'interactions'].map(
    (model) => `models/${model}.sql`,
  ),
  ...['sessions', 'daily_visitors', 'sign_ups'].map((model) => `models/${model}.sql`),
  'recommenders/popular.ts',
  'recommenders/related.ts',
];

const metrics = `metrics:
  - { name: sales, title: { ko: 매출, en: Sales }, unit: KRW, table: model.sale_lines, value: sum(paid) }
  - { name: refunds, title: { ko: 환불, en: Refunds }, unit: KRW, table: model.sale_refunds, value: sum(amount) }
  - { name: sign_ups, title: { ko: 가입, en: Sign-ups }, table: model.sign_ups, value: count(*) }
  - name: visitors
    title: { ko: 방문자, en: Visitors }
    table: model.daily_visitors
    value: count(distinct device_id)
`;

/** Makes the shop in a folder. */
export async function makeShop(
  folder: string,
  request: { readonly until: BusinessDay; readonly days: number; readonly scale: number },
): Promise<TestShop> {
  const project = join(folder, 'project');
  const database = join(folder, 'shop.db');
  await mkdir(folder, { recursive: true });
  for (const path of taken) await cp(join(bookstore, path), join(project, path));
  await mkdir(join(project, 'metrics'));
  await writeFile(join(project, 'metrics', 'small.yaml'), metrics);
  const config = await readFile(join(project, 'octavo.config.ts'), 'utf8');
  await writeFile(join(project, 'octavo.config.ts'), config.replace('.octavo/shop.db', database));
  const shop = openShopDatabase(database);
  const received = new Map<string, StoredEvent>();
  const history = writeHistory({
    ...request,
    seed: 1,
    shop,
    appendEvents: async (events) => {
      for (const event of events) received.set(event.id, event);
    },
    writeTruth: async () => undefined,
  });
  const days: BusinessDay[] = [];
  const events: (readonly EventInput[])[] = [];
  for await (const { day } of history) {
    days.push(day);
    events.push([...received.values()].map(toInput));
    received.clear();
  }
  shop.close();
  return { project, database, calendar: createCalendar(), days, events };
}
