import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom, silentLogger } from '../base/index.ts';
import { createCollector, openJournal, type Collector, type EventLog } from '../collect/index.ts';
import { openQueries, type Queries } from '../query/index.ts';
import { createLoader, openWarehouse, type Loader, type Warehouse } from '../warehouse/index.ts';
import type { FailedRows, Replayed } from './replay-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const clock = manualClock(Date.parse('2026-11-10T03:00:00Z'));
let root: string;
let logs: { readonly events: EventLog; readonly failed: EventLog };
let collector: Collector;
let loader: Loader;
let warehouse: Warehouse;
let queries: Queries;
let shop: TestShop;
let url: string;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-replay-'));
  const storage = fileStorage();
  const journal = (name: string): Promise<EventLog> =>
    openJournal({ storage, directory: join(root, name), partitions: 1 });
  logs = { events: await journal('events'), failed: await journal('failed') };
  warehouse = await openWarehouse({
    root,
    storage,
    clock,
    random: seededRandom(1),
    calendar: createCalendar(),
  });
  queries = openQueries({ warehouse, engine: warehouse.engine });
  collector = await createCollector({ ...logs, clock, authorize: () => ({ source: 'web' }) });
  loader = createLoader({ warehouse, log: silentLogger, ...logs });
  shop = await openTestShop({ collect: collector, context: { clock, queries, collector } });
  url = await shop.server.listen({ port: 0 });
});
after(async () => {
  await shop.close();
  await collector.close();
  await queries.close();
  await warehouse.close();
  await Promise.all([logs.events.close(), logs.failed.close()]);
  await rm(root, { recursive: true });
});

const occurred_at = '2026-11-10T02:00:00Z';
const id = (number: number): string => `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`;

async function call<T>(path: string, body?: object, key = shop.key): Promise<T> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'user-agent': 'Reader/2', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T;
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

test('refused events are mended, stored once, and no longer open', async () => {
  await call('/v1/events', {
    events: [
      { id: id(1), kind: 'Page_View', occurred_at, reader_id: 'r1' },
      { id: id(2), kind: 'Page_View', occurred_at },
      { kind: 'page_view', occurred_at, page: { url: 'https://store.example/no-id' } },
      { id: id(3), kind: 'page_view', occurred_at, readerid: 'r3' },
      { id: id(4), kind: 'page_view', occurred_at },
    ],
  });
  await loader.loadAll();
  const { rows } = await call<FailedRows>('/v1/events/failed/rows');
  assert.deepEqual(
    rows.map(({ place, path, resolved, user_agent }) => [place, path, resolved, user_agent]),
    [
      ['0-0', '/kind', false, 'Reader/2'],
      ['0-1', '/kind', false, 'Reader/2'],
      ['0-2', '/id', false, 'Reader/2'],
      ['0-3', '/readerid', false, 'Reader/2'],
    ],
  );
  const kinds = { path: '/kind', changes: [{ path: '/kind', value: 'page_view' }] };
  const tried = await call<Replayed>('/v1/events/failed/replay', { ...kinds, dry_run: true });
  assert.deepEqual([tried.selected, tried.accepted, collector.status().stored], [2, 2, 1]);
  assert.equal(tried.more, false);
  const part = await call<Replayed>('/v1/events/failed/replay', { ...kinds, dry_run: true, limit: 1 });
  assert.deepEqual([part.selected, part.more], [1, true]);
  const wrong = await call<Replayed>('/v1/events/failed/replay', { path: '/kind' });
  assert.deepEqual([wrong.failed, wrong.results[0]?.error?.path], [2, '/kind']);

  const both = await Promise.all([1, 2].map(() => call<Replayed>('/v1/events/failed/replay', kinds)));
  assert.equal(
    both.reduce((sum, one) => sum + one.accepted, 0),
    2,
  );
  assert.equal(
    both.reduce((sum, one) => sum + one.duplicates, 0),
    2,
  );
  const nameless = { places: ['0-2'] };
  assert.equal((await call<Replayed>('/v1/events/failed/replay', nameless)).accepted, 1);
  assert.equal((await call<Replayed>('/v1/events/failed/replay', nameless)).duplicates, 1);
  const edited = {
    events: [{ place: '0-3', event: { id: id(3), kind: 'page_view', occurred_at, reader_id: 'r3' } }],
  };
  assert.equal((await call<Replayed>('/v1/events/failed/replay', edited)).accepted, 1);

  await loader.loadAll();
  const stored = await warehouse.query(
    'select count(*) as rows, count(distinct event_id) as ids, max(user_agent) as agent from raw.events',
  );
  assert.deepEqual(stored.rows, [{ rows: 5, ids: 5, agent: 'Reader/2' }]);
  assert.equal((await call<FailedRows>('/v1/events/failed/rows')).rows.length, 0);
  assert.equal((await call<FailedRows>('/v1/events/failed/rows?resolved=true')).rows.length, 4);
  assert.equal((await call<Replayed>('/v1/events/failed/replay', kinds)).selected, 0);
  const refused = await warehouse.query('select count(*) as rows from raw.failed_events');
  assert.deepEqual(refused.rows, [{ rows: 4 }], 'what fails again is not kept again');
});

