import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { createCalendar, fileStorage, manualClock, seededRandom } from '../base/index.ts';
import { openQueries, type Queries } from '../query/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import type { QueryParameters, QueryRows, QueryTables } from './query-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';
import { unzipSync } from './unzip.fixture.ts';

const slow = 'select count(*) from range(100000000) a, range(1000) b where a.range % 7 = b.range % 3';
let root: string;
let warehouse: Warehouse;
let queries: Queries;
let shop: TestShop;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-queries-'));
  const clock = manualClock(Date.parse('2026-11-05T00:00:00Z'));
  const parts = { root, storage: fileStorage(), clock, random: seededRandom(1), calendar: createCalendar() };
  warehouse = await openWarehouse(parts);
  await warehouse.write('model.readers', {
    select: `select 'r' || i as reader_id, 1990 + i as birth_year, 12.5::decimal(18,2) as paid, 9007199254740993 as big
      from range(3) t(i)`,
    mode: 'replace',
    columns: [{ name: 'birth_year', personal: true }],
  });
  queries = openQueries({ warehouse, engine: warehouse.engine, timeoutMs: 20_000, ofOneMax: 1, openMax: 2 });
  shop = await openTestShop({ context: { queries } });
});
after(async () => {
  await shop.close();
  await queries.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

interface Problem {
  readonly code: string;
  readonly line?: number;
  readonly column?: number;
}

async function ask(payload: object, key = shop.key, url = '/v1/queries'): Promise<LightMyRequestResponse> {
  return shop.server.inject({ method: 'POST', url, headers: { authorization: `Bearer ${key}` }, payload });
}

test('rows come with their types, exactly, and say what they were read from', async () => {
  const response = await ask({ sql: 'select * from readers order by reader_id', rows_max: 2 });
  assert.equal(response.statusCode, 200, response.body);
  const answer = response.json<QueryRows>();
  assert.deepEqual(
    answer.columns.map(({ type }) => type),
    ['VARCHAR', 'INTEGER', 'DECIMAL(18,2)', 'BIGINT'],
  );
  assert.deepEqual(answer.rows[0], ['r0', null, '12.50', '9007199254740993']);
  assert.deepEqual([answer.rows.length, answer.truncated, answer.personal_hidden], [2, true, true]);
  assert.deepEqual(Object.keys(answer.snapshots), ['model.readers']);
});

test('personal columns are shown to whom they are allowed, when he asks', async () => {
  const sql = 'select birth_year from readers order by 1';
  assert.deepEqual((await ask({ sql, personal: true })).json<QueryRows>().rows[0], [1990]);
  const { key } = shop.keys.create('analyst', ['tables:read']);
  assert.deepEqual((await ask({ sql }, key)).json<QueryRows>().rows[0], [null]);
  const refused = await ask({ sql, personal: true }, key);
  assert.deepEqual([refused.statusCode, refused.json<Problem>().code], [403, 'scope_missing']);
});

test('an error says where it is in the text, whatever stands before the statement', async () => {
  const { statusCode, body } = await ask({ sql: '\n\n  select reader_id,\n    birht_year\n  from readers' });
  const problem = JSON.parse(body) as Problem;
  assert.deepEqual([statusCode, problem.code, problem.line, problem.column], [400, 'query_invalid', 4, 5]);
  const syntax = (await ask({ sql: 'explain select *\nfrm readers' })).json<Problem>();
  assert.deepEqual([syntax.code, syntax.line, syntax.column], ['query_invalid', 2, 5]);
  assert.equal((await ask({ sql: 'drop table readers' })).statusCode, 403);
  assert.equal((await ask({ sql: 'select * from nothing' })).json<Problem>().code, 'table_not_found');
});

test('parameters are found with their types, and bound', async () => {
  const sql = `select reader_id, ':x' as text, :some::date as day from readers
    where paid > :least and reader_id = :reader and 'r1' <> :reader limit :rows`;
  const found = (await ask({ sql }, shop.key, '/v1/queries/parameters')).json<QueryParameters>();
  assert.deepEqual(found.parameters, [
    { name: 'some', type: 'date' },
    { name: 'least', type: 'number' },
    { name: 'reader', type: 'text' },
    { name: 'rows', type: 'number' },
  ]);
  const parameters = { some: '2026-11-01', least: 12.25, reader: "r0' or true --", rows: 5 };
  assert.deepEqual((await ask({ sql, parameters })).json<QueryRows>().rows, [], 'a value is never SQL');
  const answer = (await ask({ sql, parameters: { ...parameters, reader: 'r0' } })).json<QueryRows>();
  assert.deepEqual(answer.rows, [['r0', ':x', '2026-11-01']]);
  for (const [given, says] of [
    [{}, ':some has no value'],
    [{ ...parameters, laest: 1 }, "did you mean 'least'"],
  ] as const) {
    const { code, detail } = (await ask({ sql, parameters: given })).json<Problem & { detail: string }>();
    assert.equal(code, 'argument_invalid');
    assert.ok(detail.includes(says), detail);
  }
});

test('a result is a workbook with days and numbers as such', async () => {
  const sql =
    "select date '2026-11-01' as day, paid, '007' as text, big from readers where reader_id = :reader";
  const { statusCode, headers, rawPayload } = await ask(
    { sql, parameters: { reader: 'r0' } },
    shop.key,
    '/v1/queries/xlsx',
  );
  assert.equal(statusCode, 200);
  assert.equal(headers['x-octavo-truncated'], 'false');
  const sheet = unzipSync(rawPayload).get('xl/worksheets/sheet1.xml') ?? '';
  const cells = [...sheet.matchAll(/<c r="[A-D]2"[^>]*>.*?<\/c>/g)].map(([cell]) => cell);
  assert.deepEqual(
    cells.map((cell) => cell.replaceAll(/<[^>]+>/g, '')),
    ['46327', '12.5', '007', '9007199254740993'],
  );
});

test('a query is stopped by its id, counts against its owner, and leaves the engine free', async () => {
  const running = ask({ sql: slow, query_id: 'mine' });
  await begun();
  const second = await ask({ sql: 'select 1' });
  assert.deepEqual([second.statusCode, second.json<Problem>().code], [429, 'query_limited']);
  assert.ok(Number(second.headers['retry-after']) > 0);
  const { key } = shop.keys.create('other', ['tables:read']);
  const stop = (by: string): Promise<LightMyRequestResponse> =>
    shop.server.inject({
      method: 'DELETE',
      url: '/v1/queries/mine',
      headers: { authorization: `Bearer ${by}` },
    });
  assert.equal((await stop(key)).statusCode, 404, 'nobody stops another’s query');
  assert.equal((await stop(shop.key)).statusCode, 204);
  assert.equal((await running).json<Problem>().code, 'cancelled');
  assert.equal((await ask({ sql: 'select 1 as one' })).statusCode, 200);
});

test('closing the request stops the query', async () => {
  const other = await openTestShop({ context: { queries } });
  try {
    const url = await other.server.listen({ port: 0 });
    const gone = new AbortController();
    const asked = fetch(`${url}/v1/queries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sql: slow, query_id: 'left' }),
      signal: gone.signal,
    });
    await begun();
    gone.abort();
    await assert.rejects(asked);
    for (let tries = 0; tries < 100 && queries.running() > 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(queries.running(), 0);
  } finally {
    await other.close();
  }
});

/** Waits until the query has begun. */
async function begun(): Promise<void> {
  for (let tries = 0; tries < 100 && queries.running() === 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(queries.running(), 1);
}

test('what is too large is cut, and says so', async () => {
  const sql = `select repeat('x', 1000000) as text from range(40)`;
  const answer = (await ask({ sql })).json<QueryRows>();
  assert.ok(answer.truncated && answer.rows.length < 20 && answer.rows.length > 10, `${answer.rows.length}`);
});

test('the whole result is a file for spreadsheets', async () => {
  const sql = `select '한글, "책"' as title, [1, 2] as list, '=1+1' as formula, i from range(20000) t(i)`;
  const response = await ask({ sql }, shop.key, '/v1/queries/csv');
  assert.equal(response.statusCode, 200);
  assert.equal(response.headers['x-octavo-truncated'], 'false');
  const lines = response.body.split('\r\n');
  assert.equal(lines.length, 20_002);
  assert.match(lines[1] ?? '', /^"한글, ""책""","\[1,2\]",'=1\+1,/);
});

test('what can be asked is listed with its columns', async () => {
  const headers = { authorization: `Bearer ${shop.key}` };
  const answer = (await shop.server.inject({ url: '/v1/queries/tables', headers })).json<QueryTables>();
  const readers = answer.tables.find(({ table }) => table === 'model.readers');
  assert.equal(readers?.rows, 3);
  assert.equal(readers?.columns.find(({ column }) => column === 'birth_year')?.personal, true);
  assert.equal(answer.seconds_max, 20);
});
