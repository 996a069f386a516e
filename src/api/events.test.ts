import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom, silentLogger } from '../base/index.ts';
import {
  createCollector,
  createEventFeed,
  openJournal,
  type Collector,
  type EventLog,
} from '../collect/index.ts';
import { openQueries, type Queries } from '../query/index.ts';
import { createLoader, openWarehouse, type Warehouse } from '../warehouse/index.ts';
import type { EventKinds, FailedEvents, TailNews } from './event-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const clock = manualClock(Date.parse('2026-11-10T03:00:00Z'));
let root: string;
let logs: { readonly events: EventLog; readonly failed: EventLog };
let collector: Collector;
let warehouse: Warehouse;
let queries: Queries;
let shop: TestShop;
let url: string;
let serial = 0;

const event = (occurred_at: string, more: object = {}): object => ({
  id: `0192f0c1-7e2a-7c3d-9a4b-${String((serial += 1)).padStart(12, '0')}`,
  kind: 'page_view',
  occurred_at,
  reader_id: 'reader-secret',
  page: { url: 'https://store.example/secret', title: 'Home' },
  ...more,
});

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-events-'));
  const storage = fileStorage();
  const journal = (name: string, partitions: number): Promise<EventLog> =>
    openJournal({ storage, directory: join(root, name), partitions });
  logs = { events: await journal('events', 2), failed: await journal('failed', 1) };
  const feed = createEventFeed(logs);
  warehouse = await openWarehouse({
    root,
    storage,
    clock,
    random: seededRandom(1),
    calendar: createCalendar(),
  });
  queries = openQueries({ warehouse, engine: warehouse.engine });
  collector = await createCollector({ ...logs, clock, feed, authorize: () => ({ source: 'web' }) });
  shop = await openTestShop({
    collect: collector,
    context: { clock, feed, queries },
  });
  url = await shop.server.listen({ port: 0 });
  const week = '2026-11-03T02:30:00Z';
  await send([event(week), event(week), event('2026-11-10T02:30:00Z'), event('2026-11-09T04:30:00Z')]);
  await send([
    event('2026-11-10T02:00:00Z', { kind: 'own_kind' }),
    event('never'),
    event('no', { kind: 'search' }),
  ]);
  const loader = createLoader({ warehouse, log: silentLogger, ...logs });
  await loader.loadAll();
});
after(async () => {
  await shop.close();
  await collector.close();
  await queries.close();
  await warehouse.close();
  await Promise.all([logs.events.close(), logs.failed.close()]);
  await rm(root, { recursive: true });
});

async function send(events: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: 'Bearer any' },
    body: JSON.stringify({ events }),
  });
  assert.equal(response.status, 200);
}

async function ask<T>(path: string, key = shop.key): Promise<T> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  const body = (await response.json()) as T;
  assert.equal(response.status, 200, JSON.stringify(body));
  return body;
}

test('kinds are counted over a day, and over the same hours a week before', async () => {
  const { kinds } = await ask<EventKinds>('/v1/events/kinds');
  assert.deepEqual(
    kinds.map(({ kind, events, before: earlier, known }) => [kind, events, earlier, known]),
    [
      ['page_view', 2, 2, true],
      ['own_kind', 1, 0, false],
    ],
  );
  assert.deepEqual([kinds[0]?.hours[23], kinds[0]?.hours[1], kinds[0]?.hours.length], [1, 1, 24]);
});

test('what was refused is told by reason; its contents only to whom they are allowed', async () => {
  const { total, reasons } = await ask<FailedEvents>('/v1/events/failed');
  assert.deepEqual([total, reasons.length, reasons[0]?.events, reasons[0]?.path], [2, 1, 2, '/occurred_at']);
  assert.ok(JSON.stringify(reasons[0]?.example).includes('reader-secret'));
  const { key } = shop.keys.create('viewer', ['status:read']);
  const hidden = await ask<FailedEvents>('/v1/events/failed?days=1', key);
  assert.equal(hidden.total, 2);
  assert.equal(hidden.reasons[0]?.open, 2);
  assert.ok(!JSON.stringify(hidden).includes('secret'));
  assert.match(JSON.stringify(hidden.reasons[0]?.example), /"reader_id":"\*\*\*"/);
});

/** Listens until something matches. */
async function listen(path: string, key: string, until: (news: TailNews) => boolean): Promise<TailNews> {
  const gone = new AbortController();
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(url + path, { headers, signal: gone.signal });
  assert.equal(response.status, 200, await (response.status === 200 ? '' : response.text()));
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      text += (await reader?.read())?.value ?? '';
      const told = [...text.matchAll(/^data: (.*)\n\n/gm)].map(
        ([, data]) => JSON.parse(data ?? '') as TailNews,
      );
      const found = told.find(until);
      if (found !== undefined) return found;
    }
  } finally {
    gone.abort();
  }
}

test('the tail begins with the newest and tells what comes, personal data hidden', async () => {
  const first = await listen('/v1/events/tail', shop.key, () => true);
  assert.equal(first.events.length, 7);
  assert.equal(first.events.filter(({ error }) => error !== null).length, 2);
  const { key } = shop.keys.create('analyst', ['tables:read']);
  const path = '/v1/events/tail?kind=purchase&source=web';
  const news = listen(path, key, ({ events }) => events.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await send([
    event('2026-11-10T02:59:00Z'),
    event('2026-11-10T02:59:00Z', {
      kind: 'purchase',
      properties: { transaction_id: 't1', value: 1, currency: 'KRW' },
      items: [{ item_id: 'i1' }],
    }),
  ]);
  const told = await news;
  assert.deepEqual(
    told.events.map(({ kind, source }) => [kind, source]),
    [['purchase', 'web']],
  );
  assert.ok(!JSON.stringify(told).includes('secret'), 'nothing personal');
  assert.deepEqual([told.received, told.missed], [2, 0]);
});

test('what is too fast is counted, and a reader is looked for only by whom may see readers', async () => {
  const news = listen('/v1/events/tail?text=page', shop.key, ({ received }) => received > 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await send(Array.from({ length: 700 }, () => event('2026-11-10T02:59:30Z')));
  const { events, received, missed } = await news;
  assert.deepEqual([events.length, received, missed], [60, 700, 640]);
  const { key } = shop.keys.create('analyst', ['tables:read']);
  const headers = { authorization: `Bearer ${key}` };
  const refused = await fetch(`${url}/v1/events/tail?reader=reader-secret`, { headers });
  assert.equal(refused.status, 403);
});
