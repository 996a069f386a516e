import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { fileStorage, hasCode, seededRandom, silentLogger, systemClock, uuidv7 } from '../../base/index.ts';
import { openJournal, type EventLog } from '../../collect/index.ts';
import { openExtractWorld, type ExtractWorld } from '../extract/extract-world.fixture.ts';
import { eventColumns } from '../load/event-columns.ts';
import { createLoader } from '../load/loader.ts';
import type { TableWrite, Warehouse, Written } from '../warehouse-port.ts';
import { sealDay, type SealCounts } from './seal-day.ts';

let world: ExtractWorld;
let log: EventLog;
before(async () => {
  world = await openExtractWorld();
  log = await openJournal({ directory: join(world.folder, 'log'), storage: fileStorage(), partitions: 1 });
});
after(async () => {
  await log.close();
  await world.close();
});

const random = seededRandom('seal');

function event(occurredAt: string, extra: object = {}): Buffer {
  const id = uuidv7({ nowMs: Date.parse(occurredAt), next: () => random.next() });
  const given = { id, kind: 'view_item', occurred_at: occurredAt, received_at: occurredAt, source: 'web' };
  return Buffer.from(JSON.stringify({ ...given, ...extra }));
}

const load = () => createLoader({ warehouse: world.warehouse, events: log, log: silentLogger }).loadAll();

const seal = (day: string, sources: Readonly<Record<string, object>> = {}, token = 1): Promise<SealCounts> =>
  sealDay({ warehouse: world.warehouse, sources: world.sources(sources), day, token });

