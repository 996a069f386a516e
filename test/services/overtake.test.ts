import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { hasCode } from '../../src/base/index.ts';
import { parseTableName, replaceDays, type TableContext } from '../../src/warehouse/index.ts';
import { engines, type Engines } from './engines.ts';
import { assertSameRows } from './same-rows.ts';

describe('a commit of Spark that comes after one of Octavo', { timeout: 600_000 }, () => {
  let all: Engines;
  const day = '2026-03-01';
  const rows = (writer: string): string =>
    `select '${writer}' as writer, cast(n as bigint) as n, date '${day}' as business_day from (select 1 as n union all select 2) s`;

  before(async () => {
    all = await engines();
  });

  /** Lets Octavo commit while Spark's commit, made for what was before, is on its way. */
  const between = async (
    table: string,
    theirs: string,
    ours: () => Promise<unknown>,
  ): Promise<{
    readonly outcome: PromiseSettledResult<unknown>;
    readonly writers: string;
    readonly conflicts: number;
  }> => {
    const conflictsBefore = all.gate.commits.get(409) ?? 0;
    const { held, release } = all.gate.holdCommit();
    const spark = Promise.allSettled([all.spark.run(theirs)]);
    await held;
    await ours().finally(release);
    const [outcome] = await spark;
    const found = await all.warehouse.query(
      `select string_agg(writer, ' ' order by writer, n) as w from ${table}`,
    );
    await assertSameRows(all, table, undefined);
    const conflicts = (all.gate.commits.get(409) ?? 0) - conflictsBefore;
    return { outcome, writers: String(found.rows[0]?.['w']), conflicts };
  };
  const start = async (table: string): Promise<void> => {
    await all.warehouse.write(table, { select: rows('old'), mode: 'append' });
  };
  const append = (table: string) => () =>
    all.warehouse.write(table, { select: rows('octavo'), mode: 'append' });
  const replace = (table: string) => () =>
    all.warehouse.write(table, { select: rows('octavo'), mode: 'replace-days', days: [day] });

  it('is made again on top when it appends', async () => {
    await start('race.append');
    const theirs = `insert into race.append ${rows('spark')}`;
    const { outcome, writers, conflicts } = await between('race.append', theirs, replace('race.append'));
    assert.equal(outcome.status, 'fulfilled');
    assert.deepEqual([writers, conflicts], ['octavo octavo spark spark', 1]);
  });

  it('is lost whole when it would undo rows it has not seen', async () => {
    await start('race.update');
    const theirs = `update race.update set writer = concat('spark ', writer)`;
    const { outcome, writers, conflicts } = await between('race.update', theirs, append('race.update'));
    assert.equal(outcome.status, 'rejected');
    assert.deepEqual([writers, conflicts], ['octavo octavo old old', 1]);
    const { metadata } = (await all.warehouse.table('race.update')) ?? assert.fail();
    assert.equal(metadata.snapshots.length, 2);
  });

  it('wins whole when it overwrites the day', async () => {
    await start('race.overwrite');
    const theirs = `insert overwrite race.overwrite partition (business_day = date '${day}')
      select writer, n from (${rows('spark')})`;
    const { outcome, writers } = await between('race.overwrite', theirs, replace('race.overwrite'));
    assert.equal(outcome.status, 'fulfilled');
    assert.equal(writers, 'spark spark');
  });

  it('is refused when both make the same table', async () => {
    const theirs = `create table race.made using iceberg partitioned by (business_day) as ${rows('spark')}`;
    const { outcome, writers } = await between('race.made', theirs, append('race.made'));
    assert.equal(outcome.status, 'rejected');
    assert.equal(writers, 'octavo octavo');
  });
});

describe('a commit of Octavo that comes after one of Spark', { timeout: 600_000 }, () => {
  let all: Engines;
  const table = 'race.ours';
  const [day, other] = ['2026-03-01', '2026-03-02'];

  before(async () => {
    all = await engines();
    for (const [writer, of] of [
      ['old', day],
      ['else', other],
    ] as const) {
      const select = `select '${writer}' as writer, 1::bigint as n, date '${of}' as business_day`;
      await all.warehouse.write(table, { select, mode: 'append' });
    }
  });

  /** Octavo's own context, in which Spark commits at the moment at which Octavo's commit goes to the catalogue. */
  const overtaken = (theirs: string): TableContext => {
    const { catalog, ...context } = all.warehouse.context;
    let first = true;
    return {
      ...context,
      catalog: {
        namespaces: () => catalog.namespaces(),
        createNamespace: (...given) => catalog.createNamespace(...given),
        tables: (namespace) => catalog.tables(namespace),
        load: (id) => catalog.load(id),
        drop: (...given) => catalog.drop(...given),
        close: () => catalog.close(),
        commit: async (...given) => {
          if (first) await all.spark.run(theirs);
          first = false;
          return catalog.commit(...given);
        },
      },
    };
  };
  const writers = async (): Promise<string> => {
    const { rows } = await all.warehouse.query(
      `select string_agg(writer, ' ' order by writer) as w from ${table}`,
    );
    await assertSameRows(all, table, undefined);
    return String(rows[0]?.['w']);
  };

  it('loses whole when Spark changed the day, and replaces it whole when it may', async () => {
    const insert = (writer: string, of: string): string =>
      `insert into ${table} values ('${writer}', 2, date '${of}')`;
    const id = parseTableName(table);
    await assert.rejects(replaceDays(overtaken(insert('spark-a', day)), id, [day], []), (error) =>
      hasCode(error, 'commit_conflict'),
    );
    assert.equal(await writers(), 'else old spark-a');
    await replaceDays(overtaken(insert('spark-b', other)), id, [day], []);
    assert.equal(await writers(), 'else spark-b');
    await replaceDays(overtaken(insert('spark-c', other)), id, [other], [], { onConflict: 'replace' });
    assert.equal(await writers(), 'null');
  });

  it('is refused when it was made from rows that Spark has changed since', async () => {
    const counter = 'race.counted';
    await all.warehouse.write(counter, { select: 'select 1::bigint as n', mode: 'replace' });
    const pins = await all.warehouse.pin([counter]);
    const write = all.warehouse.write(counter, {
      select: `select n + 1 as n from ${counter}`,
      mode: 'replace',
      pins,
      expectedSnapshotId: pins[counter] as bigint,
      check: async () => void (await all.spark.run(`update ${counter} set n = n + 10`)),
    });
    await assert.rejects(write, (error) => hasCode(error, 'commit_conflict'));
    assert.deepEqual((await all.warehouse.query(`select n from ${counter}`)).rows, [{ n: 11 }]);
    await assertSameRows(all, counter, 1);
  });
});
