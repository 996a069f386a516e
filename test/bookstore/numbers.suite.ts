import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SQLOutputValue } from 'node:sqlite';
import { readSeries } from '../../src/statistics/index.ts';
import { sharedBookstore, type Bookstore } from './world.ts';

/**
 * The demo's numbers a second time: SQL over the shop's own SQLite database and plain code over the
 * event log, neither of which knows the warehouse, the models or the lists.
 */
let store: Bookstore;
let day = '';

before(
  async () => {
    store = await sharedBookstore();
    day = store.days.at(-1) ?? '';
  },
  { timeout: 300_000 },
);

/** Instants of the span of days, as the shop's database writes them. */
function span(from: string, to: string): { readonly start: string; readonly end: string } {
  const { calendar } = store.platform;
  const at = (ms: number): string => new Date(ms).toISOString();
  return { start: at(calendar.intervalOf(from).startMs), end: at(calendar.intervalOf(to).endMs) };
}

function rows(
  sql: string,
  values: Readonly<Record<string, string>>,
): readonly Record<string, SQLOutputValue>[] {
  return store.shop.prepare(sql).all(values);
}

const bought = `
  select l.item_id, l.reader_id from order_lines l join readers r using (reader_id)
  left join (select line_id, sum(copies) copies from refunds where refunded_at < $end group by 1) f using (line_id)
  where l.ordered_at >= $start and l.ordered_at < $end and l.kind = 'purchase' and r.kind = 'person'
    and l.copies < 10 and l.paid > 0 and l.paid * 10 >= l.list_price * l.copies and l.copies > coalesce(f.copies, 0)`;

for (const [list, back] of [
  ['daily', 0],
  ['weekly', 6],
  ['monthly', 29],
] as const) {
  test(`the ${list} list counts buyers as the shop's own database does`, async () => {
    const from = store.platform.calendar.addDays(day, -back);
    const counted = rows(
      `select item_id, count(distinct reader_id) n from (${bought}) group by 1`,
      span(from, day),
    );
    const expected = new Map(counted.map((row) => [String(row['item_id']), Number(row['n'])]));
    const edition = await store.platform.store.current('bestseller', list, day);
    const read = await store.platform.store.read(edition?.id ?? '', 'all', { from: 0, limit: 10_000 });
    const entries = read?.entries ?? [];
    assert.equal(entries.length, Math.min(100, expected.size));
    for (const { key, body } of entries) assert.equal(body['count'], expected.get(key), key);
    const best = [...expected.values()].toSorted((a, b) => b - a).slice(0, entries.length);
    assert.deepEqual(
      entries.map(({ body }) => body['count']),
      best,
    );
    entries.forEach(({ body }) =>
      assert.equal(
        body['rank'],
        1 + [...expected.values()].filter((count) => count > Number(body['count'])).length,
      ),
    );
  });
}

async function metric(name: string): Promise<ReadonlyMap<string, number | null>> {
  const { metrics } = store.platform.project;
  const found = metrics.get(name);
  assert.ok(found !== undefined, name);
  const series = await readSeries({
    store: store.platform.store,
    metric: found,
    metrics,
    grain: 'day',
    from: store.days[0],
    to: day,
  });
  return new Map(series.rows.map(({ period, value }) => [period, value]));
}

const ledger = {
  sales: 'select coalesce(sum(paid), 0) n from order_lines where ordered_at >= $start and ordered_at < $end',
  orders:
    'select count(distinct order_id) n from order_lines where ordered_at >= $start and ordered_at < $end',
  buyers:
    'select count(distinct reader_id) n from order_lines where ordered_at >= $start and ordered_at < $end and paid > 0',
  refunds:
    'select coalesce(sum(amount), 0) n from refunds where refunded_at >= $start and refunded_at < $end',
  sign_ups:
    "select count(*) n from readers where signed_up_at >= $start and signed_up_at < $end and kind = 'person'",
} as const;

for (const [name, sql] of Object.entries(ledger)) {
  test(`${name} of every day equals the shop's own database`, async () => {
    const values = await metric(name);
    for (const one of store.days) {
      const [row] = rows(sql, span(one, one));
      assert.equal(values.get(one) ?? 0, Number(row?.['n']), `${name} ${one}`);
    }
  });
}

test('visitors and active readers of every day equal a count over the event log', async () => {
  const { calendar } = store.platform;
  const people = new Map<string, { readonly devices: Set<string>; readonly readers: Set<string> }>();
  const seen = new Set<string>();
  for (const event of store.logged) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    if (event.session_id === undefined || /crawler|bot\//i.test(event.user_agent ?? '')) continue;
    const on = calendar.dayOf(Date.parse(event.occurred_at));
    const counted = people.get(on) ?? { devices: new Set(), readers: new Set() };
    people.set(on, counted);
    if (event.device_id !== undefined) counted.devices.add(event.device_id);
    const read = event.kind === 'read_progress' || event.kind === 'finish_reading';
    if (read && event.device_id !== undefined && event.reader_id !== undefined)
      counted.readers.add(event.reader_id);
  }
  const [visitors, active] = [await metric('visitors'), await metric('active_readers')];
  for (const one of store.days) {
    assert.equal(visitors.get(one), people.get(one)?.devices.size, `visitors ${one}`);
    assert.equal(active.get(one), people.get(one)?.readers.size, `active readers ${one}`);
  }
});

test('every event of the log is in the warehouse once, every other is a duplicate', async () => {
  const ids = new Set(store.logged.map(({ id }) => id));
  assert.ok(store.logged.length > ids.size, 'the simulator sends duplicates');
  const { rows: counted } = await store.platform.warehouse.query(
    'select count(*) as n, count(distinct event_id) as ids from raw.events',
  );
  assert.deepEqual([Number(counted[0]?.['n']), Number(counted[0]?.['ids'])], [ids.size, ids.size]);
});

test('bulk buyers and refunded rings are held off the lists, as the ground truth tells', async () => {
  const planted = store.truth.flatMap(({ day: on, manipulation }) =>
    manipulation ? [{ on, ...manipulation }] : [],
  );
  assert.deepEqual(
    new Set(planted.map(({ kind }) => kind)),
    new Set(['bulk-buyer', 'buyers-ring', 'refund-after-rank']),
  );
  const countOf = async (list: string, on: string, itemId: string): Promise<number> => {
    const edition = await store.platform.store.current('bestseller', list, on);
    const found = await store.platform.store.entry(edition?.id ?? '', 'all', itemId);
    return Number(found?.entry.body['count'] ?? 0);
  };
  for (const { kind, on, itemId, copies } of planted) {
    if (kind === 'bulk-buyer')
      assert.ok((await countOf('daily', on, itemId)) <= 3, `${copies} copies of one buyer`);
    if (kind === 'refund-after-rank') {
      const [before, later] = [await countOf('daily', on, itemId), await countOf('weekly', day, itemId)];
      assert.ok(before > later, `${before} before the refunds, ${later} after them`);
    }
  }
});
