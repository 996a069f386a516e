import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createCalendar,
  fileStorage,
  hasCode,
  seededRandom,
  silentLogger,
  systemClock,
  uuidv7,
  type Clock,
} from '../../base/index.ts';
import { openJournal, type EventLog } from '../../collect/index.ts';
import { sealedPrefix, type Warehouse } from '../warehouse-port.ts';
import { openWarehouse } from '../warehouse.ts';
import { setProperties } from '../iceberg/index.ts';
import { compactTable } from '../compact.ts';
import { createLoader } from './loader.ts';
import { skipReleased } from './log-offsets.ts';

let root: string;
let warehouse: Warehouse;
let events: EventLog;
const random = seededRandom(5);
// Time stands still, but a loader that lost a race may wait.
const clock: Clock = { now: () => Date.parse('2026-11-05T00:00:00Z'), sleep: systemClock.sleep };

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-loader-'));
  const storage = fileStorage();
  warehouse = await openWarehouse({
    root,
    storage,
    clock,
    random,
    calendar: createCalendar(),
    memory: '400MB',
    processesMax: 2,
  });
  events = await openJournal({ directory: join(root, 'events'), storage, partitions: 2 });
});

after(async () => {
  await events.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

const event = (occurred: string, extra: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: uuidv7({ nowMs: Date.parse(occurred), next: () => random.next() }),
      kind: 'view_item',
      occurred_at: occurred,
      received_at: occurred,
      source: 'web',
      page: { url: '/book/1' },
      items: [{ item_id: 'b1', price: 9.9, index: 1 }],
      properties: { currency: 'KRW', n: 1 },
      ...extra,
    }),
  );

test('events are in the table once, duplicates and unreadable records are counted', async () => {
  const one = event('2026-11-04T20:59:59.999Z');
  const two = event('2026-11-04T21:00:00.000Z');
  await events.append(0, [one, two, one]);
  await events.append(1, [
    Buffer.from('{"kind": nonsense'),
    event('2026-11-04T22:00:00Z'),
    Buffer.from('{"kind":"x"}'),
    event('2026-11-04T22:00:00Z', { items: [{ item_id: 'x', price: 'dear' }] }),
  ]);
  const loader = createLoader({ warehouse, events, log: silentLogger });
  assert.deepEqual(await loader.loadOnce(), { loaded: 3, duplicates: 1, late: 0, failed: 3, more: false });
  await events.append(0, [two]);
  assert.deepEqual(await loader.loadOnce(), { loaded: 0, duplicates: 1, late: 0, failed: 0, more: false });
  const { rows } = await warehouse.query(
    'select business_day, count(*) n, min(items[1].price) price from raw.events group by 1 order by 1',
  );
  assert.deepEqual(rows, [
    { business_day: '2026-11-04', n: 1, price: '9.90' },
    { business_day: '2026-11-05', n: 2, price: '9.90' },
  ]);
  assert.equal((await warehouse.query('select count(*) n from raw.failed_events')).rows[0]?.n, 3);
});

test('what does not fit into one commit is loaded by the next ones', async () => {
  await events.append(
    1,
    Array.from({ length: 7 }, () => event('2026-11-04T23:30:00Z')),
  );
  const loader = createLoader({ warehouse, events, log: silentLogger, recordsMax: 4 });
  assert.deepEqual(await loader.loadOnce(), { loaded: 2, duplicates: 0, late: 0, failed: 0, more: true });
  const rest = await loader.loadAll();
  assert.deepEqual([rest.loaded, rest.more], [5, false]);
});

test('of two loaders one commits and nothing doubles', async () => {
  await events.append(
    0,
    Array.from({ length: 50 }, () => event('2026-11-04T23:00:00Z')),
  );
  const before = Number((await warehouse.query('select count(*) n from raw.events')).rows[0]?.n);
  const loaders = [0, 1].map(() => createLoader({ warehouse, events, log: silentLogger }));
  await Promise.all(loaders.map((loader) => loader.loadAll()));
  const { rows } = await warehouse.query('select count(*) n, count(distinct event_id) ids from raw.events');
  assert.deepEqual(rows, [{ n: before + 50, ids: before + 50 }]);
});

