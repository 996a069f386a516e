import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { currentSchema, localPath, planScan } from '../../src/warehouse/index.ts';
import { engines, type Engines } from './engines.ts';
import { assertSameRows, schemaOf } from './same-rows.ts';

describe('a table that Spark or PyIceberg made through the catalogue', { timeout: 600_000 }, () => {
  let all: Engines;

  before(async () => {
    all = await engines();
    await all.spark.run('create namespace if not exists lab');
  });

  it('has Spark’s types, is read exactly and written on top of', async () => {
    await all.spark
      .run(`create table lab.kinds (id bigint not null, small smallint, n int, x double, y float, yes boolean,
      name string comment 'A name.', raw binary, paid decimal(20,4), at timestamp, local timestamp_ntz, born date,
      list array<struct<a: int, b: string>>, pairs map<string, decimal(9,2)>, inner struct<c: array<int>>,
      business_day date) using iceberg partitioned by (business_day) comment 'Of every kind.'`);
    await all.spark.run(`insert into lab.kinds values
      (9007199254740993, 7, -1, 0.1, 1.5, true, '이름', X'00FF', -1234567890123456.7891, timestamp '2026-03-01 00:00:00.000001',
       timestamp_ntz '1969-12-31 23:59:59.999999', date '1900-02-28', array(named_struct('a', 1, 'b', 'x'), null),
       map('k', 1.25), named_struct('c', array(1, null)), date '2026-03-01'),
      (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, date '2026-03-02')`);
    const schema = await schemaOf(all, 'lab.kinds');
    assert.deepEqual(
      schema.fields.map(({ type }) => (typeof type === 'string' ? type : type.type)),
      `long int int double float boolean string binary decimal(20,4) timestamptz timestamp date list map struct date`
        .replace('decimal(20,4)', 'decimal(20, 4)')
        .split(/ (?!4\))/),
    );
    assert.deepEqual([schema.fields[0]?.required, schema.fields[6]?.doc], [true, 'A name.']);
    const { rows } = await all.warehouse.query('select * from lab.kinds order by business_day');
    assert.deepEqual(rows[0], {
      id: 9007199254740993n,
      small: 7,
      n: -1,
      x: 0.1,
      y: 1.5,
      yes: true,
      name: '이름',
      raw: rows[0]?.['raw'],
      paid: '-1234567890123456.7891',
      at: new Date('2026-03-01T00:00:00.000Z'),
      local: rows[0]?.['local'],
      born: '1900-02-28',
      list: [{ a: 1, b: 'x' }, null],
      pairs: rows[0]?.['pairs'],
      inner: { c: [1, null] },
      business_day: '2026-03-01',
    });
    await assertSameRows(all, 'lab.kinds', 2);
    await all.warehouse.write('lab.kinds', {
      select: `select 3::bigint as id, 'von uns' as name, 2.5::decimal(20,4) as paid, date '2026-03-02' as business_day`,
      mode: 'replace-days',
      days: ['2026-03-02'],
    });
    await assertSameRows(all, 'lab.kinds', 2);
    assert.deepEqual(
      await all.spark.run(`select id, name, paid from lab.kinds where business_day = '2026-03-02'`),
      [['3', 'von uns', '2.5000']],
    );
  });

  it('is made from a query, and replaced by another', async () => {
    await all.spark.run(
      `create table lab.daily using iceberg partitioned by (business_day) as
       select date_add(date '2026-03-01', int(id % 3)) as business_day, count(*) as sales, sum(id) as paid
       from range(30) group by 1`,
    );
    await assertSameRows(all, 'lab.daily', 3);
    const loaded = await all.warehouse.table('lab.daily');
    const plan = await planScan(all.warehouse.context.files, loaded?.metadata as never, {
      filters: [{ column: 'business_day', operator: '=', value: '2026-03-02' }],
    });
    assert.equal(plan.recordCount, 1);
    assert.ok(plan.filesPruned > 0);
    await all.spark.run(`create or replace table lab.daily using iceberg as select 'x' as only`);
    assert.deepEqual((await all.warehouse.query('select * from lab.daily')).rows, [{ only: 'x' }]);
    await assertSameRows(all, 'lab.daily', 1);
  });

  it('may be partitioned in ways that Octavo only reads', async () => {
    await all.spark.run(
      `create table lab.buckets using iceberg partitioned by (bucket(4, id), days(at)) as
       select id, timestamp_micros(1700000000000000 + id * 3600000000) as at, string(id) as text from range(50)`,
    );
    await assertSameRows(all, 'lab.buckets', 50);
    await all.spark.run('alter table lab.buckets add partition field truncate(1, text)');
    await all.spark.run(`insert into lab.buckets values (99, timestamp '2026-03-01 00:00:00', '99')`);
    await assertSameRows(all, 'lab.buckets', 51);
    await assert.rejects(
      all.warehouse.write('lab.buckets', { select: `select 1::bigint as id`, mode: 'append' }),
      /table_unsupported|partition|business_day/,
    );
    await assertSameRows(all, 'lab.buckets', 51);
  });

  it('takes rows of PyIceberg, too', async () => {
    await all.warehouse.write('lab.shared', {
      select: `select date '2026-03-01' as business_day, 1::bigint as id, 1.50::decimal(9,2) as paid, uuid() as key`,
      mode: 'append',
    });
    const catalogue = { uri: all.gate.url, token: all.keys.write };
    await all.pyiceberg.ask({
      catalogue,
      table: 'lab.shared',
      append: [
        { business_day: '2026-03-01', id: '2', paid: '2.25', key: '01960000-0000-7000-8000-000000000001' },
        { business_day: '2026-03-02', id: '3', paid: '-1.00', key: 'f1960000-0000-7000-8000-000000000001' },
      ],
    });
    await assertSameRows(all, 'lab.shared', 3);
    await all.warehouse.write('lab.shared', {
      select: `select date '2026-03-01' as business_day, 4::bigint as id, 0::decimal(9,2) as paid, null::uuid as key`,
      mode: 'replace-days',
      days: ['2026-03-01'],
    });
    const rows = await assertSameRows(all, 'lab.shared', 2);
    assert.ok(rows.some((row) => row.includes('f1960000')));
  });

  it('is renamed and dropped with its files', async () => {
    await all.spark.run(`create table lab.brief using iceberg as select 1 as n`);
    await all.spark.run('alter table lab.brief rename to lab.shorter');
    assert.deepEqual((await all.warehouse.query('select n from lab.shorter')).rows, [{ n: 1 }]);
    assert.equal(await all.warehouse.table('lab.brief'), undefined);
    const loaded = await all.warehouse.table('lab.shorter');
    assert.ok(loaded !== undefined && currentSchema(loaded.metadata).fields.length === 1);
    await all.spark.run('drop table lab.shorter purge');
    assert.equal(await all.warehouse.table('lab.shorter'), undefined);
    assert.equal(existsSync(localPath(loaded.metadataLocation)), false);
  });
});
