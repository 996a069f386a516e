import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Parts of the example that repeat what others of it do. */
const leftOut = [
  'lists/free.yaml',
  'lists/monthly.yaml',
  'lists/rental.yaml',
  'models/list_effect.sql',
  'models/searches.sql',
  'recommenders/personal.ts',
  'tasks',
];

/** Makes the shop in a folder. */
export async function makeShop(
  folder: string,
  request: { readonly until: BusinessDay; readonly days: number; readonly scale: number },
): Promise<TestShop> {
  const project = join(folder, 'project');
  const database = join(folder, 'shop.db');
  await mkdir(folder, { recursive: true });
  await cp(bookstore, project, { recursive: true });
  for (const path of leftOut) await rm(join(project, path), { recursive: true });
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