test('loaders side by side load every event once while segments are removed behind them', async () => {
  const place = join(root, 'side-by-side');
  const storage = fileStorage();
  const own = await openWarehouse({
    ...warehouse.context,
    calendar: createCalendar(),
    root: place,
    memory: '400MB',
    processesMax: 2,
  });
  const log = await openJournal({
    directory: join(place, 'events'),
    storage,
    partitions: 1,
    segmentBytes: 2_000,
  });
  const loaders = Array.from({ length: 3 }, () =>
    createLoader({ warehouse: own, events: log, log: silentLogger, recordsMax: 10 }),
  );
  const sent = 72;
  for (let index = 0; index < sent; index++) {
    await log.append(0, [event('2026-11-04T23:00:00Z')]);
    if (index % 9 === 8) await Promise.all(loaders.map((loader) => loader.loadAll()));
  }
  const { rows } = await own.query('select count(*) n, count(distinct event_id) ids from raw.events');
  assert.deepEqual(rows, [{ n: sent, ids: sent }]);
  const start = await log.start(0);
  assert.ok(start > 0);
  // The table went back to a state of before, as when a damaged metadata file is restored.
  await setProperties(own.context, { namespace: 'raw', name: 'events' }, { 'octavo.log.events.0': '0' });
  const [loader] = loaders;
  await assert.rejects(loader?.loadAll() ?? Promise.resolve(), (error) => hasCode(error, 'log_offset_gone'));
  assert.equal(await skipReleased(own, 'events', new Map([[0, start]])), start);
  await log.append(0, [event('2026-11-04T23:00:00Z')]);
  const outcome = await loader?.loadAll();
  assert.deepEqual(
    [outcome?.loaded, outcome?.duplicates],
    [1, sent - start],
    'what is still there is known already',
  );
  const left = (await storage.list(join(place, 'scratch'))).filter(({ name }) => name.endsWith('.ndjson'));
  assert.deepEqual(left, [], 'lines that were prepared in vain are removed');
  await log.close();
  await own.close();
});

test('small files of a day become one while events are loaded, and what was read before stays readable', async () => {
  const loader = createLoader({ warehouse, events, log: silentLogger });
  for (let commit = 0; commit < 6; commit++) {
    await events.append(commit % 2, [event('2026-11-04T23:00:00Z')]);
    await loader.loadAll();
  }
  const select =
    'select count(*) n, count(distinct event_id) ids, sum(hash(event_id)) as contents from raw.events';
  const before = await warehouse.query(select);
  const table = await warehouse.catalog.load({ namespace: 'raw', name: 'events' });
  const [made] = await Promise.all([
    compactTable(warehouse, table, { filesMin: 2 }),
    events.append(0, [event('2026-11-04T23:00:00Z')]).then(() => loader.loadAll()),
  ]);
  assert.ok(made.filesBefore >= 6 && made.filesAfter < made.filesBefore, JSON.stringify(made));
  const after = await warehouse.query('select count(*) n, count(distinct event_id) ids from raw.events');
  const expected = Number(before.rows[0]?.n) + 1;
  assert.deepEqual(after.rows, [{ n: expected, ids: expected }]);
  assert.deepEqual((await warehouse.query(select, { pins: before.pins })).rows, before.rows);
  await assert.rejects(compactTable(warehouse, table, { filesMin: 2 }), (error) =>
    hasCode(error, 'commit_conflict'),
  );
});

test('an event of a sealed day counts for the first open day, as late', async () => {
  await setProperties(
    warehouse.context,
    { namespace: 'raw', name: 'events' },
    { [`${sealedPrefix}2026-11-04`]: 'x', [`${sealedPrefix}2026-11-05`]: 'x' },
  );
  await events.append(0, [event('2026-11-04T20:00:00Z', { kind: 'late_one' })]);
  const outcome = await createLoader({ warehouse, events, log: silentLogger }).loadAll();
  assert.equal(outcome.late, 1);
  const { rows } = await warehouse.query(`select business_day, late from raw.events where kind = 'late_one'`);
  assert.deepEqual(rows, [{ business_day: '2026-11-06', late: true }]);
});
