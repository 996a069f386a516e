import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCalendar, manualClock, seededRandom, silentLogger, type ManualClock } from '../base/index.ts';
import { popularPart, readerPart, relatedPart, titlesPart } from '../recommend/index.ts';
import { openSqliteStore, type Edition, type EditionEntry, type ServingStore } from '../serving/index.ts';
import { parseMetricFile, toMetrics } from '../statistics/index.ts';
import { openAccountStore, type AccountStore } from './accounts.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { openKeyStore, scopes, type KeyStore } from './keys.ts';
import { createApi, type ApiOptions } from './server.ts';

/** A published shop behind the API, for tests: real stores in a folder of their own. */
export interface TestShop {
  readonly server: ApiServer;
  readonly store: ServingStore;
  readonly keys: KeyStore;
  readonly accounts: AccountStore;
  readonly clock: ManualClock;
  /** A key with every scope. */
  readonly key: string;
  /** Publishes a list of so many titles; their counts begin at `top`. */
  publishList(day: string, titles: number, top: number): Promise<Edition>;
  close(): Promise<void>;
}

const edition = {
  rule_version: 'rules',
  code_version: 'test',
  counts: {},
  inputs: { 'model.sale_lines': '42' },
  token: 1,
};

/** Opens the shop: a list of two days, a reader `r1` with history, related titles of `i1`, metrics of two days. */
export async function openTestShop(
  options: Omit<ApiOptions, 'context'> & {
    readonly context?: Partial<ApiContext> | ((clock: ManualClock) => Partial<ApiContext>);
  } = {},
): Promise<TestShop> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-api-'));
  const clock = manualClock(Date.parse('2026-11-03T00:00:00Z'));
  const store = openSqliteStore({ path: join(folder, 'serving.db'), clock, random: seededRandom(1) });
  const keys = openKeyStore({ path: join(folder, 'api.db'), clock });
  const accounts = openAccountStore({ path: join(folder, 'users.db'), clock });
  const publishList: TestShop['publishList'] = (day, titles, top) =>
    store.publish({
      ...edition,
      kind: 'bestseller',
      name: 'daily',
      business_day: day,
      parts: [
        { part: 'all', entries: Array.from({ length: titles }, (_, index) => listed(index, top)) },
        { part: 'novel', entries: [] },
      ],
    });
  await publishList('2026-11-01', 3, 10);
  await publishList('2026-11-02', 45, 100);
  await publishRecommendations(store);
  await publishMetrics(store);
  const server = await createApi({
    ...options,
    context: {
      store,
      keys,
      accounts,
      shop: { name: 'bookstore', currency: 'KRW', language: 'ko', calendar: createCalendar() },
      clock,
      log: silentLogger,
      version: '0.1.0',
      lists: new Map([
        ['daily', { title: { en: 'Daily', ko: '일간' }, description: 'What sold that day' }],
        ['weekly', { title: { en: 'Weekly' }, description: '' }],
      ]),
      recommenders: { personal: ['personal'], related: ['related'] },
      readerExists: async (id) => id !== 'r404',
      metrics,
      explainLines: async ({ itemId }) => [{ line_id: 'l1', item_id: itemId, copies: 1, counted: true }],
      checks: { store: async () => 'ok' },
      ...(typeof options.context === 'function' ? options.context(clock) : options.context),
    },
  });
  return {
    server,
    store,
    keys,
    accounts,
    clock,
    key: keys.create('all', scopes).key,
    publishList,
    close: async () => {
      await server.close();
      keys.close();
      accounts.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

const metrics = toMetrics(
  parseMetricFile(
    `metrics:
  - { name: sales, unit: KRW, table: model.sale_lines, value: sum(paid), dimensions: { device: device } }
  - { name: orders, table: model.sale_lines, value: count(*), dimensions: { device: device } }
  - { name: basket, unit: KRW, ratio: { of: sales, to: orders } }
`,
    'metrics/sales.yaml',
  ),
);

function listed(index: number, top: number): EditionEntry {
  const explanation = { window: { from: '2026-11-02', to: '2026-11-02' }, lines: 3, counted: top - index };
  const body = {
    rank: index + 1,
    item_id: `i${index + 1}`,
    title: `제목 ${index + 1}`,
    count: top - index,
    previous_rank: index === 0 ? null : index,
  };
  return { key: body.item_id, body: { ...body, author: '저자', author_en: 'A', explanation } };
}

async function publishRecommendations(store: ServingStore): Promise<void> {
  const entry = (key: string, because: readonly string[]): EditionEntry => ({
    key,
    body: { score: 0.5, reason: because.length === 0 ? 'popular' : 'similar_to', because_of: because },
  });
  const titles = {
    part: titlesPart,
    entries: ['i1', 'i2', 'i3'].map((key) => ({
      key,
      body: { title: `제목 ${key}`, author: '작가', author_en: 'Jakga' },
    })),
  };
  const common = { ...edition, kind: 'recommend', business_day: '2026-11-02' } as const;
  const popular = { part: popularPart, entries: [entry('i3', [])] };
  const own = { part: readerPart('r1'), entries: [entry('i2', ['i1']), entry('i3', ['i1'])] };
  await store.publish({ ...common, name: 'personal', parts: [own, popular, titles] });
  await store.publish({
    ...common,
    name: 'related',
    parts: [{ part: relatedPart('i1'), entries: [entry('i2', ['i1'])] }, popular, titles],
  });
}

async function publishMetrics(store: ServingStore): Promise<void> {
  for (const [day, factor] of [
    ['2026-11-01', 1],
    ['2026-11-02', 2],
  ] as const) {
    const value = (member: string, amount: number): EditionEntry => ({
      key: member,
      body: { period: day, value: (amount * factor).toFixed(6) },
    });
    const parts = [
      { part: 'orders/device', entries: [value('app', 1), value('web', 4)] },
      { part: 'orders/total', entries: [value('', 5)] },
      { part: 'sales/device', entries: [value('app', 100), value('web', 900.5)] },
      { part: 'sales/total', entries: [value('', 1000.5)] },
    ];
    await store.publish({ ...edition, kind: 'statistic', name: 'daily', business_day: day, parts });
  }
}
