import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { engines, type Engines } from './engines.ts';
import { assertSameRows } from './same-rows.ts';

const rounds = 8;
const rowsPerCommit = 6;

/** A commit of six rows on two days, which is two files: of one commit all rows or none may be seen. */
const sixRows = (name: string): string =>
  `select '${name}' as writer, cast(n as bigint) as n, cast(case when n < 4 then '2026-03-01' else '2026-03-02' end as date)
   as business_day from (select 1 as n union all select 2 union all select 3 union all select 4 union all select 5 union all select 6) s`;

describe('of commits of Spark and Octavo at the same time', { timeout: 600_000 }, () => {
  let all: Engines;

  before(async () => {
    all = await engines();
  });

  const fulfilled = async (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      () => false,
    );

  it('each is whole or absent to every reader, and none is lost', async () => {
    const table = 'race.appends';
    await all.warehouse.write(table, { select: sixRows('first'), mode: 'append' });
    await all.spark.run(`insert into ${table} ${sixRows('second')}`);
    const committed = ['first', 'second'];
    const commitAs = async (name: string, commit: (name: string) => Promise<unknown>): Promise<void> => {
      if (await fulfilled(commit(name))) committed.push(name);
    };
    const [running, sparking] = [new AbortController(), new AbortController()];
    let reads = 0;
    const watch = async (): Promise<void> => {
      let seen = new Set<string>();
      while (!running.signal.aborted) {
        const sql = `select writer, count(*) as c, sum(n)::bigint as s from ${table} group by 1`;
        const { rows } = await all.warehouse.query(sql);
        for (const { writer, c, s } of rows)
          assert.deepEqual([c, s], [rowsPerCommit, 21], `rows of ${String(writer)}`);
        const now = new Set(rows.map((row) => String(row['writer'])));
        assert.deepEqual(
          [...seen].filter((name) => !now.has(name)),
          [],
          'commits that were gone again',
        );
        seen = now;
        reads += 1;
        await delay(50);
      }
    };
    const watching = watch();
    const insert = (name: string): Promise<unknown> => all.spark.run(`insert into ${table} ${sixRows(name)}`);
    const append = (name: string): Promise<unknown> =>
      all.warehouse.write(table, { select: sixRows(name), mode: 'append' });
    const sparks = Promise.all(
      ['spark-a', 'spark-b'].map(async (writer) => {
        for (let round = 0; round < rounds; round++) await commitAs(`${writer}${round}`, insert);
      }),
    );
    void sparks.finally(() => sparking.abort());
    const octavos = Promise.all(
      ['octavo-a', 'octavo-b'].map(async (writer) => {
        for (let round = 0; !sparking.signal.aborted && round < 4 * rounds; round++) {
          await commitAs(`${writer}${round}`, append);
          await delay(100);
        }
      }),
    );
    await Promise.all([sparks, octavos]).finally(() => running.abort());
    await watching;
    const { rows } = await all.warehouse.query(`select distinct writer from ${table} order by 1`);
    assert.deepEqual(
      rows.map((row) => row['writer']),
      committed.toSorted(),
    );
    await assertSameRows(all, table, committed.length * rowsPerCommit);
    assert.ok(reads > 3, `${reads} reads`);
    const bySpark = committed.filter((name) => name.startsWith('spark')).length;
    assert.ok(bySpark > rounds / 2, `${bySpark} commits of Spark`);

    // Every snapshot is made on the one before it, and the engines took turns.
    const { snapshots } = (await all.warehouse.table(table))?.metadata ?? assert.fail();
    assert.equal(snapshots.length, committed.length);
    snapshots.forEach((snapshot, index) => {
      assert.equal(snapshot['parent-snapshot-id'], snapshots[index - 1]?.['snapshot-id']);
      assert.equal(snapshot.summary['total-records'], String((index + 1) * rowsPerCommit));
    });
    const engine = snapshots.map((snapshot) => snapshot.summary['engine-name'] ?? 'octavo');
    assert.equal(engine.filter((name) => name === 'spark').length, bySpark + 1);
    const turns = engine.filter((name, index) => index > 0 && name !== engine[index - 1]).length;
    assert.ok(turns > rounds / 2, `the engines took turns ${turns} times`);
  });

  it('no increment is lost', async () => {
    const table = 'race.counter';
    await all.warehouse.write(table, { select: 'select 0::bigint as n', mode: 'replace' });
    const done = { spark: 0, octavo: 0 };
    let lost = 0;
    const count = async (engine: keyof typeof done, increment: Promise<unknown>): Promise<void> => {
      if (await fulfilled(increment)) done[engine] += 1;
      else lost += 1;
    };
    const octavo = async (): Promise<unknown> => {
      const pins = await all.warehouse.pin([table]);
      const select = `select n + 1 as n from ${table}`;
      const expectedSnapshotId = pins[table] as bigint;
      return all.warehouse.write(table, { select, mode: 'replace', pins, expectedSnapshotId });
    };
    // Octavo comes a little later in every round: from before Spark has begun to after it has ended.
    let sparkMs = 0;
    for (let round = 0; round < 2 * rounds; round++) {
      const startedMs = performance.now();
      const spark = all.spark.run(`update ${table} set n = n + 1`);
      const timed = spark.finally(() => (sparkMs = performance.now() - startedMs));
      const later = delay((sparkMs * round) / (1.5 * rounds)).then(octavo);
      await Promise.all([count('spark', timed), count('octavo', later)]);
    }
    assert.ok(done.spark > 0 && done.octavo > 0 && lost > 0, `${JSON.stringify(done)}, lost ${lost}`);
    assert.deepEqual((await all.warehouse.query(`select n from ${table}`)).rows, [
      { n: done.spark + done.octavo },
    ]);
    await assertSameRows(all, table, 1);
  });
});
