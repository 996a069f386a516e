import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createCalendar,
  fileStorage,
  manualClock,
  seededRandom,
  silentLogger,
  type BusinessDay,
} from '../base/index.ts';
import type { Task } from '../batch/index.ts';
import { openSqliteStore } from '../serving/index.ts';
import { openWarehouse, sealedPrefix, type Warehouse } from '../warehouse/index.ts';
import { publishList } from './compute.ts';
import { titleLines } from './explain.ts';
import { parseList } from './list.ts';
import { bestsellerTasks } from './tasks.ts';

const list = parseList(
  'id: daily\ntitle: { ko: 일간, en: Daily }\nfamily: daily\nfilter: "list_price > 0"\n',
  'lists/daily.yaml',
);
const [first, second] = ['2026-11-02', '2026-11-03'] as const;

test('the daily task publishes from Iceberg tables, is done, and is not when a day is built again', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bestseller-'));
  const [clock, random] = [manualClock(Date.parse('2026-11-04T00:00:00Z')), seededRandom(1)];
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random,
    calendar: createCalendar(),
    memory: '300MB',
    processesMax: 1,
  });
  const store = openSqliteStore({ path: join(root, 'serving.db'), clock, random });
  try {
    await fillTables(warehouse);
    const [task] = bestsellerTasks({ lists: [list], warehouse, store, codeVersion: 'test' });
    assert.ok(task);
    assert.deepEqual(task.needs({ day: first })[0], { task: 'model:sale_lines', parameters: { day: first } });
    const week = parseList(
      'id: weekly\ntitle: { ko: 주간, en: Weekly }\nfamily: weekly\n',
      'lists/weekly.yaml',
    );
    const [weekly] = bestsellerTasks({ lists: [week], warehouse, store, codeVersion: 'test' });
    const needed = weekly?.needs({ day: second }).filter(({ task: name }) => name === 'model:sale_refunds');
    assert.equal(needed?.length, 7, 'every day of the window is made first');
    assert.equal(await task.target({ day: first }).exists(), false);
    await runTask(task, first, 1);
    await runTask(task, second, 2);
    assert.equal(await task.target({ day: first }).exists(), true);

    // What the task kept of the day before and what the store says of it are the same.
    const readBack = await publishList({
      list,
      day: second,
      warehouse,
      store,
      token: 2,
      codeVersion: 'test',
    });
    assert.equal(readBack.id, (await store.current('bestseller', 'daily', second))?.id);
    assert.equal((await store.entry(readBack.id, 'all', 't1'))?.entry.body['days_on_list'], 2);

    const before = await store.current('bestseller', 'daily', first);
    assert.ok(before);
    assert.equal((await store.read(before.id, 'all', { from: 0, limit: 9 }))?.entries[0]?.body['count'], 3);
    await writeDay(warehouse, first, 5, 'rebuilt');
    assert.equal(await task.target({ day: first }).exists(), false);
    assert.equal(await task.target({ day: second }).exists(), true);
    await runTask(task, first, 3);
    const after = await store.current('bestseller', 'daily', first);
    assert.equal(after?.revision, 2);
    const old = await titleLines({ store, warehouse, list, itemId: 't1', edition: before.id });
    const now = await titleLines({ store, warehouse, list, itemId: 't1', edition: after?.id ?? '' });
    assert.deepEqual([old.length, now.length], [3, 5]);

    // A shop that begins to keep Latin names: old editions stay as they are, new ones have them.
    await writeTitles(warehouse, ", '김' as author, 'Kim' as author_en");
    await writeDay(warehouse, second, 4, 'rebuilt');
    await runTask(task, second, 4);
    const authors = await Promise.all(
      [first, second].map(async (day) => {
        const edition = await store.current('bestseller', 'daily', day);
        const found = await store.entry(edition?.id ?? '', 'all', 't1');
        return ['title_en', 'author', 'author_en'].map((name) => found?.entry.body[name]);
      }),
    );
    assert.deepEqual(authors, [
      ['Title', 'Kim', undefined],
      ['Title', '김', 'Kim'],
    ]);
  } finally {
    await warehouse.close();
    await store.close();
    await rm(root, { recursive: true });
  }
});

async function runTask(task: Task, day: BusinessDay, token: number): Promise<void> {
  await task.run({
    ref: { task: task.name, parameters: { day } },
    token,
    attempt: 1,
    signal: new AbortController().signal,
    log: silentLogger,
    progress: () => undefined,
    count: () => undefined,
  });
}

async function fillTables(warehouse: Warehouse): Promise<void> {
  const sealed = Object.fromEntries([first, second].map((day) => [`${sealedPrefix}${day}`, '1']));
  await warehouse.write('raw.events', {
    select: `select date '${first}' as business_day`,
    mode: 'append',
    properties: sealed,
    sealing: true,
  });
  for (const day of [first, second]) await writeDay(warehouse, day, 3, 'built');
  await warehouse.write('model.sale_refunds', {
    select: `select date '${first}' as business_day, 'none' as line_id, 1::int as copies`,
    mode: 'replace-days',
    days: [first],
  });
  await writeTitles(warehouse, ", 'Kim' as author");
  await warehouse.write('model.title_categories', {
    select: `select 't1' as item_id, 'c1' as category_id`,
    mode: 'replace',
  });
  await warehouse.write('model.categories', {
    select: `select 'c1' as category_id, null::varchar as parent_id`,
    mode: 'replace',
  });
}

async function writeTitles(warehouse: Warehouse, author: string): Promise<void> {
  await warehouse.write('model.titles', {
    select: `select 't1' as item_id, '제목' as title, 'Title' as title_en ${author}, 9000::decimal(18,2) as list_price`,
    mode: 'replace',
  });
}

async function writeDay(
  warehouse: Warehouse,
  day: BusinessDay,
  buyers: number,
  stamp: string,
): Promise<void> {
  await warehouse.write('model.sale_lines', {
    select: `select date '${day}' as business_day, '${day}/' || n as line_id, 'o' || n as order_id, 'b' || n as buyer_id, 't1' as item_id,
      'purchase' as kind, 1::int as copies, 9000::decimal(18,2) as list_price, 9000::decimal(18,2) as paid,
      timestamptz '${day} 12:00:00+00' as sold_at, true as countable, null::varchar as not_counted_reason from range(${buyers}) r(n)`,
    mode: 'replace-days',
    days: [day],
    properties: { [`octavo.day.${day}`]: stamp },
  });
}
