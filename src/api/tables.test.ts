import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom } from '../base/index.ts';
import { createRegistry, defineTask, openSqliteState, type BatchState } from '../batch/index.ts';
import { openQueries, type Queries } from '../query/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import { roleScopes } from './roles.ts';
import type { TableDetail, TableList, TablePreview } from './table-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let root: string;
let warehouse: Warehouse;
let queries: Queries;
let state: BatchState;
let shop: TestShop;

const lines = (day: string, count: number): Promise<unknown> =>
  warehouse.write('model.lines', {
    select: `select date '${day}' as business_day, 'o' || i as order_id, 'kim' as buyer, 9007199254740993 as big
      from range(${count}) t(i)`,
    mode: 'replace-days',
    days: [day],
    columns: [
      { name: 'order_id', description: 'the order' },
      { name: 'buyer', personal: true },
    ],
    summary: { 'octavo.rule': 'v1' },
  });

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-tables-'));
  const clock = manualClock(Date.parse('2026-11-05T00:00:00Z'));
  const parts = { root, storage: fileStorage(), clock, random: seededRandom(1), calendar: createCalendar() };
  warehouse = await openWarehouse(parts);
  for (const [day, count] of [
    ['2026-11-01', 3],
    ['2026-11-02', 5],
    ['2026-11-02', 4],
  ] as const)
    await lines(day, count);
  await warehouse.write('raw.items', { select: `select 'i1' as item_id`, mode: 'replace' });
  queries = openQueries({ warehouse, engine: warehouse.engine });
  const registry = createRegistry([
    defineTask({
      name: 'model:lines',
      description: 'What was ordered',
      lineage: { reads: ['raw.orders'], makes: ['model.lines'] },
      run: () => undefined,
    }),
    defineTask({
      name: 'bestseller:daily',
      lineage: { reads: ['model.lines'], makes: ['edition:bestseller/daily'] },
      run: () => undefined,
    }),
  ]);
  state = openSqliteState({ path: ':memory:', clock });
  const batch = { state, registry, delayMs: 0, deadline: '10:00', workers: 1, limits: {} };
  shop = await openTestShop({ context: { queries, warehouse, batch } });
});
after(async () => {
  await shop.close();
  await state.close();
  await queries.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

async function ask<T>(url: string, key = shop.key): Promise<{ readonly status: number; readonly body: T }> {
  const response = await shop.server.inject({ url, headers: { authorization: `Bearer ${key}` } });
  return { status: response.statusCode, body: response.json<T>() };
}

test('every table is listed with what it is and how large', async () => {
  const { tables } = (await ask<TableList>('/v1/tables')).body;
  assert.deepEqual(
    tables.map(({ table, rows, made_by, description, personal, problem }) => [
      table,
      rows,
      made_by,
      description,
      personal,
      problem,
    ]),
    [
      ['model.lines', 7, ['model:lines'], 'What was ordered', 1, null],
      ['raw.items', 1, [], '', 0, null],
    ],
  );
  assert.deepEqual(tables[0]?.days, { count: 2, first: '2026-11-01', last: '2026-11-02' });
  assert.equal(tables[1]?.days, null);
  assert.ok((tables[0]?.bytes ?? 0) > 0);
});

test('a table tells its columns, days, snapshots, files and lineage', async () => {
  const { body } = await ask<TableDetail>('/v1/tables/model.lines');
  assert.deepEqual(
    body.schema.map(({ column, type, documentation, personal }) => [column, type, documentation, personal]),
    [
      ['business_day', 'date', '', false],
      ['order_id', 'string', 'the order', false],
      ['buyer', 'string', '', true],
      ['big', 'long', '', false],
    ],
  );
  assert.deepEqual(
    body.by_day.map(({ business_day, rows, files }) => [business_day, rows, files]),
    [
      ['2026-11-02', 4, 1],
      ['2026-11-01', 3, 1],
    ],
  );
  assert.deepEqual(
    body.history.map(({ added_rows, removed_rows, rows, current }) => [
      added_rows,
      removed_rows,
      rows,
      current,
    ]),
    [
      [4, 5, 7, true],
      [5, 0, 8, false],
      [3, 0, 3, false],
    ],
  );
  assert.deepEqual(body.history[0]?.summary, { 'octavo.rule': 'v1' });
  assert.deepEqual([body.partition_by, body.largest_files.length], ['business_day', 2]);
  assert.deepEqual(
    body.lineage.map(({ name, from, tasks }) => [name, from, tasks]),
    [
      ['raw.orders', [], []],
      ['model.lines', ['raw.orders'], ['model:lines']],
      ['edition:bestseller/daily', ['model.lines'], ['bestseller:daily']],
    ],
  );
});

test('a preview is of the newest day and shows nothing personal, to anybody', async () => {
  const { body } = await ask<TablePreview>('/v1/tables/model.lines/preview?limit=2');
  assert.equal(body.business_day, '2026-11-02');
  assert.deepEqual(
    body.columns.map(({ name, hidden }) => [name, hidden]),
    [
      ['business_day', false],
      ['order_id', false],
      ['buyer', true],
      ['big', false],
    ],
  );
  assert.equal(body.rows.length, 2);
  assert.deepEqual([body.rows[0]?.[2], body.rows[0]?.[3]], [null, '9007199254740993']);
  const first = await ask<TablePreview>('/v1/tables/model.lines/preview?day=2026-11-01');
  assert.deepEqual([first.body.business_day, first.body.rows.length], ['2026-11-01', 3]);
  assert.equal((await ask<TablePreview>('/v1/tables/raw.items/preview')).body.business_day, null);
});

test('what is unknown is named, and roles without tables see none', async () => {
  const unknown = await ask<{ code: string; detail: string }>('/v1/tables/model.line');
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'table_not_found']);
  assert.match(unknown.body.detail, /model\.lines/);
  assert.equal((await ask('/v1/tables/lines;drop')).status, 400);
  assert.equal((await ask('/v1/tables/model.lines/preview?day=2026-02-31')).status, 400);
  assert.equal((await ask('/v1/tables/model.lines/preview?limit=5000')).status, 400);
  const { key } = shop.keys.create('viewer', roleScopes.viewer);
  assert.deepEqual((await ask<{ code: string }>('/v1/tables', key)).body.code, 'scope_missing');
});
