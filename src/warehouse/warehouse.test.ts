import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, hasCode, manualClock, seededRandom } from '../base/index.ts';
import { currentSchema } from './iceberg/index.ts';
import type { Warehouse } from './warehouse-port.ts';
import { openWarehouse } from './warehouse.ts';

let root: string;
let warehouse: Warehouse;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-warehouse-'));
  warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: manualClock(Date.parse('2026-11-05T00:00:00Z')),
    random: seededRandom(1),
    calendar: createCalendar(),
    memory: '300MB',
    processesMax: 1,
  });
});

after(async () => {
  await warehouse.close();
  await rm(root, { recursive: true });
});

const sales = (day: string, copies: number): string =>
  `select date '${day}' business_day, 'b' || i as item_id, ${copies}::int copies, 9.90::decimal(18,2) paid, [{'n': i::int}] tags from range(3) r(i)`;

test('rows written by day are read back, exactly typed', async () => {
  const written = await warehouse.write('model.sales', {
    select: sales('2026-11-01', 1),
    mode: 'replace-days',
    days: ['2026-11-01'],
  });
  assert.equal(written.recordCount, 3);
  await warehouse.write('model.sales', {
    select: sales('2026-11-02', 2),
    mode: 'replace-days',
    days: ['2026-11-02'],
  });
  const result = await warehouse.query(
    'select * from model.sales where business_day = $day::date order by item_id',
    {
      parameters: { day: '2026-11-02' },
    },
  );
  assert.deepEqual(result.rows[0], {
    business_day: '2026-11-02',
    item_id: 'b0',
    copies: 2,
    paid: '9.90',
    tags: [{ n: 0 }],
  });
  assert.equal(typeof result.pins['model.sales'], 'bigint');
});

test('a pinned query sees the old rows after a replacement', async () => {
  const pins = await warehouse.pin(['model.sales', 'model.none']);
  await warehouse.write('model.sales', {
    select: sales('2026-11-01', 7),
    mode: 'replace-days',
    days: ['2026-11-01'],
  });
  const total = 'select sum(copies)::bigint n from model.sales';
  assert.equal((await warehouse.query(total)).rows[0]?.n, 27);
  assert.equal((await warehouse.query(total, { pins })).rows[0]?.n, 9);
});

test('an added column is null in older rows; a changed type is refused', async () => {
  await warehouse.write('model.sales', {
    select: `select *, 'web' as channel from (${sales('2026-11-03', 1)})`,
    mode: 'replace-days',
    days: ['2026-11-03'],
  });
  const { rows } = await warehouse.query(
    'select channel, count(*) n from model.sales group by 1 order by 1 nulls first',
  );
  assert.deepEqual(rows, [
    { channel: null, n: 6 },
    { channel: 'web', n: 3 },
  ]);
  await assert.rejects(
    warehouse.write('model.sales', {
      select: `select date '2026-11-03' business_day, 'x' as copies`,
      mode: 'append',
    }),
    (error) => hasCode(error, 'column_change_refused') && /model\.sales\.copies/.test(error.message),
  );
  const schema = currentSchema((await warehouse.table('model.sales'))?.metadata as never);
  assert.deepEqual(
    schema.fields.map((field) => field.name),
    ['business_day', 'item_id', 'copies', 'paid', 'tags', 'channel'],
  );
});

test('a day may become empty, and rows of other days are refused', async () => {
  await warehouse.write('model.sales', {
    select: `select * from (${sales('2026-11-03', 1)}) where false`,
    mode: 'replace-days',
    days: ['2026-11-03'],
  });
  const { rows } = await warehouse.query(
    `select count(*) n from model.sales where business_day = '2026-11-03'`,
  );
  assert.equal(rows[0]?.n, 0);
  await assert.rejects(
    warehouse.write('model.sales', {
      select: sales('2026-11-04', 1),
      mode: 'replace-days',
      days: ['2026-11-03'],
    }),
    (error) => hasCode(error, 'query_invalid') && /2026-11-04/.test(error.message),
  );
});

test('a table without rows has its columns, and a whole table is replaced at once', async () => {
  await warehouse.ensureTable('model.titles', [
    { name: 'item_id', type: 'string', description: 'The title.' },
    { name: 'price', type: 'decimal(18,2)' },
  ]);
  assert.deepEqual(
    (await warehouse.query('select * from model.titles')).columns.map((column) => column.type),
    ['VARCHAR', 'DECIMAL(18,2)'],
  );
  await warehouse.write('model.titles', { select: `select 'a' as item_id, 1 as price`, mode: 'replace' });
  await warehouse.write('model.titles', { select: `select 'b' as item_id, 2.5 as price`, mode: 'replace' });
  assert.deepEqual((await warehouse.query('select * from model.titles')).rows, [
    { item_id: 'b', price: '2.50' },
  ]);
});

test('an older lease cannot write after a newer one', async () => {
  const write = { select: `select 'c' as item_id`, mode: 'replace', fence: 'titles' } as const;
  await warehouse.write('model.titles', { ...write, token: 5, properties: { 'octavo.built': 'x' } });
  await assert.rejects(warehouse.write('model.titles', { ...write, token: 4 }), (error) =>
    hasCode(error, 'fenced'),
  );
  assert.equal((await warehouse.table('model.titles'))?.metadata.properties['octavo.built'], 'x');
});

test('unknown tables are named with the nearest one', async () => {
  await assert.rejects(
    warehouse.query('select * from model.sale'),
    (error) => hasCode(error, 'table_not_found') && /model\.sales/.test(error.message),
  );
  await assert.rejects(
    warehouse.query('select * from titles'),
    (error) => hasCode(error, 'table_not_found') && /'model\.titles'/.test(error.message),
  );
  await assert.rejects(warehouse.query('drop table model.titles'), (error) =>
    hasCode(error, 'query_refused'),
  );
});
