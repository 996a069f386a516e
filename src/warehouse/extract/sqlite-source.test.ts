import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { hasCode } from '../../base/index.ts';
import { setProperties } from '../iceberg/index.ts';
import { personalColumns } from '../personal.ts';
import { sealedPrefix } from '../warehouse-port.ts';
import { openExtractWorld, type ExtractWorld } from './extract-world.fixture.ts';

let world: ExtractWorld;
before(async () => {
  world = await openExtractWorld();
  await world.warehouse.ensureTable('raw.events', [
    { name: 'event_id', type: 'UUID' },
    { name: 'business_day', type: 'DATE' },
  ]);
});
after(() => world.close());

/** Runs statements in the shop's own database. */
function shop(name: string, ...statements: readonly string[]): void {
  const database = new DatabaseSync(join(world.folder, `${name}.db`));
  for (const statement of statements) database.exec(statement);
  database.close();
}

const source = (name: string, tables: Readonly<Record<string, object>>) => ({
  [name]: { type: 'sqlite', path: join(world.folder, `${name}.db`), tables },
});

test('a whole table is replaced by what it is now; its types and personal columns are kept', async () => {
  shop(
    'whole',
    'create table readers (reader_id text primary key, born integer, height real, credit decimal(10,2), note, born_at date)',
    `insert into readers values ('r1', 9007199254740993, 1.5, 12.30, 'line
break', '2026-01-01'), ('김', -1, null, 0.1, null, null)`,
  );
  const readers = source('whole', { readers: { personal: ['born'] } });
  assert.equal((await world.extract(readers))['rows'], 2);
  assert.deepEqual(await world.rows('select * from raw.whole_readers order by reader_id'), [
    {
      reader_id: 'r1',
      born: 9007199254740993n,
      height: 1.5,
      credit: '12.30',
      note: 'line\nbreak',
      born_at: '2026-01-01',
    },
    { reader_id: '김', born: -1, height: null, credit: '0.10', note: null, born_at: null },
  ]);
  const table = await world.warehouse.table('raw.whole_readers');
  assert.ok(table !== undefined && personalColumns(table).includes('born'));
  shop('whole', `delete from readers where reader_id = 'r1'`, 'alter table readers add column since text');
  assert.equal((await world.extract(readers))['rows'], 1);
  assert.deepEqual(await world.rows('select reader_id, since from raw.whole_readers'), [
    { reader_id: '김', since: null },
  ]);
  shop('whole', 'delete from readers');
  assert.equal((await world.extract(readers))['rows'], 0);
  assert.deepEqual(await world.rows('select count(*) as n from raw.whole_readers'), [{ n: 0 }]);
});

test('only what is beyond the cursor is read, whatever the cursor’s type, and nothing twice', async () => {
  for (const [type, ids] of [
    ['integer', ['9', '10', '11', '9007199254740993']],
    ['text', ['000009', '000010', '000100', '1']],
    ['real', ['9.5', '10.25', '11', '12.75']],
  ] as const) {
    const name = `grows_${type}`;
    const value = (id: string): string => (type === 'text' ? `'${id}'` : id);
    shop(name, `create table orders (id ${type}, note text)`);
    const orders = source(name, { orders: { mode: 'incremental', cursor: 'id' } });
    assert.equal((await world.extract(orders))['added'], 0);
    shop(name, `insert into orders values (${value(ids[1])}, 'b'), (${value(ids[0])}, 'a')`);
    assert.equal((await world.extract(orders))['added'], 2, type);
    assert.equal((await world.extract(orders))['added'], 0, type);
    shop(name, `insert into orders values (${value(ids[3])}, 'd'), (${value(ids[2])}, 'c')`);
    assert.equal((await world.extract(orders))['added'], 2, type);
    assert.equal((await world.extract(orders))['added'], 0, type);
    const found = await world.rows(`select note from raw.${name}_orders order by note`);
    assert.deepEqual(
      found.map((row) => row['note']),
      ['a', 'b', 'c', 'd'],
      type,
    );
  }
});

test('what changed within the look-back is changed, late ids come, and of a whole table what went is kept', async () => {
  shop(
    'diff',
    'create table orders (id integer primary key, note text, scan blob)',
    'create table items (id text primary key)',
  );
  shop(
    'diff',
    `insert into orders values (1, 'a', x'00ff'), (5, 'b', null)`,
    `insert into items values ('x'), ('y')`,
  );
  const tables = source('diff', {
    orders: { mode: 'incremental', cursor: 'id', lookBack: 3, control: ['id'] },
    items: {},
  });
  assert.deepEqual(await world.extract(tables), { rows: 4, added: 4, changed: 0, deleted: 0, afterSeal: 0 });
  shop(
    'diff',
    `insert into orders values (3, 'late', null), (6, 'new', null)`,
    `update orders set note = 'beyond the look-back' where id = 1`,
    `update orders set note = 'changed' where id = 5`,
    `delete from items where id = 'x'`,
  );
  const counts = await world.extract(tables);
  assert.deepEqual(counts, { rows: 4, added: 2, changed: 1, deleted: 1, afterSeal: 0 });
  assert.deepEqual(await world.rows('select id, note, hex(scan) as scan from raw.diff_orders order by id'), [
    { id: 1, note: 'a', scan: '00FF' },
    { id: 3, note: 'late', scan: null },
    { id: 5, note: 'changed', scan: null },
    { id: 6, note: 'new', scan: null },
  ]);
  assert.deepEqual(
    await world.rows(`select table_name, row_key from raw.deleted_rows where table_name = 'raw.diff_items'`),
    [{ table_name: 'raw.diff_items', row_key: '{"id":"x"}' }],
  );
});

