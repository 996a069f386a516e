import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unzipSync } from './unzip.fixture.ts';
import { createCalendar, fileStorage, manualClock, seededRandom } from '../base/index.ts';
import { runGated } from '../query/index.ts';
import { openSqliteStore, type ServingStore } from '../serving/index.ts';
import { Pages, parseMetricFile, toMetrics } from '../statistics/index.ts';
import { openWarehouse, type Warehouse } from '../warehouse/index.ts';
import type { BlockRows, PageData, PageIndex, PageLayout } from './page-schemas.ts';
import type { Problem } from './problem.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const metrics = toMetrics(
  parseMetricFile(
    `metrics:
  - { name: sales, title: { ko: 매출, en: Sales }, unit: KRW, table: model.sale_lines, value: sum(paid), dimensions: { device: device } }
  - { name: buyers, table: model.sale_lines, value: count(distinct buyer_id), dimensions: { device: device } }
`,
    'metrics/sales.yaml',
  ),
);
const fence = (words: string, body: string): string => `\n\`\`\`${words}\n${body}\n\`\`\`\n`;
const pageText = [
  '---\ntitle: { ko: 판매, en: Sales }\ncontrols: { range: 4d, choices: [{ name: device, metric: sales, by: device }] }\n' +
    'labels: { web: { ko: 웹, en: Web } }\n---\n',
  '\nSold: {{ sales }}, {{ sales, same_weekday }}\n',
  fence('line', 'metric: sales\nfilter: { device: $device }'),
  fence('table', 'by: device\nmetrics: [sales]\nshare: true\ntotal: true'),
  fence('table', 'by: device\nmetrics: [buyers]'),
  fence(
    'sql dear',
    'select device, cast(sum(paid) as bigint) as paid from sale_lines\n' +
      'where business_day between cast($from as date) and cast($to as date) and ($device is null or device = $device)\n' +
      "group by device having device <> '$x' order by paid desc",
  ),
  fence('table', 'query: dear'),
  fence('sql wrong', 'select device\nfrom sale_lines where no_such_column = 1'),
  fence('table', 'query: wrong'),
  fence('line', 'metric: nothing'),
].join('');

let folder: string;
let shop: TestShop;
let store: ServingStore;
let warehouse: Warehouse;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-pages-'));
  const clock = manualClock(Date.parse('2026-11-09T00:00:00Z'));
  const random = seededRandom(1);
  store = openSqliteStore({ path: join(folder, 'own.db'), clock, random });
  warehouse = await openWarehouse({
    root: folder,
    storage: fileStorage(),
    clock,
    random,
    calendar: createCalendar(),
    memory: '300MB',
    processesMax: 1,
  });
  for (const [index, day] of [
    '2026-11-01',
    '2026-11-02',
    '2026-11-03',
    '2026-11-04',
    '2026-11-05',
    '2026-11-06',
    '2026-11-07',
    '2026-11-08',
  ].entries())
    await sell(day, index);
  await mkdir(join(folder, 'pages'));
  await writeFile(join(folder, 'pages', 'sales.md'), pageText);
  const pages = new Pages({
    folder: join(folder, 'pages'),
    storage: fileStorage(),
    store,
    metrics,
    warehouse,
    runQuery: (sql, options) => runGated(warehouse, sql, options),
    lastDay: () => '2026-11-08',
  });
  shop = await openTestShop({ context: { store, pages, metrics } });
});
after(async () => {
  await shop.close();
  await warehouse.close();
  await store.close();
  await rm(folder, { recursive: true });
});

/** A day of the table and its edition: 100 from the web and 50 from `=app`, times the day. */
async function sell(day: string, index: number): Promise<void> {
  const amount = 100 * (index + 1);
  await warehouse.write('model.sale_lines', {
    select: `select cast('${day}' as date) as business_day, device, paid, buyer_id from
      (values ('web', ${amount}, 'r1'), ('=app', ${amount / 2}, 'r2')) as lines(device, paid, buyer_id)`,
    mode: 'replace-days',
    days: [day],
    fence: `test.${day}`,
    token: 1,
  });
  const value = (key: string, number: number): { key: string; body: Record<string, unknown> } => ({
    key,
    body: { period: day, value: number.toFixed(6) },
  });
  await store.publish({
    kind: 'statistic',
    name: 'daily',
    business_day: day,
    inputs: {},
    rule_version: 'test',
    code_version: 'test',
    counts: {},
    token: 1,
    parts: [
      { part: 'buyers/device', entries: [value('=app', 1), value('web', 1)] },
      { part: 'buyers/total', entries: [value('', 2)] },
      { part: 'sales/device', entries: [value('=app', amount / 2), value('web', amount)] },
      { part: 'sales/total', entries: [value('', amount * 1.5)] },
    ],
  });
}

async function ask(path: string, headers: Readonly<Record<string, string>> = {}) {
  return shop.server.inject({ url: path, headers: { authorization: `Bearer ${shop.key}`, ...headers } });
}
const dataOf = async (query = ''): Promise<PageData> =>
  (await ask(`/v1/pages/sales/data${query}`)).json<PageData>();
function rowsOf(data: PageData, block: string): BlockRows {
  const found = data.blocks[block];
  assert.ok(found !== undefined && 'rows' in found, JSON.stringify(found));
  return found;
}

