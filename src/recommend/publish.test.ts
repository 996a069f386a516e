import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom, silentLogger } from '../base/index.ts';
import { openSqliteStore, type ServingStore } from '../serving/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import { evaluate } from './evaluate.ts';
import { evaluationTasks } from './evaluation-task.ts';
import { readEvaluation } from './kept-evaluation.ts';
import { printEvaluation } from './evaluation-table.ts';
import { readerPart, titlesPart } from './parts.ts';
import { publishRecommender } from './publish.ts';
import { defineRecommender } from './recommender.ts';
import { recommendTasks } from './tasks.ts';

interface Shop {
  readonly warehouse: Warehouse;
  readonly store: ServingStore;
}

async function withShop(work: (shop: Shop) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-recommend-'));
  const [clock, random] = [manualClock(Date.parse('2026-11-05T00:00:00Z')), seededRandom(1)];
  const calendar = createCalendar();
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random,
    calendar,
    memory: '300MB',
    processesMax: 1,
  });
  const store = openSqliteStore({ path: ':memory:', clock, random });
  try {
    await writeTitles(warehouse, 'first');
    for (const day of ['2026-11-01', '2026-11-02']) await writeDay(warehouse, day, 'first');
    await work({ warehouse, store });
  } finally {
    await store.close();
    await warehouse.close();
    await rm(root, { recursive: true });
  }
}

/** Title 4 is released on 2 November. */
async function writeTitles(warehouse: Warehouse, build: string): Promise<void> {
  await warehouse.write('model.titles', {
    mode: 'replace',
    select: `select 'i' || i as item_id, 'Title ' || i as title, '가' as author, 'Ga' as author_en, cast(null as varchar) as series_id,
      cast(null as int) as volume, case when i = 4 then date '2026-11-02' end as released_on, i = 3 as is_adult
      from range(6) t(i)`,
    properties: { 'octavo.built': build },
  });
}

async function writeDay(warehouse: Warehouse, day: string, build: string): Promise<void> {
  await warehouse.write('model.interactions', {
    mode: 'replace-days',
    days: [day],
    select: `select date '${day}' as business_day, 'r' || (i // 3) as reader_id,
      'i' || ((i * i + i // 4) % 6) as item_id, 'purchase' as kind, cast(1 as double) as value,
      timestamptz '${day} 12:00:00+00' as happened_at from range(30) t(i) where i % 2 = ${Number(day.at(-1)) - 1}`,
    properties: { [`octavo.day.${day}`]: build },
  });
}

const recommender = defineRecommender({ name: 'for-you', titles: { where: 'not is_adult' } });

test('a recommender reads the warehouse and publishes an edition with its inputs; again it is the same edition', () =>
  withShop(async ({ warehouse, store }) => {
    const publish = () =>
      publishRecommender({
        recommender,
        day: '2026-11-02',
        warehouse,
        store,
        token: 1,
        codeVersion: 'test',
        threads: 0,
      });
    const edition = await publish();
    assert.deepEqual(Object.keys(edition.inputs).toSorted(), [
      'built:model.titles',
      'days:model.interactions',
      'model.interactions',
      'model.titles',
    ]);
    assert.equal((await publish()).id, edition.id);
    const list = await store.read(edition.id, readerPart('r1'), { from: 0, limit: 10 });
    assert.ok(list !== undefined && list.total > 0 && list.entries.every(({ key }) => key !== 'i3'));
    const title = await store.entry(edition.id, titlesPart, list.entries[0]?.key ?? '');
    assert.match(String(title?.entry.body['title']), /^Title \d$/);
    assert.deepEqual([title?.entry.body['author'], title?.entry.body['author_en']], ['가', 'Ga']);
  }));

test('an evaluation leaves out what was released after the split, and says what it used', () =>
  withShop(async ({ warehouse }) => {
    const other = defineRecommender({ name: 'cosine', algorithm: 'item-to-item' });
    const split = { trainTo: '2026-11-01', testTo: '2026-11-02', k: 3, threads: 0 };
    const evaluation = await evaluate({ recommenders: [recommender, other], warehouse, ...split });
    assert.deepEqual(
      evaluation.rows.map((row) => [row.recommender, row.difference?.baseline]),
      [
        ['for-you', 'popularity'],
        ['popularity', undefined],
        ['cosine', 'popularity'],
        ['popularity', undefined],
      ],
    );
    assert.deepEqual(evaluation.interactions, { train: 15, test: 15 });
    assert.ok(evaluation.rows.every(({ unreachable }) => unreachable > 0));
    assert.match(printEvaluation(evaluation), /from 15 interactions to 2026-11-01;[^]*for-you[^]*popularity/);
  }));

test('the evaluation of the newest day is kept, and none of an earlier one', () =>
  withShop(async ({ warehouse, store }) => {
    const newest = (): string => '2026-11-02';
    const [task] = evaluationTasks({
      recommenders: [recommender],
      warehouse: {
        calendar: warehouse.calendar,
        table: (name) => warehouse.table(name),
        pin: (name) => warehouse.pin(name),
        queryColumns: (sql, options) => warehouse.queryColumns(sql, options),
        sealedDays: async () => ['2026-11-01', '2026-11-02'],
      },
      store,
      codeVersion: 'test',
      threads: 0,
      newest,
    });
    const run = async (day: string): Promise<void> =>
      task!.run({
        ref: { task: task!.name, parameters: { day } },
        token: 1,
        attempt: 1,
        signal: new AbortController().signal,
        log: silentLogger,
        progress: () => undefined,
        count: () => undefined,
      });
    await run('2026-11-01');
    assert.equal(await readEvaluation(store), undefined);
    assert.deepEqual(task!.needs({ day: '2026-11-01' }), []);
    await run('2026-11-02');
    const kept = await readEvaluation(store);
    assert.deepEqual([kept?.evaluation.trainTo, kept?.evaluation.testTo], ['2026-11-01', '2026-11-02']);
    assert.deepEqual(
      kept?.evaluation.rows.map((row) => row.recommender),
      ['for-you', 'popularity'],
    );
  }));

test('an edition is made anew when a day of its history was, and the newest one also for new titles', () =>
  withShop(async ({ warehouse, store }) => {
    const tasks = recommendTasks({ recommenders: [recommender], warehouse, store, codeVersion: 'test' });
    const done = async (day: string): Promise<boolean> => tasks[0]!.target({ day }).exists();
    const publish = async (day: string): Promise<unknown> =>
      publishRecommender({ recommender, day, warehouse, store, token: 1, codeVersion: 'test', threads: 0 });
    assert.equal(await done('2026-11-02'), false);
    for (const day of ['2026-11-01', '2026-11-02']) await publish(day);
    assert.deepEqual([await done('2026-11-01'), await done('2026-11-02')], [true, true]);
    await writeTitles(warehouse, 'second');
    assert.deepEqual([await done('2026-11-01'), await done('2026-11-02')], [true, false]);
    await publish('2026-11-02');
    await writeDay(warehouse, '2026-11-02', 'second');
    assert.deepEqual([await done('2026-11-01'), await done('2026-11-02')], [true, false]);
    await publish('2026-11-02');
    await writeDay(warehouse, '2026-11-01', 'second');
    const targets = ['2026-11-01', '2026-11-02'].map((day) => tasks[0]!.target({ day }));
    assert.equal((await targets[0]!.group!.existing(targets)).size, 0);
  }));
