import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openKeyStore } from '../../src/api/index.ts';
import { openSqliteState } from '../../src/batch/index.ts';
import { createCalendar, seededRandom, systemClock } from '../../src/base/index.ts';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import type { Platform } from '../../src/cli/platform.ts';
import { checkEvents, findEditions } from './findings.ts';
import { reopen } from './reopen.ts';
import { startSender, type Sender } from './sender.ts';
import { startService, waitForEnd, type ServiceProcess } from './service-process.ts';
import { makeShop, type TestShop } from './shop.ts';

/** `KILLS=100` kills more often; the seed of the moments is `SEED`. */
const kills = Number(process.env['KILLS'] ?? 5);
const seed = process.env['SEED'] ?? '1';
const days = 2 + Math.ceil(kills * 0.2);

const environment = {
  OCTAVO_BATCH_CYCLE_DELAY_MINUTES: '0',
  OCTAVO_BATCH_CATCH_UP_DAYS_MAX: '400',
  OCTAVO_COLLECT_SEGMENT_BYTES: '65536',
  OCTAVO_WAREHOUSE_LOAD_INTERVAL_MS: '200',
  OCTAVO_WAREHOUSE_LOAD_WAIT_MS: '500',
  OCTAVO_LOG_LEVEL: 'warn',
};

test(`a service killed ${kills} times at random moments loses no event, doubles none, and publishes whole editions`, async (context) => {
  registerModuleHook();
  const folder = await mkdtemp(join(tmpdir(), 'octavo-kill-'));
  const random = seededRandom(`kills ${seed}`);
  let service: ServiceProcess | undefined;
  let sender: Sender | undefined;
  let url: string | undefined;
  try {
    const calendar = createCalendar();
    const until = calendar.addDays(calendar.dayOf(systemClock.now()), -1);
    const shop = await makeShop(folder, { until, days, scale: 0.01 });
    const data = join(folder, 'data');
    const key = await prepare(data, shop);
    sender = startSender({
      templates: shop.events[0] ?? [],
      earlierMs: shop.days.map((day) => calendar.intervalOf(day).startMs + 1000),
      random: random.fork('events'),
      nowMs: () => systemClock.now(),
      key,
      url: () => url,
    });
    const start = (): ServiceProcess =>
      startService({ project: shop.project, data, log: join(folder, 'log'), environment });
    const children: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      service = start();
      // One in five dies on its way up.
      if (random.below(5) > 0) url = await service.ready;
      await delay(random.below(2500));
      url = undefined;
      children.push(...(await service.kill()));
    }
    assert.deepEqual(await waitForEnd(children, 10_000), [], 'engines outlive their platform');
    service = start();
    url = await service.ready;
    await finished(data, shop);
    await sender.stop();
    assert.equal(await service.stop(), 143);
    service = undefined;
    for (const { received, accepted, duplicates, failed } of sender.answers)
      assert.equal(received, accepted + duplicates + failed);
    const platform = await reopen({ project: shop.project, data, environment });
    try {
      await platform.loadAll();
      await checkEvents(platform, sender.oracle);
      await checkDays(platform, shop);
      await checkSales(platform, shop);
    } finally {
      await platform.close();
    }
    context.diagnostic(
      `${kills} kills, ${days} days, ${sender.oracle.acknowledged.size} events acknowledged in ${sender.answers.length} answers`,
    );
  } catch (error) {
    context.diagnostic((await readFile(join(folder, 'log'), 'utf8').catch(() => '')).slice(-4000));
    throw error;
  } finally {
    sender?.abandon();
    await service?.kill();
    await rm(folder, { recursive: true });
  }
});

/** Makes a data folder whose cycle is due since the shop's first day; returns a key for events. */
async function prepare(data: string, shop: TestShop): Promise<string> {
  await mkdir(data, { recursive: true });
  const state = openSqliteState({ path: join(data, 'batch.db'), clock: systemClock });
  await state.recordCycleDay('daily', shop.calendar.addDays(shop.days[0] as string, -1), 'succeeded');
  await state.close();
  const keys = openKeyStore({ path: join(data, 'api.db'), clock: systemClock });
  const { key } = keys.create('readers', ['events:write']);
  keys.close();
  return key;
}

/** Resolves when every day of the shop has succeeded. */
async function finished(data: string, shop: TestShop): Promise<void> {
  const state = openSqliteState({ path: join(data, 'batch.db'), clock: systemClock });
  try {
    let [done, deadlineMs] = [0, 0];
    for (; ; await delay(100)) {
      const known = await state.cycleDays('daily');
      if (known.length > done) [done, deadlineMs] = [known.length, performance.now() + dayMsMax];
      const failed = known.filter(({ outcome }) => outcome === 'failed');
      assert.deepEqual(failed, []);
      if (shop.days.every((day) => known.some((one) => one.day === day))) return;
      assert.ok(performance.now() < deadlineMs, `only ${done - 1} of ${shop.days.length} days are done`);
    }
  } finally {
    await state.close();
  }
}

/** Every day is sealed and has its editions, each whole and published once; no task succeeded twice. */
async function checkDays({ store, state, warehouse }: Platform, shop: TestShop): Promise<void> {
  assert.deepEqual(await warehouse.sealedDays(), shop.days);
  const editions = await findEditions(store);
  const names = ['bestseller/daily', 'bestseller/weekly', 'recommend/popular', 'recommend/related'];
  for (const name of [...names, 'statistic/daily', 'statistic/monthly'])
    for (const day of shop.days) assert.ok(editions[`${name}/${day}`] !== undefined, `${name} ${day}`);
  const succeeded = new Map<string, number>();
  for (let before: number | undefined; ;) {
    const page = await state.attempts({ limit: 1000, ...(before === undefined ? {} : { before }) });
    for (const { taskId, outcome } of page)
      if (outcome === 'succeeded') succeeded.set(taskId, (succeeded.get(taskId) ?? 0) + 1);
    before = page.at(-1)?.token;
    if (before === undefined) break;
  }
  assert.deepEqual(
    [...succeeded].filter(([, times]) => times > 1),
    [],
  );
}

/** The shop's rows are in the warehouse once. */
async function checkSales({ warehouse }: Platform, shop: TestShop): Promise<void> {
  const database = new DatabaseSync(shop.database, { readOnly: true });
  for (const [table, id, amount] of [
    ['orders', 'order_id', 'paid_total'],
    ['order_lines', 'line_id', 'paid'],
    ['refunds', 'refund_id', 'amount'],
  ] as const) {
    const select = `select count(*) as n, count(distinct ${id}) as ids, coalesce(sum(${amount}), 0) as total`;
    const expected = database.prepare(`${select} from ${table}`).get();
    const { rows } = await warehouse.query(`${select} from raw.shop_${table}`);
    assert.deepEqual(
      Object.values(rows[0] ?? {}).map(Number),
      Object.values(expected ?? {}).map(Number),
      table,
    );
  }
  database.close();
}

/** A day that takes longer is taken for one that never ends. */
const dayMsMax = 300_000;
