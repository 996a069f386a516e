import assert from 'node:assert/strict';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hasCode } from '../../base/index.ts';
import { openExtractWorld, type ExtractWorld } from './extract-world.fixture.ts';

let world: ExtractWorld;
before(async () => {
  world = await openExtractWorld();
});
after(() => world.close());

const csv = (name: string, more: object = {}) => ({
  [name]: { type: 'csv', path: join(world.folder, name, '*.csv'), table: 'lines', ...more },
});

test('quotes with line breaks and delimiters, CRLF and a byte order mark are read as they are meant', async () => {
  await world.write(
    'quotes/a.csv',
    '\uFEFFid,title,note\r\n1,"Kim, ""the"" reader","two\r\nlines"\r\n2,김,\r\n',
  );
  await world.write('quotes/b.csv', 'id,title,note\n3,"a;b","x\ny"');
  assert.deepEqual(await world.extract(csv('quotes', { columns: { id: 'int' } })), {
    files: 2,
    rows: 3,
    rejected: 0,
  });
  assert.deepEqual(
    await world.rows('select id, title, note, source_file from raw.quotes_lines order by id'),
    [
      { id: 1, title: 'Kim, "the" reader', note: 'two\r\nlines', source_file: 'a.csv' },
      { id: 2, title: '김', note: null, source_file: 'a.csv' },
      { id: 3, title: 'a;b', note: 'x\ny', source_file: 'b.csv' },
    ],
  );
});

test('a broken line is named by file and line, kept once however often it is loaded, and the others are loaded', async () => {
  await world.write(
    'broken/a.csv',
    'id,price,note\n1,1.50,fine\nx,2.50,no number\n3,cheap,no price\n4,4.50\n5,5.50,"two\nlines"\n6,6.50,too,many\n7,7.50,fine\n',
  );
  await world.write('broken/b.csv', 'id,price,note\n8,8.50,fine\n9,,\ny,,\n');
  const source = csv('broken', { columns: { id: 'int', price: 'decimal(10,2)' } });
  assert.deepEqual(await world.extract(source), { files: 2, rows: 5, rejected: 5 });
  assert.deepEqual(await world.rejected('broken'), [
    'a.csv:3 id',
    'a.csv:4 price',
    'a.csv:5 note',
    'a.csv:8',
    'b.csv:4 id',
  ]);
  assert.deepEqual(await world.rows('select id from raw.broken_lines order by id'), [
    { id: 1 },
    { id: 5 },
    { id: 7 },
    { id: 8 },
    { id: 9 },
  ]);
  const raw = await world.rows(
    "select line, raw, message from raw.rejected_rows where source = 'broken' and file = 'a.csv' and line = 3",
  );
  assert.equal(raw[0]?.['raw'], 'x,2.50,no number');
  assert.match(String(raw[0]?.['message']), /x/);
  assert.deepEqual(await world.extract(source), { files: 0, rows: 0, rejected: 0 });
  assert.equal((await world.rejected('broken')).length, 5);
});

test('more broken lines than allowed stop the load before anything of it is in the table', async () => {
  await world.write('limit/a.csv', 'id\n1\nx\ny\nz\n5\n');
  const source = (badRowsMax: number) => csv('limit', { columns: { id: 'int' }, badRowsMax });
  for (let attempt = 0; attempt < 2; attempt++) {
    await assert.rejects(
      world.extract(source(2)),
      (error) => hasCode(error, 'source_rows_broken') && /3.*allowed are 2.*a\.csv:3/s.test(error.message),
    );
    assert.equal(await world.warehouse.table('raw.limit_lines'), undefined);
    assert.deepEqual(await world.rejected('limit'), ['a.csv:3 id', 'a.csv:4 id', 'a.csv:5 id']);
  }
  assert.deepEqual(await world.extract(source(3)), { files: 1, rows: 2, rejected: 3 });
  assert.equal((await world.rejected('limit')).length, 3);
});

test('a quote that is never closed counts as all the lines that it takes along', async () => {
  const lines = Array.from({ length: 200 }, (_, index) => `${index},fine`);
  await world.write('quote/a.csv', ['id,note', '1,fine', '2,"open', ...lines, ''].join('\n'));
  await assert.rejects(
    world.extract(csv('quote')),
    (error) => hasCode(error, 'source_rows_broken') && /20\d, allowed are 100; a\.csv:3/.test(error.message),
  );
  await world.write('quote/a.csv', ['id,note', '1,fine', '2,"open', ...lines, '3,"fine"', ''].join('\r\n'));
  await assert.rejects(world.extract(csv('quote')), (error) => hasCode(error, 'source_rows_broken'));
});