test('rows of a sealed day that come late count for the first open day after it, and are said to the day they are of', async () => {
  shop('late', 'create table orders (id integer primary key, at text)');
  const orders = source('late', { orders: { mode: 'incremental', cursor: 'id', time: 'at' } });
  // A day of 25 hours in Berlin: its last hour would be the next day's with the zone of the summer.
  shop(
    'late',
    `insert into orders values (1, '2026-10-24T22:00:00Z'), (2, '2026-10-25T22:59:59.999Z'), (3, '2026-10-26T00:00:00+01:00')`,
  );
  await world.extract(orders);
  const sealed = Object.fromEntries(
    ['2026-10-25', '2026-10-26'].map((day) => [`${sealedPrefix}${day}`, 'x']),
  );
  await setProperties(world.warehouse.context, { namespace: 'raw', name: 'events' }, sealed);
  shop('late', `insert into orders values (4, '2026-10-25T12:00:00Z'), (5, '2026-10-28T12:00:00Z')`);
  await world.extract(orders);
  assert.deepEqual(
    await world.rows('select id, cast(business_day as varchar) as day from raw.late_orders order by id'),
    [
      { id: 1, day: '2026-10-25' },
      { id: 2, day: '2026-10-25' },
      { id: 3, day: '2026-10-26' },
      { id: 4, day: '2026-10-27' },
      { id: 5, day: '2026-10-28' },
    ],
  );
});

test('what is declared wrongly is named, with the nearest name', async () => {
  shop('wrong', 'create table orders (order_id integer, ordered_at text)');
  for (const [tables, said] of [
    [{ order: {} }, /tables\.order: the database has no table 'order'.*'orders'/],
    [
      { orders: { mode: 'incremental', cursor: 'orderid' } },
      /tables\.orders\.cursor: no column 'orderid'.*'order_id'/,
    ],
  ] as const) {
    await assert.rejects(
      world.extract(source('wrong', tables)),
      (error) => hasCode(error, 'source_invalid') && said.test(error.message),
      String(said),
    );
  }
  await assert.rejects(
    world.extract(source('nowhere', { orders: {} })),
    (error) => hasCode(error, 'source_invalid') && error.message.includes('nowhere.db'),
  );
});

test('a damaged database is named, and nothing of it is loaded', async () => {
  shop('damaged', 'create table orders (id integer primary key, note text)');
  shop(
    'damaged',
    `insert into orders with recursive n (i) as (values (1) union all select i + 1 from n where i < 5000)
      select i, hex(randomblob(50)) from n`,
  );
  const path = join(world.folder, 'damaged.db');
  const whole = await readFile(path);
  const text = Buffer.from('this is no database, however long it may be');
  for (const bytes of [text, Buffer.concat([whole.subarray(0, 60_000), Buffer.alloc(100_000, 0xff)])]) {
    await world.write('damaged.db', bytes);
    await assert.rejects(
      world.extract(source('damaged', { orders: {} })),
      (error) => hasCode(error, 'source_unreadable') && error.message.includes(path),
    );
    assert.equal(await world.warehouse.table('raw.damaged_orders'), undefined);
  }
});

const memoryFolder = '/dev/shm';

test('scratch and tables may lie on two file systems', async (t) => {
  const other = await stat(memoryFolder).catch(() => undefined);
  if (other === undefined || other.dev === (await stat(tmpdir())).dev)
    return t.skip('needs /dev/shm, and on another file system than temporary files');
  const tables = await mkdtemp(join(memoryFolder, 'octavo-tables-'));
  t.after(() => rm(tables, { recursive: true }));
  const apart = await openExtractWorld(tables);
  t.after(() => apart.close());
  shop('apart', 'create table books (id integer primary key)', 'insert into books values (1), (2)');
  const declared = source('apart', { books: {} });
  const path = await apart.write('apart.db', await readFile(join(world.folder, 'apart.db')));
  const there = { apart: { ...declared['apart'], path } };
  assert.equal((await apart.extract(there))['rows'], 2);
  assert.deepEqual(await apart.rows('select id from raw.apart_books order by id'), [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(await readdir(apart.warehouse.engine.scratch), []);
});