test('messages of other SDKs are kept without their key, mended and mapped once more', async () => {
  const track = { event: 'Song Played', messageId: 'm-1', timestamp: occurred_at, writeKey: shop.key };
  const sent = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({
      writeKey: shop.key,
      context: { locale: 'ko' },
      batch: [{ ...track, type: 'track' }],
    }),
  });
  assert.equal(sent.status, 200, await sent.text());
  const get = new URLSearchParams({
    e: 'zz',
    aid: shop.key,
    eid: id(21),
    dtm: String(Date.parse(occurred_at)),
  });
  assert.equal((await fetch(`${url}/i?${get.toString()}`)).status, 200);
  await loader.loadAll();

  const { rows } = await call<FailedRows>('/v1/events/failed/rows');
  assert.deepEqual(
    rows.map(({ path }) => path).toSorted(),
    ['/segment/userId', '/snowplow/e'],
    'the pointers lead into what was kept',
  );
  assert.ok(!JSON.stringify(rows).includes(shop.key), 'a key is a secret');
  const replay = (path: string, changes: readonly object[], more = {}): Promise<Replayed> =>
    call<Replayed>('/v1/events/failed/replay', { path, changes, ...more });
  const unmended = await replay('/segment/userId', []);
  assert.deepEqual([unmended.failed, unmended.results[0]?.error?.path], [1, '/segment/userId']);
  const named = [{ path: '/segment/userId', value: 'r9' }];
  const tried = await replay('/segment/userId', named, { dry_run: true });
  assert.equal((tried.results[0]?.event as { readonly kind?: string } | undefined)?.kind, 'song_played');
  assert.equal((await replay('/segment/userId', named)).accepted, 1);
  assert.equal((await replay('/snowplow/e', [{ path: '/snowplow/e', value: 'pv' }])).accepted, 1);
  await loader.loadAll();
  const stored = await warehouse.query(
    `select kind, reader_id, properties from raw.events where kind = 'song_played' or event_id = '${id(21)}'`,
  );
  assert.deepEqual(
    stored.rows.map(({ kind, reader_id }) => `${String(kind)} ${String(reader_id)}`).toSorted(),
    ['page_view null', 'song_played r9'],
  );
  assert.ok(JSON.stringify(stored.rows).includes('locale'), 'what a batch shares is kept with each');
});

test('who may only read sees no contents, and replays nothing', async () => {
  await call('/v1/events', { events: [{ id: id(9), kind: 'NO', occurred_at, reader_id: 'reader-secret' }] });
  await loader.loadAll();
  const { key } = shop.keys.create('analyst', ['tables:read']);
  const { rows } = await call<FailedRows>('/v1/events/failed/rows?kind=NO', undefined, key);
  assert.equal(rows.length, 1);
  assert.ok(!JSON.stringify(rows).includes('secret'));
  const denied = await fetch(`${url}/v1/events/failed/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(denied.status, 403);
  for (const changes of [
    [{ path: 'kind', value: 1 }],
    [{ path: '/kind' }],
    [{ path: '/a', value: 1, remove: true }],
  ]) {
    const wrong = await fetch(`${url}/v1/events/failed/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ changes }),
    });
    assert.equal(wrong.status, 400, JSON.stringify(changes));
  }
});
