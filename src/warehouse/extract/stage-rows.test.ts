import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { hasCode } from '../../base/index.ts';
import { openExtractWorld } from './extract-world.fixture.ts';
import type { LoadedColumn } from './loaded-column.ts';
import { linesOf } from './row-lines.ts';
import { openRowStage } from './stage-rows.ts';

const column = (name: string, type: string, unfit?: (text: string) => string): LoadedColumn => {
  const load = (text: string): string => (unfit === undefined ? text : `nullif(${text}, 'none')`);
  const more = unfit === undefined ? {} : { unfit };
  return {
    source: { name, declared: type.toLowerCase(), type, select: name, load, order: 'text' },
    type,
    load,
    ...more,
  };
};
const columns = [
  column('id', 'BIGINT'),
  column('price', 'DECIMAL(12,2)'),
  column('day', 'DATE', (text) => `${text} = 'none'`),
  column('text', 'VARCHAR'),
];

const padding = '책'.repeat(1000);
const [parts, rowsEach] = [10, 1500];
const rowOf = (id: number): readonly (string | null)[] => [
  String(id),
  id % 7 === 0 ? null : `${id}.25`,
  id % 1000 === 0 ? 'none' : '2026-11-26',
  `${padding}${id}`,
];
const linesFrom = (first: number) =>
  linesOf(Array.from({ length: rowsEach }, (_, index) => rowOf(first + index)));

test('many rows become data files while others come; all are there once, and what has no counterpart is counted over all', async (t) => {
  const world = await openExtractWorld();
  t.after(() => world.close());
  const { engine } = world.warehouse;
  const stage = await openRowStage(world.warehouse, { columns, about: 'test', isFirst: true });
  for (let part = 0; part < parts; part++) await stage.add(linesFrom(part * rowsEach));
  const count = parts * rowsEach;
  assert.equal(stage.rowCount, count);
  await engine.session(async (session) => {
    const { unfit, stored } = await stage.load(session);
    assert.deepEqual(unfit, { day: count / 1000 });
    assert.ok((stored?.files.length ?? 0) > 1, 'it was one file');
    assert.equal(
      stored?.files.reduce((sum, file) => sum + file.recordCount, 0),
      count,
    );
    const { rows } = await session.query(
      `select count(*) as n, count(distinct id) as ids, count(price) as prices, count(day) as days, sum(price)::varchar as total,
        count(*) filter (text = '${padding}' || id) as texts, typeof(any_value(price)) as type from incoming`,
    );
    const ids = Array.from({ length: count }, (_, id) => id);
    const priced = ids.filter((id) => id % 7 !== 0);
    assert.deepEqual(rows, [
      {
        n: count,
        ids: count,
        prices: priced.length,
        days: count - count / 1000,
        total: priced.reduce((sum, id) => sum + id + 0.25, 0).toFixed(2),
        texts: count,
        type: 'DECIMAL(12,2)',
      },
    ]);
  });
  await stage.remove();
  assert.deepEqual(readdirSync(engine.scratch), []);
});

test('a value that does not fit is said with its column, whichever part it is in, and nothing is left', async (t) => {
  const world = await openExtractWorld();
  t.after(() => world.close());
  const { engine } = world.warehouse;
  const broken = linesOf([['-1', 'no price', null, null]]);
  for (const at of [0, parts]) {
    const stage = await openRowStage(world.warehouse, { columns, about: 'test', isFirst: true });
    const reading = async (): Promise<unknown> => {
      for (let part = 0; part < parts; part++) {
        if (part === at) await stage.add(broken);
        await stage.add(linesFrom(part * rowsEach));
      }
      if (at === parts) await stage.add(broken);
      return engine.session((session) => stage.load(session));
    };
    await assert.rejects(
      reading(),
      (error) => hasCode(error, 'source_value_unfit') && /'price'.*no price/.test(error.message),
    );
    await stage.remove();
    assert.deepEqual(readdirSync(engine.scratch), []);
  }
});

test('while no process is free parts wait on the disk; when the extraction is cancelled then nothing is left', async (t) => {
  const world = await openExtractWorld();
  t.after(() => world.close());
  const { engine } = world.warehouse;
  const held = Promise.withResolvers<void>();
  const busy = [1, 2].map(() => engine.session(() => held.promise));
  const cancel = new AbortController();
  const stage = await openRowStage(world.warehouse, {
    columns,
    about: 'test',
    isFirst: true,
    signal: cancel.signal,
  });
  for (let part = 0; part < parts; part++) await stage.add(linesFrom(part * rowsEach));
  assert.ok(readdirSync(engine.scratch).length > 2, 'no part waits');
  cancel.abort(new Error('cancelled'));
  await assert.rejects(stage.settled());
  await assert.rejects(stage.add(linesFrom(0)));
  await stage.remove();
  assert.deepEqual(readdirSync(engine.scratch), []);
  held.resolve();
  await Promise.all(busy);
});

test('rows that are not all stored are an error, whether they become files or not', async (t) => {
  const world = await openExtractWorld();
  t.after(() => world.close());
  const { engine } = world.warehouse;
  const lines = linesOf([rowOf(1), rowOf(2)]);
  assert.ok(lines !== undefined);
  for (const isFirst of [true, false]) {
    const stage = await openRowStage(world.warehouse, { columns, about: 'test', isFirst });
    await stage.add({ ...lines, rowCount: 3 });
    await assert.rejects(
      engine.session((session) => stage.load(session)),
      (error) => hasCode(error, 'query_failed') && /3 rows were read, 2 were stored/.test(error.message),
    );
    await stage.remove();
    assert.deepEqual(readdirSync(engine.scratch), []);
  }
});
