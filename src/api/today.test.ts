import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom } from '../base/index.ts';
import { openQueries, type Queries } from '../query/index.ts';
import { parseMetricFile, toMetrics } from '../statistics/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import { openTestShop, type TestShop } from './test-shop.ts';
import type { Today } from './today-schemas.ts';

const metrics = toMetrics(
  parseMetricFile(
    `metrics:
  - name: sales
    unit: USD
    table: model.lines
    value: sum(paid)
    running: { value: "sum(try_cast(properties ->> '$.value' as decimal(18, 2)))", filter: kind = 'purchase' }
  - name: buyers
    table: model.lines
    value: count(distinct buyer_id)
    running: { value: count(distinct reader_id), filter: kind = 'purchase' }
  - { name: sales_a_buyer, unit: USD, ratio: { of: sales, to: buyers } }
  - { name: closed_only, table: model.lines, value: count(*) }
`,
    'metrics/sales.yaml',
  ),
);
// Clocks go back in New York in the night to 1 November 2026, so the business day of 31 October has 25 hours.
const calendar = createCalendar({ timeZone: 'America/New_York', dayStart: '06:00' });
const clock = manualClock(0);
let root: string;
let warehouse: Warehouse;
let queries: Queries;
let shop: TestShop;

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-today-'));
  warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: manualClock(0),
    random: seededRandom(1),
    calendar,
    processesMax: 2,
  });
  queries = openQueries({ warehouse, engine: warehouse.engine });
  shop = await openTestShop({
    context: { queries, clock, metrics, shop: { name: 's', currency: 'USD', language: 'en', calendar } },
  });
});
after(async () => {
  await shop.close();
  await queries.close();
  await warehouse.close();
  await rm(root, { recursive: true });
});

async function today(at: string, key = shop.key): Promise<Today> {
  clock.advance(Date.parse(at) - clock.now());
  const response = await shop.server.inject({
    url: '/v1/today',
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(response.statusCode, 200, response.body);
  return response.json<Today>();
}

/** An event every seven minutes from 17 October on; a view, a view, a purchase, and so on, by eleven readers. */
async function fill(): Promise<void> {
  const days = calendar.range('2026-10-17', '2026-11-07');
  const dayOf = days
    .map((day) => {
      const { startMs, endMs } = calendar.intervalOf(day);
      return `when at_ms >= ${startMs} and at_ms < ${endMs} then date '${day}'`;
    })
    .join(' ');
  const from = calendar.intervalOf('2026-10-17').startMs;
  await warehouse.write('raw.events', {
    mode: 'replace-days',
    days,
    select: `select if(i % 3 = 0, 'purchase', 'view_item') as kind, make_timestamptz(at_ms * 1000) as occurred_at,
        'r' || (i * 7 % 11) as reader_id, json_object('value', i % 50 + 0.25)::varchar as properties,
        case ${dayOf} end as business_day
      from (select i, ${from} + i * 420000 as at_ms from range(4500) as t(i)) where case ${dayOf} end is not null`,
  });
}

const bought = async (from: string, to: string): Promise<readonly [number, number]> => {
  const { rows } = await warehouse.query(
    `select sum((properties ->> '$.value')::decimal(18, 2))::double as sales, count(distinct reader_id)::integer as buyers
     from raw.events where kind = 'purchase' and occurred_at >= timestamptz '${from}' and occurred_at < timestamptz '${to}'`,
  );
  return [Number(rows[0]?.['sales']), Number(rows[0]?.['buyers'])];
};

test('before anything came, today is nothing and there is no day before', async () => {
  const { metrics: found, against } = await today('2026-11-07T17:00:30Z');
  assert.deepEqual(against, ['2026-10-31', '2026-10-24', '2026-10-17', '2026-10-10']);
  assert.deepEqual(
    found.map(({ metric, value, before: earlier }) => [metric, value, earlier]),
    [
      ['sales', 0, [null, null, null, null]],
      ['buyers', 0, [null, null, null, null]],
      ['sales_a_buyer', null, [null, null, null, null]],
    ],
  );
});

test('the day so far stands beside the same weekdays up to the same time, as counted by hand', async () => {
  await fill();
  // 12:10:30 by New York's winter clock: six hours and ten minutes after the day began, the last minute not counted.
  const answer = await today('2026-11-07T17:10:30Z');
  assert.deepEqual(
    [answer.business_day, answer.elapsed_seconds, answer.day_seconds],
    ['2026-11-07', 22_140, 86_400],
  );
  const [now, week, two, three] = await Promise.all([
    bought('2026-11-07 06:00:00-05', '2026-11-07 12:09:00-05'),
    bought('2026-10-31 06:00:00-04', '2026-10-31 12:09:00-04'),
    bought('2026-10-24 06:00:00-04', '2026-10-24 12:09:00-04'),
    bought('2026-10-17 06:00:00-04', '2026-10-17 12:09:00-04'),
  ]);
  const [sales, buyers, ratio] = answer.metrics;
  assert.deepEqual([sales?.value, buyers?.value], now);
  assert.deepEqual(sales?.before, [week[0], two[0], three[0], null]);
  assert.deepEqual(buyers?.before, [week[1], two[1], three[1], null]);
  assert.equal(ratio?.value, now[0] / now[1]);
  const [third] = await bought('2026-11-07 08:00:00-05', '2026-11-07 09:00:00-05');
  assert.deepEqual([sales?.hours.length, sales?.hours[2]], [6, third]);
});

test('on a day of 25 hours, the 25th is held against the whole of a day of 24', async () => {
  const answer = await today('2026-11-01T10:30:00Z');
  assert.deepEqual([answer.business_day, answer.day_seconds], ['2026-10-31', 90_000]);
  assert.equal(answer.elapsed_seconds, 24.5 * 3600 - 60);
  const [now, week] = await Promise.all([
    bought('2026-10-31 06:00:00-04', '2026-11-01 05:29:00-05'),
    bought('2026-10-24 06:00:00-04', '2026-10-25 06:00:00-04'),
  ]);
  assert.deepEqual([answer.metrics[0]?.value, answer.metrics[0]?.before[0]], [now[0], week[0]]);
});

test('a day that has just begun is counted as nothing, and an answer is kept for a minute', async () => {
  const begun = await today('2026-11-07T11:00:30Z');
  assert.deepEqual([begun.elapsed_seconds, begun.metrics[0]?.value], [0, 0]);
  const first = await today('2026-11-07T18:00:00Z');
  assert.deepEqual(await today('2026-11-07T18:00:59Z'), first);
  assert.notEqual((await today('2026-11-07T18:02:00Z')).to, first.to);
});

test('it needs the scope of metrics', async () => {
  const { key } = shop.keys.create('events', ['status:read']);
  const headers = { authorization: `Bearer ${key}` };
  assert.equal((await shop.server.inject({ url: '/v1/today', headers })).statusCode, 403);
  assert.equal(
    (await shop.server.inject({ url: '/v1/today?x=1', headers: { authorization: `Bearer ${shop.key}` } }))
      .statusCode,
    400,
  );
});
