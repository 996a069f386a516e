import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, hashJson } from '../base/index.ts';
import { isEventError, validateEvent, type StoredEvent } from '../event/index.ts';
import { leafCategories } from './categories.ts';
import { workTitle } from './names.ts';
import {
  createCatalogue,
  openShopDatabase,
  sendEvents,
  toInput,
  writeHistory,
  writeSales,
  type DayTruth,
} from './index.ts';

const calendar = createCalendar();

async function history(path: string, days: number, until = '2026-11-22', scale = 0.3) {
  const shop = openShopDatabase(path);
  const events: StoredEvent[] = [];
  const truths: DayTruth[] = [];
  const generator = writeHistory({
    days,
    until,
    seed: 11,
    scale,
    shop,
    appendEvents: async (batch) => void events.push(...batch),
    writeTruth: async () => undefined,
  });
  let step = await generator.next();
  let written = 0;
  for (; step.done !== true; step = await generator.next()) {
    truths.push(step.value.truth);
    if (step.value.written) written++;
  }
  return { shop, events, truths, written, world: step.value };
}

async function inFolder(run: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'octavo-simulate-'));
  try {
    await run(join(folder, 'shop.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the same seed, days and end day give the same events', async () => {
  const [one, two] = [await history(':memory:', 4), await history(':memory:', 4)];
  assert.equal(hashJson(one.events as never), hashJson(two.events as never));
  assert.deepEqual(one.truths, two.truths);
});

test('every event passes the catalogue', async () => {
  const { events } = await history(':memory:', 9);
  for (const event of events) {
    const result = validateEvent(toInput(event));
    assert.ok(!isEventError(result), JSON.stringify([result, event]));
  }
});

test('a written day is not written again and what follows is as if it had never stopped', async () => {
  await inFolder(async (path) => {
    const first = await history(path, 5, '2026-11-20');
    first.shop.close();
    const second = await history(path, 5, '2026-11-22');
    second.shop.close();
    const whole = await history(':memory:', 7, '2026-11-22');
    assert.equal(second.written, 2);
    assert.equal(hashJson([...first.events, ...second.events] as never), hashJson(whole.events as never));
    await assert.rejects(async () => {
      const shop = openShopDatabase(path);
      try {
        await writeHistory({
          days: 5,
          until: '2026-11-22',
          seed: 12,
          scale: 0.3,
          shop,
          appendEvents: async () => undefined,
          writeTruth: async () => undefined,
        }).next();
      } finally {
        shop.close();
      }
    }, /seed 11/);
  });
});

test('the ledger, the events and the truth agree', async () => {
  await inFolder(async (path) => {
    const { shop, events, truths } = await history(path, 12);
    shop.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const one = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0]);
    const sum = (pick: (truth: DayTruth) => number): number =>
      truths.reduce((total, truth) => total + pick(truth), 0);
    assert.equal(one('select sum(paid_total) from orders'), one('select sum(paid) from order_lines'));
    assert.equal(
      one('select count(*) from orders'),
      sum((truth) => truth.orders),
    );
    assert.equal(
      one('select sum(paid) from order_lines'),
      sum((truth) => truth.paid),
    );
    assert.equal(
      one('select coalesce(sum(amount), 0) from refunds'),
      sum((truth) => truth.refunded),
    );
    assert.equal(
      one('select count(*) from order_lines where order_id not in (select order_id from orders)'),
      0,
    );
    assert.equal(one('select count(*) from order_lines where item_id not in (select item_id from items)'), 0);
    assert.equal(
      one('select count(*) from orders where reader_id not in (select reader_id from readers)'),
      0,
    );
    const placed = new Map(
      events
        .filter((event) => ['purchase', 'rent', 'gift'].includes(event.kind))
        .map((event) => [String(event.properties?.transaction_id), event.properties?.value]),
    );
    const orders = database.prepare('select order_id, paid_total from orders').all();
    const missing = orders.filter((order) => placed.get(String(order.order_id)) !== order.paid_total);
    assert.equal(
      missing.length,
      sum((truth) => truth.ordersWithoutEvent),
    );
    database.close();
    const ids = new Set(events.map((event) => event.id));
    assert.ok(
      Math.abs(events.length - ids.size - sum((truth) => truth.duplicates)) <= 3,
      'only duplicates of the last minutes are still on their way',
    );
    assert.equal(
      sum((truth) => truth.events),
      events.length,
    );
    assert.ok(truths.some((truth) => truth.manipulation?.kind === 'buyers-ring'));
    assert.ok(sum((truth) => truth.late) > 0);
  });
});

