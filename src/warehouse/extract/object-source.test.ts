import assert from 'node:assert/strict';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hasCode } from '../../base/index.ts';
import { quoteText } from '../duckdb/types.ts';
import { openExtractWorld, type ExtractWorld } from './extract-world.fixture.ts';

let world: ExtractWorld;
before(async () => {
  world = await openExtractWorld();
});
after(() => world.close());

const source = (type: 'ndjson' | 'parquet', name: string, more: object = {}) => ({
  [name]: { type, path: join(world.folder, name), table: 'lines', ...more },
});

/** Writes a Parquet file with the rows of a SELECT. */
async function writeParquet(name: string, select: string): Promise<string> {
  const path = await world.write(name, '');
  await world.warehouse.engine.session((session) =>
    session.run(`copy (${select}) to ${quoteText(path)} (format parquet, row_group_size 2048)`),
  );
  return path;
}

test('lines that are no JSON object, or whose values do not fit, are named by file and line and kept once', async () => {
  await world.write(
    'json/a.ndjson',
    [
      '{"id": 1, "at": "2026-10-25T00:30:00+02:00", "note": "line\\nbreak"}',
      '{"id": 2, "at": "2026-10-25T23:30:00Z"',
      '',
      '[3]',
      '{"id": "four", "at": "2026-10-25T12:00:00Z"}',
      '{"id": 5}',
      '{"id": 6, "at": "2026-10-25T23:30:00Z", "new": {"deep": true}}',
    ].join('\r\n'),
  );
  await world.write('json/b.ndjson', '');
  const json = source('ndjson', 'json', { columns: { id: 'int', at: 'timestamptz' }, time: 'at' });
  assert.deepEqual(await world.extract(json), { files: 2, rows: 2, rejected: 4 });
  assert.deepEqual(await world.rejected('json'), [
    'a.ndjson:2',
    'a.ndjson:4',
    'a.ndjson:5 id',
    'a.ndjson:6 at',
  ]);
  assert.deepEqual(
    await world.rows(
      'select id, note, "new", cast(business_day as varchar) as day from raw.json_lines order by id',
    ),
    [
      { id: 1, note: 'line\nbreak', new: null, day: '2026-10-25' },
      { id: 6, note: null, new: '{"deep":true}', day: '2026-10-26' },
    ],
  );
  assert.deepEqual(await world.extract(json), { files: 0, rows: 0, rejected: 0 });
  assert.equal((await world.rejected('json')).length, 4);
});

test('Parquet rows keep their types; a value that does not fit its declared type is named by its row', async () => {
  await writeParquet(
    'typed/a.parquet',
    `select i as id, case when i = 3 then 'three' else cast(i as varchar) end as copies,
      timestamp '2026-11-01 12:00:00' + i * interval 1 hour as at from range(1, 5) t(i)`,
  );
  const typed = source('parquet', 'typed', { columns: { copies: 'int' }, time: 'at', control: ['copies'] });
  assert.deepEqual(await world.extract(typed), { files: 1, rows: 3, rejected: 1 });
  assert.deepEqual(await world.rejected('typed'), ['a.parquet:3 copies']);
  assert.deepEqual(await world.rows('select id, copies from raw.typed_lines order by id'), [
    { id: 1, copies: 1 },
    { id: 2, copies: 2 },
    { id: 4, copies: 4 },
  ]);
});

test('a damaged Parquet file is refused by name, wherever the damage is, and nothing of it is loaded', async () => {
  const whole = await readFile(
    await writeParquet(
      'damaged/a.parquet',
      'select i as id, md5(cast(i as varchar)) as noise from range(10000) t(i)',
    ),
  );
  const damages = {
    empty: Buffer.alloc(0),
    text: Buffer.from('id\n1\n'),
    cut: whole.subarray(0, whole.length - 100),
    footer: flipped(whole, whole.length - 60, 40),
    page: flipped(whole, 30, 60),
  };
  for (const [what, bytes] of Object.entries(damages)) {
    const path = await world.write(`damaged_${what}/a.parquet`, bytes);
    const good = await world.write(`damaged_${what}/good.parquet`, whole);
    const damaged = source('parquet', `damaged_${what}`);
    await assert.rejects(
      world.extract(damaged),
      (error) => hasCode(error, 'source_unreadable') && error.message.includes(`: ${path}: `),
      what,
    );
    assert.equal(await world.warehouse.table(`raw.damaged_${what}_lines`), undefined, what);
    await rm(good);
    await writeFile(path, whole);
    // The engine knows a file by its path, size and second of change.
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    assert.equal((await world.extract(damaged))['rows'], 10_000, what);
  }
});

function flipped(bytes: Buffer, from: number, count: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = from; at < from + count; at++) copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

test('files that are not what they are declared to be are refused', async () => {
  const path = await world.write('wrong/a.csv', 'id\n1\n');
  await assert.rejects(world.extract(source('parquet', 'wrong', { path })), (error) =>
    hasCode(error, 'source_unreadable'),
  );
});
