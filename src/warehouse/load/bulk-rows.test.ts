import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setProperties } from '../iceberg/index.ts';
import { sealedPrefix } from '../warehouse-port.ts';
import { inLoaderWorld, waysOf } from './loader-world.fixture.ts';

const eventsId = { namespace: 'raw', name: 'events' };

/** Whole and sparse events of six days, two of them sealed; some stand in the log twice, in one batch or in two. */
function batches(): readonly (readonly string[])[] {
  const event = (number: number): object => {
    const at = new Date(Date.parse('2026-11-01T20:30:00.250Z') + number * 1_000_000).toISOString();
    const id = `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`;
    const base = { id, kind: number % 7 === 0 ? 'search' : 'page_view', occurred_at: at, received_at: at };
    if (number % 5 === 0) return base;
    return {
      sent_at: at,
      ...base,
      source: 'web',
      reader_id: `r${number % 9}`,
      page: { url: `https://books.example/${number}`, title: '한 권의 "책"\n' },
      app: { name: 'store', version: '1', platform: 'web' },
      items: Array.from({ length: number % 4 }, (_, index) => ({ item_id: `t${index}`, index, price: 9.95 })),
      properties: number % 3 === 0 ? undefined : { occurred_at: 'never', deep: { list: [1, 'a', null] } },
      client: { device: 'mobile', bot: number % 2 === 0 },
      campaign: { source: 'naver', id: 'c1' },
      referrer: { class: 'search', name: 'Naver' },
    };
  };
  const texts = Array.from({ length: 400 }, (_, number) => JSON.stringify(event(number)));
  const korean = texts
    .slice(100, 110)
    .map((text) => text.replace(/(?<=occurred_at":"[^"]+)\.250Z/, '.250+00:00'));
  const [first, second] = [texts.slice(0, 250), texts.slice(250)];
  return [
    [...first, ...first.slice(3, 6), ...korean],
    [...second, ...first.slice(40, 50), ...second.slice(-2)],
    first.slice(20, 30),
  ];
}

async function load(extra: readonly string[]): Promise<{
  readonly rows: readonly object[];
  readonly outcomes: readonly object[];
  readonly ways: readonly string[];
}> {
  const outcomes: object[] = [];
  let rows: readonly object[] = [];
  const ways = await waysOf(() =>
    inLoaderWorld(async ({ warehouse, events, loader }) => {
      await loader.loadAll();
      await setProperties(warehouse.context, eventsId, {
        [`${sealedPrefix}2026-11-03`]: 'x',
        [`${sealedPrefix}2026-11-04`]: 'x',
      });
      for (const texts of batches()) {
        await events.append(
          0,
          [...texts, ...extra].map((text) => Buffer.from(text)),
        );
        outcomes.push(await loader.loadOnce());
      }
      const { columns } = await warehouse.query('select * exclude (log_offset) from raw.events limit 0');
      const order = columns.map((_, index) => index + 1).join(', ');
      rows = (await warehouse.query(`select * exclude (log_offset) from raw.events order by ${order}`)).rows;
    }),
  );
  return { rows, outcomes, ways };
}

test('records that are written in bulk become the same rows as those that are read one by one', async () => {
  const bulk = await load([]);
  const careful = await load(['{"kind": nonsense']);
  assert.deepEqual(bulk.ways, ['bulk', 'bulk', 'bulk']);
  assert.deepEqual(careful.ways, ['one_by_one', 'one_by_one', 'one_by_one']);
  assert.equal(bulk.rows.length, 400);
  assert.deepEqual(bulk.rows, careful.rows);
  assert.deepEqual(
    bulk.outcomes.map((outcome) => ({ ...outcome, failed: 1 })),
    careful.outcomes,
  );
});

test('what only looks like an event is kept as before, and the other events are loaded', () =>
  inLoaderWorld(async ({ warehouse, events, loader }) => {
    const idOf = (number: number): string => `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`;
    const [id, at] = [idOf(1), '2026-11-05T10:00:00Z'];
    const texts = [
      '[]',
      '{}',
      '7',
      ` {"id":"${id}"}`,
      `{"id":"${id}","kind":"x","occurred_at":"infinity"}`,
      `{"id":"${id}","kind":"x","occurred_at":"2026-02-30T00:00:00Z"}`,
      `{"id":"${id}","kind":null,"occurred_at":"${at}"}`,
      `{"kind":"x","occurred_at":"${at}"}`,
      `{"id":"${id}","kind":"x","occurred_at":"${at}","items":[{"price":"dear"}]}`,
      `{"properties":{"occurred_at":"${at}"},"id":"${id}","kind":"x"}`,
      `{"id":"${id}","kind":"x","occurred_at":"${at}"}\n{"id":"${idOf(2)}","kind":"x","occurred_at":"${at}"}`,
    ];
    for (const [number, text] of texts.entries()) {
      const good = `{"id":"${idOf(number + 10)}","kind":"x","occurred_at":"${at}","received_at":"${at}"}`;
      await events.append(
        0,
        [good, text].map((one) => Buffer.from(one)),
      );
      const expected = { loaded: 1, duplicates: 0, late: 0, failed: 1, more: false };
      assert.deepEqual(await loader.loadAll(), expected, text);
    }
    const { rows } = await warehouse.query('select raw from raw.failed_events order by log_offset');
    assert.deepEqual(
      rows.map((row) => row['raw']),
      texts,
    );
  }));

test('a time in an event’s properties that no calendar knows stops no load', () =>
  inLoaderWorld(async ({ events, loader }) => {
    const own = '2026-11-05T10:00:00Z';
    for (const [index, far] of [
      '+275760-09-13T00:00:00Z',
      '-271821-04-20T00:00:00Z',
      '9999-12-31T23:59:59Z',
    ].entries()) {
      const id = `0192f0c1-7e2a-7c3d-9a4b-00000000f1${String(index).padStart(2, '0')}`;
      const text = `{"properties":{"occurred_at":"${far}"},"id":"${id}","kind":"x","occurred_at":"${own}"}`;
      await events.append(0, [Buffer.from(text)]);
      assert.equal((await loader.loadAll()).loaded, 1, far);
    }
  }));

test('an event whose properties have a time of another day before its own counts for its own day', () =>
  inLoaderWorld(async ({ warehouse, events, loader }) => {
    const [own, other] = ['2026-11-05T10:00:00Z', '2026-11-09T10:00:00Z'];
    const text = `{"properties":{"occurred_at":"${other}"},"id":"0192f0c1-7e2a-7c3d-9a4b-00000000f001","kind":"x","occurred_at":"${own}"}`;
    await events.append(0, [Buffer.from(text)]);
    assert.equal((await loader.loadAll()).loaded, 1);
    const { rows } = await warehouse.query('select business_day from raw.events');
    assert.deepEqual(rows, [{ business_day: '2026-11-05' }]);
  }));