test('evenings are the peak, nights the trough, and weekends are stronger', async () => {
  const { events } = await history(':memory:', 14);
  const hours = Array.from({ length: 24 }, () => 0);
  const weekdays = Array.from({ length: 7 }, () => 0);
  for (const event of events.filter((each) => each.kind === 'page_view')) {
    const at = Temporal.Instant.from(event.occurred_at).toZonedDateTimeISO('Asia/Seoul');
    hours[at.hour] = (hours[at.hour] ?? 0) + 1;
    const day = Temporal.PlainDate.from(calendar.dayOf(at.epochMilliseconds)).dayOfWeek - 1;
    weekdays[day] = (weekdays[day] ?? 0) + 1;
  }
  assert.ok((hours[22] ?? 0) > 5 * (hours[4] ?? 0));
  assert.ok((weekdays[5] ?? 0) > (weekdays[0] ?? 0));
});

test('readers buy what their planted tastes say', async () => {
  await inFolder(async (path) => {
    const { shop, world } = await history(path, 14);
    shop.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const lines = database
      .prepare('select reader_id, category_id from order_lines join items using (item_id)')
      .all();
    database.close();
    const readers = new Map(world.readers.map((reader) => [reader.id, reader]));
    const known = lines.filter((line) => readers.has(String(line.reader_id)));
    const inTaste = known.filter((line) =>
      readers
        .get(String(line.reader_id))
        ?.tastes.some((taste) => leafCategories[taste.category]?.id === line.category_id),
    );
    assert.ok(inTaste.length / known.length > 0.7, `${inTaste.length} of ${known.length}`);
  });
});

test('titles are different from each other', () => {
  const catalogue = createCatalogue({ seed: 3, titles: 20_000 });
  const texts = new Set(Array.from({ length: catalogue.titleCount }, (_, title) => catalogue.text(title).ko));
  assert.equal(texts.size, catalogue.titleCount);
  const essays = new Set(Array.from({ length: 140_000 }, (_, n) => workTitle('essay', n).en));
  assert.equal(essays.size, 140_000);
});

test('sales without browsing fill orders whose totals are those of their lines', async () => {
  await inFolder(async (path) => {
    const shop = openShopDatabase(path);
    const catalogue = createCatalogue({ seed: 3, titles: 1000 });
    const sizes = [
      ...writeSales({
        shop,
        catalogue,
        seed: 3,
        day: '2026-11-20',
        sales: 5000,
        readers: 700,
        linesInBatch: 999,
      }),
    ];
    assert.equal(sizes.at(-1), 5000);
    shop.close();
    const database = new DatabaseSync(path, { readOnly: true });
    const row = database
      .prepare(
        'select (select sum(paid_total) from orders) as orders, (select sum(paid) from order_lines) as lines',
      )
      .get();
    assert.equal(row?.orders, row?.lines);
    database.close();
  });
});

test('sending waits as long as the collector asks for', async () => {
  const waits: number[] = [];
  const sent: string[] = [];
  const answers = [
    new Response('', { status: 429, headers: { 'retry-after': '2' } }),
    Response.json({ stored: 1 }),
  ];
  const result = await sendEvents({
    url: 'http://collector.example',
    key: 'k',
    events: [],
    fetch: async (_url, request) => {
      sent.push((JSON.parse(String(request?.body)) as { sent_at: string }).sent_at);
      return answers.shift() ?? Response.error();
    },
    clock: {
      now: () => waits.reduce((sum, wait) => sum + wait, 0),
      sleep: async (ms) => void waits.push(ms),
    },
  });
  assert.deepEqual([waits, result.attempts, result.status], [[2000], 2, 200]);
  assert.deepEqual(sent, ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:02.000Z']);
});