test('pages are listed, and one is laid out in order with what is wrong with it', async () => {
  const index = (await ask('/v1/pages')).json<PageIndex>();
  assert.deepEqual(
    index.pages.map(({ page, problems }) => [page, problems]),
    [['sales', 1]],
  );
  const layout = (await ask('/v1/pages/sales')).json<PageLayout>();
  assert.deepEqual(
    layout.items.map(({ kind }) => kind),
    ['text', 'block', 'block', 'block', 'block', 'block', 'broken'],
  );
  assert.match(layout.problems[0]?.message ?? '', /no metric 'nothing'/);
  assert.equal((await ask('/v1/pages/sale')).json<Problem>().code, 'page_not_found');
});

test('every block has its rows or its error with file and line', async () => {
  const data = await dataOf();
  assert.deepEqual(data.controls, {
    range: '4d',
    from: '2026-11-05',
    to: '2026-11-08',
    grain: 'day',
    choices: { device: null },
  });
  assert.deepEqual(rowsOf(data, 'b1').rows, [
    ['2026-11-05', 750],
    ['2026-11-06', 900],
    ['2026-11-07', 1050],
    ['2026-11-08', 1200],
  ]);
  assert.deepEqual(rowsOf(data, 'b2').rows, [
    ['web', 2600, 2600 / 3900],
    ['=app', 1300, 1300 / 3900],
  ]);
  assert.deepEqual(rowsOf(data, 'b2').total, [null, 3900, 1]);
  assert.deepEqual(rowsOf(data, 'b4').rows, [
    ['web', 2600],
    ['=app', 1300],
  ]);
  const problem = (block: string): string => JSON.stringify(data.blocks[block]);
  assert.match(problem('b3'), /'buyers' does not add up over days/);
  assert.match(problem('b5'), /pages\/sales.md.*wrong: .*no_such_column/);
  assert.match(problem('b6'), /no metric 'nothing'/);
  assert.deepEqual(data.values['v1'], { value: 1200, type: 'number', unit: 'KRW' });
  assert.deepEqual(data.values['v2'], {
    comparison: { kind: 'same_weekday', day: '2026-11-01', value: 150, change: 7 },
    unit: 'KRW',
  });
});

test('controls are bound, not spliced: a choice reaches metrics and SQL as a value', async () => {
  const app = await dataOf('?device=%3Dapp&range=1d');
  assert.deepEqual(rowsOf(app, 'b1').rows, [['2026-11-08', 400]]);
  assert.deepEqual(rowsOf(app, 'b4').rows, [['=app', 400]]);
  assert.deepEqual(rowsOf(app, 'b3').rows, [
    ['=app', 1],
    ['web', 1],
  ]);
  const injected = await dataOf(`?device=${encodeURIComponent("web' or 1=1 --")}`);
  assert.deepEqual(rowsOf(injected, 'b4').rows, []);
  assert.deepEqual(
    rowsOf(injected, 'b1').rows.map(([, value]) => value),
    [0, 0, 0, 0],
  );
});

for (const [what, query, reason] of [
  ['an unknown control', '?devise=web', /no control 'devise', did you mean 'device'/],
  ['a grain that the page lacks', '?grain=month', /this page has day/],
  ['a range that is none', '?range=forever', /range is 'forever'/],
  ['a day that is none', '?to=2026-02-30', /to/],
] as const) {
  test(`${what} is refused`, async () => {
    const answer = await ask(`/v1/pages/sales/data${query}`);
    assert.equal(answer.statusCode, 400);
    assert.match(answer.json<Problem>().detail, reason);
  });
}

test('an answer that has not changed is not sent again; a changed file is', async () => {
  const first = await ask('/v1/pages/sales/data');
  const tag = String(first.headers['etag']);
  assert.equal((await ask('/v1/pages/sales/data', { 'if-none-match': tag })).statusCode, 304);
  await writeFile(join(folder, 'pages', 'sales.md'), pageText.replace('Sold:', 'Sold'));
  assert.equal((await ask('/v1/pages/sales/data', { 'if-none-match': tag })).statusCode, 200);
  await writeFile(join(folder, 'pages', 'sales.md'), pageText);
});

test('a block is a CSV with labels, a byte order mark and no formulas', async () => {
  const csv = await ask('/v1/pages/sales/blocks/b2?format=csv&language=ko');
  assert.match(String(csv.headers['content-type']), /^text\/csv/);
  assert.deepEqual(csv.body.split('\r\n'), [
    '\ufeffdevice,매출,비중',
    `웹,2600,${2600 / 3900}`,
    `'=app,1300,${1300 / 3900}`,
    '',
  ]);
  const broken = await ask('/v1/pages/sales/blocks/b6?format=csv');
  assert.equal(broken.json<Problem>().code, 'block_broken');
  assert.equal((await ask('/v1/pages/sales/blocks/b99')).json<Problem>().code, 'block_not_found');
});

test('a page is a workbook with a sheet a block, days as days and numbers as numbers', async () => {
  const answer = await ask('/v1/pages/sales/workbook?language=ko');
  const files = unzipSync(answer.rawPayload);
  assert.deepEqual([...files.keys()].filter((name) => name.includes('sheet')).length, 3);
  const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
  assert.match(sheet, /<c r="A2" s="2"><v>46331<\/v><\/c><c r="B2" s="3"><v>750<\/v><\/c>/);
  assert.match(files.get('xl/worksheets/sheet2.xml') ?? '', /inlineStr"><is><t xml:space="preserve">웹</);
});
