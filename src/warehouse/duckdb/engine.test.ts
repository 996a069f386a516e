import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hasCode } from '../../base/index.ts';
import { createDuckdbEngine, type DuckdbEngine } from './engine.ts';

let folder: string;
let engine: DuckdbEngine;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-engine-'));
  engine = createDuckdbEngine({
    scratch: folder,
    directories: [],
    memory: '200MB',
    processesMax: 1,
    waitingMax: 2,
  });
});

after(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

test('values keep their exact meaning', async () => {
  const { rows, columns } = await engine.query(
    `select 1::bigint small, 9007199254740993::bigint big, 12.50::decimal(18,2) price, date '2026-11-02' d,
       timestamptz '2026-11-02 06:00:00+09' t, [{'a': 1, 'b': null}] items, true flag, null as nothing, $name || '!' as greeting`,
    { parameters: { name: "O'Brien" } },
  );
  assert.deepEqual(rows[0], {
    small: 1,
    big: 9007199254740993n,
    price: '12.50',
    d: '2026-11-02',
    t: new Date('2026-11-01T21:00:00Z'),
    items: [{ a: 1, b: null }],
    flag: true,
    nothing: null,
    greeting: "O'Brien!",
  });
  assert.equal(columns[2]?.type, 'DECIMAL(18,2)');
});

test('columns come as typed arrays, doubles where an integer is null', async () => {
  const { columns, rowCount } = await engine.queryColumns(
    `select i::int i, i::bigint b, i / 2 half, case when i > 99990 then null else i::int end maybe, 'x' || i as name, date '2026-01-01' d
     from range(100000) r(i) order by i`,
  );
  assert.equal(rowCount, 100_000);
  assert.ok(columns.i instanceof Int32Array && columns.i[99_999] === 99_999);
  assert.ok(columns.b instanceof BigInt64Array && columns.b[5] === 5n);
  assert.ok(columns.half instanceof Float64Array && columns.half[3] === 1.5);
  assert.ok(
    columns.maybe instanceof Float64Array && Number.isNaN(columns.maybe[99_999]) && columns.maybe[7] === 7,
  );
  assert.equal((columns.name as readonly string[])[1], 'x1');
  assert.equal((columns.d as readonly string[])[1], '2026-01-01');
});

test('a result is cut at rowsMax and says so', async () => {
  const result = await engine.query('select * from range(10)', { rowsMax: 3 });
  assert.equal(result.rows.length, 3);
  assert.equal(result.truncated, true);
});

test('what a session makes is gone with it', async () => {
  await engine.query('select * from raw.t', {
    setup: ['create schema raw', 'create view raw.t as select 1 a'],
  });
  await assert.rejects(engine.query('select * from raw.t'), (error) => hasCode(error, 'query_invalid'));
});

test('wrong SQL is told with its place, and files outside the folders are refused', async () => {
  await assert.rejects(
    engine.query('selec 1'),
    (error) => hasCode(error, 'query_invalid') && /LINE 1/.test(error.message),
  );
  await assert.rejects(engine.query("select * from read_csv('/etc/passwd')"), (error) =>
    hasCode(error, 'query_refused'),
  );
});

test('a query that runs too long stops, and the next one works', async () => {
  const endless =
    'select count(*) from range(1000000000) a, range(1000000) b where (a.range * b.range) % 7 = 3';
  await assert.rejects(engine.query(endless, { timeoutMs: 300 }), (error) => hasCode(error, 'query_timeout'));
  const abort = new AbortController();
  const running = engine.query(endless, { signal: abort.signal });
  setTimeout(() => abort.abort(), 200);
  await assert.rejects(running, (error) => hasCode(error, 'cancelled'));
  assert.deepEqual((await engine.query('select 1 a')).rows, [{ a: 1 }]);
});

test('a killed process fails its query as retryable, and is replaced', async () => {
  const running = engine.query(
    'select count(*) from range(1000000000) a, range(1000000) b where (a.range * b.range) % 7 = 3',
  );
  setTimeout(() => process.kill(engine.processIds()[0] as number, 'SIGKILL'), 300);
  await assert.rejects(running, (error) => hasCode(error, 'engine_died') && error.retryable);
  assert.deepEqual((await engine.query('select 2 a')).rows, [{ a: 2 }]);
});

test('more waiting queries than allowed are refused', async () => {
  const running = Array.from({ length: 5 }, () => engine.query('select count(*) c from range(3000000)'));
  const outcomes = await Promise.allSettled(running);
  assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 3);
  assert.ok(
    outcomes.some((outcome) => outcome.status === 'rejected' && hasCode(outcome.reason, 'engine_busy')),
  );
});

test('a program that closes the engine while a session is put away ends by itself, with success', () => {
  const door = new URL('engine.ts', import.meta.url).href;
  const program = `
    import { createDuckdbEngine } from ${JSON.stringify(door)};
    for (let round = 0; round < 4; round++) {
      const engine = createDuckdbEngine({ scratch: ${JSON.stringify(tmpdir())}, directories: [], memory: '100MB', threads: 1 });
      engine.query('select 1 as one').catch(() => undefined);
      const last = await engine.query('select 2 as two');
      await engine.close();
      if (last.rows[0].two !== 2) process.exit(3);
    }
    process.stdout.write('closed');`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.deepEqual([run.stdout, run.status], ['closed', 0], run.stderr);
});
