import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, hasCode, manualClock, seededRandom } from '../base/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import { runGated } from './gate.ts';

let root: string;
let warehouse: Warehouse;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-gate-'));
  const clock = manualClock(Date.parse('2026-11-05T00:00:00Z'));
  warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock,
    random: seededRandom(1),
    calendar: createCalendar(),
  });
  await warehouse.write('model.readers', {
    select: `select 'r1' as reader_id, 1990 as birth_year, 'kim' as "Name", 'Seoul' as "주소"`,
    mode: 'replace',
    columns: ['birth_year', 'Name', '주소'].map((name) => ({ name, personal: true })),
  });
});

after(async () => {
  await warehouse.close();
  await rm(root, { recursive: true });
});

test('personal columns are null unless they are allowed', async () => {
  assert.deepEqual((await runGated(warehouse, 'select reader_id, birth_year from model.readers;')).rows, [
    { reader_id: 'r1', birth_year: null },
  ]);
  assert.deepEqual((await runGated(warehouse, 'from model.readers', { personal: true })).rows, [
    { reader_id: 'r1', birth_year: 1990, Name: 'kim', 주소: 'Seoul' },
  ]);
});

test('who asks for a personal column that is hidden is told, also when it is in a condition alone', async () => {
  const hidden = async (sql: string, personal = false): Promise<readonly string[]> =>
    (await runGated(warehouse, sql, { personal })).personalHidden;
  assert.deepEqual(await hidden('select * from model.readers'), ['birth_year', 'Name', '주소']);
  assert.deepEqual(await hidden("select count(*) from readers where 주소 = 'Seoul'"), ['주소']);
  assert.deepEqual(await hidden('select count(*) from readers where Birth_Year = 1990'), ['birth_year']);
  assert.deepEqual(await hidden('select count(*) from model.readers'), []);
  assert.deepEqual(await hidden('select * from model.readers', true), []);
});

test('everything that only reads is let through', async () => {
  for (const sql of [
    'with a as (select 1 x) select x from a',
    'values (1)',
    'describe model.readers',
    'explain select * from model.readers',
    'show tables',
    'summarize model.readers',
    'select * from range(3)',
  ]) {
    assert.ok((await runGated(warehouse, sql)).rows.length > 0, sql);
  }
});

test('a table may be named without its namespace', async () => {
  const result = await runGated(warehouse, 'select r.reader_id, birth_year from readers r');
  assert.deepEqual(result.rows, [{ reader_id: 'r1', birth_year: null }]);
  assert.deepEqual(Object.keys(result.pins), ['model.readers']);
});

test('everything else is refused', async () => {
  const refused = [
    'drop table model.readers',
    'insert into model.readers values (1)',
    `copy (select 1) to 'x.csv'`,
    'select 1; select 2',
    'set threads = 1',
    `select * from read_csv('/etc/passwd')`,
    `select * from glob('/*')`,
    `attach 'x.db'`,
    'explain delete from model.readers',
    'pragma version',
    `select getenv('HOME')`,
    'select * from information_schema.tables',
    'install httpfs',
    `select * from duckdb_settings()`,
    'explain analyze call x()',
  ];
  for (const sql of refused) {
    await assert.rejects(
      runGated(warehouse, sql),
      (error) => hasCode(error, 'query_refused') || hasCode(error, 'query_invalid'),
      sql,
    );
  }
  await assert.rejects(runGated(warehouse, `select * from '/etc/passwd'`), (error) =>
    hasCode(error, 'table_not_found'),
  );
});

test('mistakes are told with the nearest name', async () => {
  await assert.rejects(
    runGated(warehouse, 'select readerid from model.readers'),
    (error) => hasCode(error, 'query_invalid') && /reader_id/.test(error.message),
  );
  await assert.rejects(
    runGated(warehouse, 'select * from model.reader'),
    (error) => hasCode(error, 'table_not_found') && /model\.readers/.test(error.message),
  );
});