test('a file that changed after it was loaded is refused; touched, moved away and new files are not', async () => {
  const first = await world.write('changes/a.csv', 'id\n1\n');
  await world.write('changes/b.csv', 'id\n2\n');
  const source = csv('changes');
  assert.deepEqual(await world.extract(source), { files: 2, rows: 2, rejected: 0 });
  await utimes(first, new Date(), new Date());
  await rm(join(world.folder, 'changes/b.csv'));
  await world.write('changes/c.csv', 'id\n3\n');
  assert.deepEqual(await world.extract(source), { files: 1, rows: 1, rejected: 0 });
  await world.write('changes/a.csv', 'id\n9\n');
  await world.write('changes/d.csv', 'id\n4\n');
  await assert.rejects(
    world.extract(source),
    (error) => hasCode(error, 'source_changed') && error.message.includes('a.csv'),
  );
  const rows = await world.rows('select id from raw.changes_lines order by id');
  assert.deepEqual(
    rows.map((row) => row['id']),
    ['1', '2', '3'],
  );
});

test('an empty file and one with only a header have no rows, and a column may come later', async () => {
  await world.write('shapes/a.csv', '');
  await world.write('shapes/b.csv', 'id,title\n');
  await world.write('shapes/c.csv', 'title,id\nlast,1\n');
  assert.deepEqual(await world.extract(csv('shapes')), { files: 3, rows: 1, rejected: 0 });
  await world.write('shapes/d.csv', 'id,title,pages\n2,long,900\n');
  assert.deepEqual(await world.extract(csv('shapes')), { files: 1, rows: 1, rejected: 0 });
  assert.deepEqual(await world.rows('select id, title, pages from raw.shapes_lines order by id'), [
    { id: '1', title: 'last', pages: null },
    { id: '2', title: 'long', pages: '900' },
  ]);
});

test('settings that name no column, and headers that cannot be right, are refused with the file', async () => {
  await world.write('settings/a.csv', 'id,when\n1,2026-11-01\n');
  for (const [key, more] of [
    ['columns', { columns: { di: 'int' } }],
    ['time', { time: 'wen' }],
    ['control', { control: ['paid'] }],
  ] as const) {
    await assert.rejects(
      world.extract(csv('settings', more)),
      (error) =>
        hasCode(error, 'source_invalid') &&
        new RegExp(`sources\\.settings\\.${key}.*a\\.csv`).test(error.message),
    );
  }
  await world.write('twice/a.csv', 'id,id\n1,2\n');
  await assert.rejects(
    world.extract(csv('twice')),
    (error) => hasCode(error, 'source_invalid') && /a\.csv:1.*'id' stands twice/.test(error.message),
  );
  await assert.rejects(world.extract(csv('nowhere')), (error) => hasCode(error, 'source_invalid'));
});

test('times without a zone are the source’s, over both daylight-saving nights; rows without a time are rejected', async () => {
  await world.write(
    'zones/a.csv',
    [
      'id,at',
      '1,2026-03-28 23:59:59',
      '2,2026-03-29 01:59:59',
      '3,2026-03-29 03:00:00',
      '4,2026-03-29 23:30:00',
      '5,2026-10-24 23:30:00',
      '6,2026-10-25 00:30:00',
      '7,2026-10-25 23:30:00',
      '8,2026-10-26 00:00:00',
      '9,',
      '',
    ].join('\n'),
  );
  const counts = await world.extract(csv('zones', { time: 'at', timeZone: 'Europe/Berlin' }));
  assert.deepEqual(counts, { files: 1, rows: 8, rejected: 1 });
  assert.deepEqual(await world.rejected('zones'), ['a.csv:10 at']);
  const rows = await world.rows(
    'select id, cast(business_day as varchar) as day from raw.zones_lines order by cast(id as int)',
  );
  assert.deepEqual(
    rows.map((row) => String(row['day']).slice(5)),
    ['03-28', '03-29', '03-29', '03-29', '10-24', '10-25', '10-25', '10-26'],
  );
  const seoul = await world.extract(csv('zones', { time: 'at', timeZone: 'Asia/Seoul', table: 'seoul' }));
  assert.equal(seoul['rows'], 8);
  const moved = await world.rows(
    'select cast(business_day as varchar) as day from raw.zones_seoul order by cast(id as int)',
  );
  assert.deepEqual(
    moved.map((row) => String(row['day']).slice(5)),
    ['03-28', '03-28', '03-28', '03-29', '10-24', '10-24', '10-25', '10-25'],
  );
});
