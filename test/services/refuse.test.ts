import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { catalogSettings } from '../../services/spark/java-options.ts';
import { hasCode } from '../../src/base/index.ts';
import { engines, type Engines } from './engines.ts';
import { assertSameRows, schemaOf } from './same-rows.ts';

const table = 'guard.facts';

describe('what Octavo refuses of other engines', { timeout: 600_000 }, () => {
  let all: Engines;

  before(async () => {
    all = await engines();
    await all.warehouse.write(table, {
      select: `select date '2026-03-01' as business_day, i::bigint as id from range(10) t(i)`,
      mode: 'append',
    });
  });

  const unchanged = async (): Promise<void> => {
    const { fields } = await schemaOf(all, table);
    assert.deepEqual(
      fields.map((field) => field.name),
      ['business_day', 'id'],
    );
    await assertSameRows(all, table, 10);
  };

  it('is a column with a default value, whose old rows only other engines would fill', async () => {
    await assert.rejects(all.spark.run(`alter table ${table} add column n int default 5`), /default/i);
    await assert.rejects(
      all.pyiceberg.ask({
        catalogue: { uri: all.gate.url, token: all.keys.write },
        table,
        addColumn: { name: 'n', default: 5 },
      }),
      /default value/,
    );
    await unchanged();
    await assert.rejects(
      all.spark.run(`create table guard.defaults (id int, n int default 5) using iceberg`),
      /default/i,
    );
    assert.equal(await all.warehouse.table('guard.defaults'), undefined);
  });

  it('is format version 3', async () => {
    const made = `create table guard.third (id int) using iceberg tblproperties ('format-version' = '3')`;
    await assert.rejects(all.spark.run(made), /format version 3/);
    await assert.rejects(
      all.spark.run(`alter table ${table} set tblproperties ('format-version' = '3')`),
      /format version 3/,
    );
    await unchanged();
  });

  it('is another name for a field inside a column, which old files have under its old name', async () => {
    const nested = 'guard.nested';
    await all.warehouse.write(nested, { select: `select [{a: 1, b: 2}] as items`, mode: 'append' });
    const rename = `alter table ${nested} rename column items.element.b to c`;
    await assert.rejects(all.spark.run(rename), /read by name/);
    await all.spark.run(`alter table ${nested} drop column items.element.b`);
    await assert.rejects(
      all.spark.run(`alter table ${nested} add column items.element.b int`),
      /read by name/,
    );
    await assertSameRows(all, nested, 1);
  });

  it('are rows deleted by delete files, which it would show again', async () => {
    const merged = 'guard.merged';
    await all.spark.run(
      `create table ${merged} using iceberg tblproperties ('write.delete.mode' = 'merge-on-read') as
       select id from range(10)`,
    );
    await assertSameRows(all, merged, 10);
    await all.spark.run(`delete from ${merged} where id = 3`);
    await assert.rejects(all.warehouse.query(`select * from ${merged}`), (error) =>
      hasCode(error, 'table_has_delete_files'),
    );
    await assert.rejects(
      all.warehouse.write(merged, { select: 'select 1::bigint as id', mode: 'replace' }),
      (error) => hasCode(error, 'table_has_delete_files'),
    );
    assert.deepEqual(await all.spark.run(`select count(*) from ${merged}`), [['9']]);
    // Written anew without them, it can be read again.
    await all.spark.run(`create or replace table ${merged} using iceberg as select id from ${merged}`);
    await assertSameRows(all, merged, 9);
  });

  it('is a wrong key, and a write with a key for reading', async () => {
    for (const [name, key] of [
      ['stranger', 'oct_wrong'],
      ['reader', all.keys.read],
    ] as const) {
      const settings = catalogSettings(name, { url: all.gate.url, key });
      for (const [setting, value] of Object.entries(settings))
        await all.spark.run(`set \`${setting}\`=${value}`);
    }
    await assert.rejects(all.spark.run(`select * from stranger.${table}`), /NotAuthorized|401|key/i);
    assert.deepEqual(await all.spark.run(`select count(*) from reader.${table}`), [['10']]);
    await assert.rejects(
      all.spark.run(`insert into reader.${table} values (date '2026-03-01', 99)`),
      /Forbidden|403|scope|tables:write/i,
    );
    await unchanged();
  });
});