async function eventsByDay(kind: string): Promise<Readonly<Record<string, number>>> {
  const rows = await world.rows(
    `select cast(business_day as varchar) as day, count(*) as n from raw.events where kind = '${kind}' group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map((row) => [String(row['day']), Number(row['n'])]));
}

test('a day that is not over is refused', async () => {
  world.clock.advance(Date.parse('2026-11-05T22:59:59.999Z') - world.clock.now());
  await assert.rejects(seal('2026-11-05'), (error) => hasCode(error, 'day_open'));
  world.clock.advance(1);
  assert.equal((await seal('2026-11-05')).events, 0);
  assert.deepEqual(await world.warehouse.sealedDays(), ['2026-11-05']);
});

test('duplicates are dropped, the first of the log stays, and what is late counts for the first open day', async () => {
  const first = event('2026-10-01T10:00:00Z', { kind: 'twice' });
  await log.append(0, [first, event('2026-10-01T11:00:00Z', { kind: 'twice' })]);
  await load();
  // Another writer, such as Spark, may have added a copy without looking.
  const names = eventColumns.map(({ name }) => (name === 'log_offset' ? '999 as log_offset' : `"${name}"`));
  await world.warehouse.write('raw.events', {
    select: `select ${names.join(', ')} from raw.events where kind = 'twice'`,
    mode: 'append',
  });
  const { events, duplicates, late } = await seal('2026-10-01');
  assert.deepEqual([events, duplicates, late], [2, 2, 0]);
  assert.deepEqual(
    await world.rows(`select max(log_offset) < 999 as first from raw.events where kind = 'twice'`),
    [{ first: true }],
  );
  await log.append(0, [first, event('2026-10-01T12:00:00Z', { kind: 'twice' })]);
  assert.deepEqual((await load()).late, 1);
  assert.deepEqual(await eventsByDay('twice'), { '2026-10-01': 2, '2026-10-02': 1 });
  const next = await seal('2026-10-02');
  assert.deepEqual([next.events, next.late], [1, 1]);
  const rows = await world.rows(
    `select cast(business_day as varchar) as day, events, duplicates, late from raw.seals where business_day < date '2026-10-03' order by 1`,
  );
  assert.deepEqual(rows, [
    { day: '2026-10-01', events: 2, duplicates: 2, late: 0 },
    { day: '2026-10-02', events: 1, duplicates: 0, late: 1 },
  ]);
});

test('totals that differ from the source stop the seal and say by how much; rows that come late agree again', async () => {
  const path = join(world.folder, 'shop.db');
  const shop = new DatabaseSync(path);
  shop.exec('create table orders (id integer primary key, at text, paid real)');
  const order = (id: number, at: string, paid: number): void =>
    void shop.prepare('insert into orders values (?, ?, ?)').run(id, at, paid);
  const orders = { mode: 'incremental', cursor: 'id', time: 'at', control: ['paid'] };
  const sources = { shop: { type: 'sqlite', path, tables: { orders } } };
  order(1, '2026-10-24T22:00:00Z', 0.1);
  order(2, '2026-10-25T22:59:59Z', 0.2);
  await world.extract(sources);
  order(3, '2026-10-25T12:00:00Z', 7);
  await assert.rejects(
    seal('2026-10-25', sources),
    (error) =>
      hasCode(error, 'seal_mismatch') &&
      /raw\.shop_orders: 3 rows in the source, 2 in the table/.test(error.message) &&
      /paid is 7\.3000 in the source, 0\.3000 in the table/.test(error.message),
  );
  assert.equal(await world.warehouse.isSealed('2026-10-25'), false);
  await world.extract(sources);
  assert.equal((await seal('2026-10-25', sources)).tables, 1);
  order(4, '2026-10-25T13:00:00Z', 5);
  order(5, '2026-10-26T13:00:00Z', 1);
  await world.extract(sources);
  await seal('2026-10-26', sources);
  const rows = await world.rows(
    'select cast(business_day as varchar) as day, count(*) as n, sum(paid) as paid from raw.shop_orders group by 1 order by 1',
  );
  assert.deepEqual(rows, [
    { day: '2026-10-25', n: 3, paid: 7.3 },
    { day: '2026-10-26', n: 2, paid: 6 },
  ]);
  shop.close();
});

test('files with local times agree with themselves on the nights when clocks change', async () => {
  await world.write(
    'lines/a.csv',
    'at,paid\n2026-03-29 01:59:59,1.10\n2026-03-29 23:30:00,2.20\n2026-03-30 00:00:00,3\n',
  );
  const lines = {
    type: 'csv',
    path: join(world.folder, 'lines/*.csv'),
    table: 'lines',
    columns: { paid: 'decimal(10,2)' },
    time: 'at',
    control: ['paid'],
  };
  await world.extract({ till: lines });
  assert.equal((await seal('2026-03-29', { till: lines })).tables, 1);
  const rows = await world.rows(`select totals from raw.seals where business_day = date '2026-03-29'`);
  assert.deepEqual(JSON.parse(String(rows[0]?.['totals'])), [
    { table: 'raw.till_lines', rows: 2, sums: { paid: '3.3000' } },
  ]);
});

test('a day is sealed while events stream in without a pause, and every event is there once', async () => {
  const day = '2026-10-10';
  const sent = 40 * 50;
  await log.append(
    0,
    Array.from({ length: 50 }, () => event(`${day}T10:00:00Z`, { kind: 'stream' })),
  );
  await load();
  const loader = createLoader({
    warehouse: world.warehouse,
    events: log,
    log: silentLogger,
    intervalMs: 1,
  });
  const stop = new AbortController();
  const loading = loader.run(stop.signal);
  const sealing = seal(day);
  for (let batch = 1; batch < 40; batch++) {
    const days = [day, '2026-10-20'];
    await log.append(
      0,
      Array.from({ length: 50 }, (_, n) => event(`${days[n % 2]}T10:00:00Z`, { kind: 'stream' })),
    );
    await systemClock.sleep(20);
  }
  const sealed = await sealing;
  stop.abort();
  await loading;
  await load();
  const byDay = await eventsByDay('stream');
  assert.equal(byDay[day], sealed.events, 'nothing came into the day after it was sealed');
  assert.equal(
    Object.values(byDay).reduce((sum, n) => sum + n, 0),
    sent,
  );
  const ids = await world.rows(`select count(distinct event_id) as n from raw.events where kind = 'stream'`);
  assert.deepEqual(ids, [{ n: sent }]);
});

test('a seal waits for no pause of the loader: only events of its own day make it count again', async () => {
  const day = '2026-10-17';
  await log.append(0, [event(`${day}T10:00:00Z`, { kind: 'busy' })]);
  await load();
  let [commits, own] = [0, 0];
  const write = async (table: string, rows: TableWrite): Promise<Written> => {
    if (table !== 'raw.events') return await world.warehouse.write(table, rows);
    // Whenever the seal is about to commit, the loader has been faster.
    commits += 1;
    const mine = own < 2 ? [event(`${day}T11:00:00Z`, { kind: 'busy' })] : [];
    own += mine.length;
    await log.append(0, [event('2026-10-30T10:00:00Z', { kind: 'busy' }), ...mine]);
    await load();
    return await world.warehouse.write(table, rows);
  };
  const busy = new Proxy(world.warehouse, {
    get: (target, name: keyof Warehouse) => {
      const member: unknown = name === 'write' ? write : target[name];
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const counts = await sealDay({ warehouse: busy, sources: { ...world.sources({}), warehouse: busy }, day });
  assert.deepEqual([commits, counts.events], [3, 3]);
  assert.deepEqual(await eventsByDay('busy'), { [day]: 3, '2026-10-30': 3 });
});

test('a load that a seal overtakes begins again, and its events count as late', async () => {
  const day = '2026-10-18';
  await log.append(0, [event(`${day}T10:00:00Z`, { kind: 'overtaken' })]);
  const appendFiles: Warehouse['appendFiles'] = async (table, files, commit) => {
    if (!(await world.warehouse.isSealed(day))) await seal(day);
    return await world.warehouse.appendFiles(table, files, commit);
  };
  const warehouse = new Proxy(world.warehouse, {
    get: (target, name: keyof Warehouse) => {
      const member: unknown = name === 'appendFiles' ? appendFiles : target[name];
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const outcome = await createLoader({ warehouse, events: log, log: silentLogger }).loadAll();
  assert.deepEqual([outcome.loaded, outcome.late], [1, 1]);
  assert.deepEqual(await eventsByDay('overtaken'), { '2026-10-19': 1 });
});

test('a holder whose lease another one has taken over seals nothing', async () => {
  await log.append(0, [event('2026-10-15T10:00:00Z', { kind: 'fenced' })]);
  await load();
  await seal('2026-10-15', {}, 7);
  await assert.rejects(seal('2026-10-15', {}, 6), (error) => hasCode(error, 'fenced'));
});
