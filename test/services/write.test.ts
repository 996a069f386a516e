import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { addColumn, deleteDays, parseTableName, tag } from '../../src/warehouse/index.ts';
import { engines, type Engines } from './engines.ts';
import { assertSameRows, schemaOf } from './same-rows.ts';
import { salesColumns, salesOf } from './sales.ts';

const table = 'raw.shared_sales';
const id = parseTableName(table);
const [first, second, third] = ['2026-03-01', '2026-03-02', '2026-03-03'];

describe('a table of Octavo that Spark writes to', { timeout: 600_000 }, () => {
  let all: Engines;

  before(async () => {
    all = await engines();
    await all.warehouse.ensureTable(table, salesColumns);
    await all.warehouse.write(table, { select: salesOf(first, 0, 200), mode: 'append' });
    await all.warehouse.write(table, { select: salesOf(second, 1000, 100), mode: 'append' });
  });

  /** Rows of the table with these columns replaced, for INSERT … SELECT in Spark. */
  const changed = async (changes: Readonly<Record<string, string>>): Promise<string> => {
    const { fields } = await schemaOf(all, table);
    return fields.map(({ name }) => changes[name] ?? name).join(', ');
  };
  const ids = async (day: string): Promise<readonly (number | null)[]> => {
    const sql = `select sale_id from ${table} where business_day = $day::date order by 1`;
    const { rows } = await all.warehouse.query(sql, { parameters: { day } });
    return rows.map((row) => Number(row['sale_id']));
  };
  const range = (from: number, count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => from + index);

  it('has the rows that Spark appends, to old and new days', async () => {
    const columns = await changed({ sale_id: 'sale_id + 5000', business_day: `date '${third}'` });
    await all.spark.run(`insert into ${table} select ${columns} from ${table} where sale_id < 50`);
    await all.spark.run(
      `insert into ${table} select ${await changed({ sale_id: 'sale_id + 9000' })} from ${table}
       where sale_id between 1000 and 1009`,
    );
    assert.deepEqual(await ids(third), range(5000, 50));
    assert.deepEqual(await ids(second), [...range(1000, 100), ...range(10_000, 10)]);
    await assertSameRows(all, table, 360);
  });

  it('has exactly the day that Spark overwrites', async () => {
    const columns = await changed({ sale_id: 'sale_id + 20000', business_day: `date '${second}'` });
    const rows = `select ${columns} from ${table} where sale_id < 30`;
    await all.spark.run('set spark.sql.sources.partitionOverwriteMode = dynamic');
    await all.spark.run(`insert overwrite ${table} ${rows}`);
    assert.deepEqual(await ids(second), range(20_000, 30));
    assert.deepEqual(await ids(first), range(0, 200));
    await all.spark.run('set spark.sql.sources.partitionOverwriteMode = static');
    const named = (await schemaOf(all, table)).fields.map((field) => field.name);
    const others = named.filter((name) => name !== 'business_day').join(', ');
    await all.spark.run(
      `insert overwrite ${table} partition (business_day = date '${third}') (${others})
       select ${others} from ${table} where sale_id between 10 and 19`,
    );
    assert.deepEqual(await ids(third), range(10, 10));
    await assertSameRows(all, table, 240);
  });

  it('has what Spark deletes, updates and merges', async () => {
    await all.spark.run(`delete from ${table} where business_day = date '${first}' and sale_id < 100`);
    await all.spark.run(`update ${table} set title = 'geändert', copies = copies + 1 where sale_id = 150`);
    await all.spark.run(
      `merge into ${table} t using (select 151 as sale_id, 'neu' as title union all select 777, 'dazu') s
       on t.sale_id = s.sale_id when matched then update set title = s.title
       when not matched then insert (sale_id, title, business_day) values (s.sale_id, s.title, date '${first}')`,
    );
    const { rows } = await all.warehouse.query(
      `select sale_id, title, copies from ${table} where title in ('geändert', 'neu', 'dazu') order by sale_id`,
    );
    assert.deepEqual(rows, [
      { sale_id: 150, title: 'geändert', copies: null },
      { sale_id: 151, title: 'neu', copies: 101 },
      { sale_id: 777, title: 'dazu', copies: null },
    ]);
    await assertSameRows(all, table, 141);
  });

  it('has the columns that Spark adds, renames, widens and drops, and takes rows of Octavo on top', async () => {
    await all.spark.run(`alter table ${table} add column note string comment 'Added by Spark.'`);
    await all.spark.run(`alter table ${table} rename column title to headline`);
    await all.spark.run(`alter table ${table} alter column copies type bigint`);
    await all.spark.run(`alter table ${table} drop column payload`);
    const { fields } = await schemaOf(all, table);
    assert.equal(fields.at(-1)?.doc, 'Added by Spark.');
    assert.deepEqual(
      fields
        .filter(({ name }) => ['note', 'headline', 'title', 'copies', 'payload'].includes(name))
        .map((f) => f.type),
      ['string', 'long', 'string'],
    );
    await assertSameRows(all, table, 141);
    await addColumn(all.warehouse.context, id, { name: 'remark', type: 'string' });
    const onTop = `select * exclude (title, payload), title as headline, 'n' || sale_id as note, 'r' as remark
      from (${salesOf('2026-03-04', 30_000, 40)})`;
    await all.warehouse.write(table, { select: onTop, mode: 'append' });
    await deleteDays(all.warehouse.context, id, [second]);
    const rows = await assertSameRows(all, table, 151);
    assert.equal(rows.filter((row) => row.includes('"n300')).length, 40);
    const [[notes, remarks, headline] = []] = await all.spark.run(
      `select count(note), count(remark), max(headline) filter (where sale_id = 777) from ${table}`,
    );
    assert.deepEqual([notes, remarks, headline], ['40', '40', 'dazu']);
  });

  it('has the fields that Spark adds inside a list and a struct', async () => {
    await all.spark.run(`alter table ${table} add column items.element.memo string after item_id`);
    await all.spark.run(`alter table ${table} add column place.country string first`);
    await assertSameRows(all, table, 151);
    const columns = await changed({
      sale_id: '40000',
      items: `array(named_struct('item_id', 'b', 'memo', 'm', 'index', 1, 'price', 2.50, 'gift', true))`,
      place: `named_struct('country', 'KR', 'city', '서울', 'lat', 37.5D)`,
      business_day: `date '2026-03-05'`,
    });
    await all.spark.run(`insert into ${table} select ${columns} from ${table} where sale_id = 777`);
    await assertSameRows(all, table, 152);
    const { rows } = await all.warehouse.query(`select items, place from ${table} where sale_id = 40000`);
    assert.deepEqual(rows, [
      {
        items: [{ item_id: 'b', memo: 'm', index: 1, price: '2.50', gift: true }],
        place: { country: 'KR', city: '서울', lat: 37.5 },
      },
    ]);
  });

  it('keeps its rows when Spark compacts it and forgets snapshots, and the tagged snapshot with them', async () => {
    const before = (await all.warehouse.pin([table]))[table] as bigint;
    await tag(all.warehouse.context, id, 'kept', before);
    const rows = await assertSameRows(all, table, 152);
    await all.spark.run(
      `call octavo.system.rewrite_data_files(table => '${table}', options => map('rewrite-all', 'true'))`,
    );
    await all.spark.run(
      `call octavo.system.expire_snapshots(table => '${table}', older_than => timestamp '2100-01-01 00:00:00')`,
    );
    const loaded = await all.warehouse.table(table);
    assert.equal(loaded?.metadata.snapshots.length, 2);
    assert.deepEqual(await assertSameRows(all, table, 152), rows);
    assert.deepEqual(await assertSameRows(all, table, 152, { snapshotId: before }), rows);
    const more = `select * exclude (title, payload, items, place) from (${salesOf('2026-03-06', 50_000, 10)})`;
    await all.warehouse.write(table, { select: more, mode: 'append' });
    await assertSameRows(all, table, 162);
  });
});
