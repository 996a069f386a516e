import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import {
  createClient,
  type Client,
  type FailedRows,
  type ReaderShelf,
  type RecommenderEvaluation,
} from '../../src/api/index.ts';
import { seededRandom, uuidv7 } from '../../src/base/index.ts';
import { createFormat } from '../../src/console/i18n/format.ts';
import {
  accessibility,
  command,
  keepPicture,
  launchBrowser,
  openPage,
  overflow,
  serve,
  settle,
  views,
  type OpenPage,
  type Served,
  type View,
} from './console-world.ts';

const root = dirname(dirname(import.meta.dirname));
const korean: View = { language: 'ko', themes: ['light'], width: 1440 };
const english: View = { language: 'en', themes: ['dark'], width: 1440 };
const firstLoadBytesMax = 180 * 1024;
const seoul = { timeZone: 'Asia/Seoul', dayStart: '06:00', currency: 'KRW' };

/** A screen by a name for its pictures; `act` is what a reader does on it. */
interface Screen {
  readonly name: string;
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
}

const openPalette = async (page: Page): Promise<void> => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('1');
  await page.waitForTimeout(600);
};

const openBackfill = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^(Backfill|여러 날 다시 채우기)$/ }).click();
  await page.getByRole('dialog').waitFor();
  await settle(page);
};

/** A refused event, by its reason and its place. */
interface Refused {
  readonly place: string;
  readonly search: string;
  readonly event: { readonly id: string };
}

type FailedRow = FailedRows['rows'][number];

async function ask<T>({ url, key }: Served, path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url + path, { ...init, headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  assert.ok(response.ok, text);
  return JSON.parse(text) as T;
}

/** Sends events that no calendar has, and waits until the first of them can be looked at. */
async function refuse(store: Served): Promise<Refused> {
  const random = seededRandom('refused');
  const events = [1, 2].map(() => ({
    id: uuidv7({ nowMs: Date.now(), next: () => random.next() }),
    kind: 'page_view',
    occurred_at: '2026-02-30T10:00:00Z',
    device_id: 'refused',
    page: { url: 'https://store.example/' },
  }));
  await ask(store, '/v1/events', { method: 'POST', body: JSON.stringify({ events }) });
  const [event] = events;
  assert.ok(event !== undefined);
  const { code, path, rule, place } = await refusedRow(store, event.id);
  return { place, event, search: String(new URLSearchParams({ part: 'failed', code, path, rule })) };
}

/** The refused event of that id, once it is loaded and as it should be. */
async function refusedRow(
  store: Served,
  id: string,
  should: (row: FailedRow) => boolean = () => true,
): Promise<FailedRow> {
  for (let tries = 0; tries < loadTriesMax; tries++) {
    const { rows } = await ask<FailedRows>(store, '/v1/events/failed/rows?resolved=true&limit=1000');
    const row = rows.find(({ event_id }) => event_id === id);
    if (row !== undefined && should(row)) return row;
    await delay(500);
  }
  assert.fail(`the refused event ${id} is not loaded`);
}

const loadTriesMax = 240;

function screensOf(title: string, reader: string, refused: Refused): readonly Screen[] {
  return [
    { name: 'home', path: '/' },
    { name: 'bestsellers', path: '/bestsellers/daily' },
    { name: 'why', path: `/bestsellers/weekly?item=${title}` },
    { name: 'compare', path: '/bestsellers/daily/compare' },
    { name: 'title', path: `/titles/${title}` },
    { name: 'recommendations', path: '/recommendations' },
    { name: 'reader', path: `/recommendations?reader=${reader}` },
    { name: 'related', path: `/recommendations?item=${title}` },
    { name: 'statistics', path: '/statistics' },
    { name: 'events', path: '/events' },
    { name: 'failed', path: '/events?part=failed' },
    { name: 'reason', path: `/events?${refused.search}` },
    { name: 'mend', path: `/events?${refused.search}&event=${refused.place}` },
    { name: 'runs', path: '/runs' },
    { name: 'backfill', path: '/runs', act: openBackfill },
    { name: 'graph', path: '/runs?view=graph' },
    { name: 'tables', path: '/tables' },
    { name: 'sql', path: '/sql' },
    { name: 'settings', path: '/settings' },
    { name: 'command', path: '/settings', act: openPalette },
  ];
}

/** The reader with most titles. */
const mostRead = `select reader_id from model.interactions
  group by reader_id order by count(distinct item_id) desc, reader_id limit 1`;

/** A page file whose query is wrong, beside parts that are right. */
const wrongPage = `---
title: { ko: 틀린 페이지, en: A wrong page }
controls: { range: 7d, grain: day }
---

\`\`\`numbers
numbers:
  - { metric: sales }
\`\`\`

\`\`\`sql broken
select no_such_column from sale_lines where business_day between cast($from as date) and cast($to as date)
\`\`\`

\`\`\`table
title: { ko: 고장 난 표, en: The broken table }
query: broken
\`\`\`
`;

describe('the console', () => {
  let browser: Browser;
  let folder: string;
  let project: string;
  let demo: Served;
  let client: Client;
  let title: string;
  let reader: string;
  let refused: Refused;
  const open = (view: View): Promise<OpenPage> => openPage(browser, view, new URL(demo.url).host);

  before(async () => {
    const built = spawnSync(process.execPath, [join(root, 'scripts/build-console.ts')], { stdio: 'inherit' });
    assert.equal(built.status, 0);
    folder = await mkdtemp(join(tmpdir(), 'octavo-console-'));
    project = join(folder, 'project');
    await cp(join(root, 'examples/bookstore'), project, { recursive: true });
    await writeFile(join(project, 'pages/wrong.md'), wrongPage);
    const store = ['--project', project, '--data', join(folder, 'data')];
    demo = await serve([...store, 'demo', '--port', '0', '--days', '9', '--scale', '0.3', '--rate', '1']);
    client = createClient({ url: demo.url, key: demo.key });
    title = (await client.list('weekly', { limit: 1 })).items[0]?.item_id ?? '';
    const asked = ['query', '--personal', mostRead];
    const answer = JSON.parse(await command([...store, '--json', ...asked])) as {
      readonly rows: readonly { readonly reader_id: string }[];
    };
    reader = answer.rows[0]?.reader_id ?? '';
    refused = await refuse(demo);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  for (const view of views) {
    const { language, width } = view;
    test(`holds in ${language} at ${width} px, light and dark`, async (context) => {
      const { page, troubles, close } = await open(view);
      for (const screen of screensOf(title, reader, refused)) {
        await context.test(screen.name, async () => {
          await page.goto(demo.url + screen.path);
          await settle(page);
          await screen.act?.(page);
          assert.equal(await page.locator('html').getAttribute('lang'), language);
          // The first colours as the page was opened, then the other ones as the device changes under it. Each width is opened
          // in both colours, once in each language: axe looks at what was opened.
          for (const theme of view.themes) {
            await page.emulateMedia({ colorScheme: theme });
            await page.locator(`html[data-theme=${theme}]`).waitFor();
            await keepPicture(page, screen.name, { ...view, theme });
            assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide in ${theme}`);
            if (theme === view.themes[0]) assert.deepEqual(await accessibility(page), []);
          }
          await page.emulateMedia({ colorScheme: view.themes[0] });
          assert.deepEqual(troubles.splice(0), []);
        });
      }
      await close();
    });
  }

  test('shows of a list what the API answers, to the last number', async () => {
    const { page, close } = await open(korean);
    for (const list of ['daily', 'weekly', 'monthly']) {
      const answer = await client.list(list, { limit: 20 });
      await page.goto(`${demo.url}/bestsellers/${list}`);
      await settle(page);
      const rows = await page.locator('.list-table tbody tr').all();
      for (const [place, item] of answer.items.entries()) {
        const row = rows[place];
        assert.equal(await row?.locator('.rank').textContent(), String(item.rank));
        assert.equal(await row?.locator('.title').textContent(), item.title);
        assert.equal(await row?.locator('td').last().textContent(), item.count.toLocaleString('ko-KR'));
      }
      assert.match((await page.locator('.head p').textContent()) ?? '', new RegExp(`${answer.revision}차`));
    }
    await close();
  });

  test('shows on Home the metrics of the newest day', async () => {
    const { page, close } = await open(english);
    await page.goto(demo.url);
    await settle(page);
    const format = createFormat('en', seoul);
    const expected = [];
    for (const metric of ['sales', 'buyers', 'sign_ups', 'active_readers']) {
      const value = (await client.metric(metric)).rows.at(-1)?.value ?? 0;
      expected.push(metric === 'sales' ? format.money(value) : format.number(value));
    }
    // The day that runs has its own figures below.
    const shown = page.locator('.figures').first().locator('.figure b');
    assert.deepEqual(await shown.allTextContents(), expected);
    await close();
  });

  test('shows what a newcomer does in the demo’s store as it happens', async () => {
    const shop = await openPage(browser, english, new URL(demo.url).host);
    await shop.page.goto(`${demo.url}/store`);
    await shop.page.locator('.shelf li').first().waitFor();
    assert.equal(
      await shop.page.locator('[data-octavo-item]').first().getAttribute('data-octavo-item'),
      title,
    );
    const { page, troubles, close } = await open(english);
    await page.goto(`${demo.url}/events?source=store`);
    await settle(page);
    const events = page.getByRole('row');
    // Before he agrees nothing is sent.
    assert.equal(await events.filter({ hasText: 'page_view' }).count(), 0);
    await shop.page.getByRole('button', { name: 'Yes' }).click();
    await shop.page.getByRole('button', { name: 'Sign in' }).click();
    await shop.page.locator('.shelf a').first().click();
    await shop.page.getByRole('button', { name: 'Add to cart' }).click();
    await shop.page.getByRole('button', { name: '4 / 5' }).click();
    await shop.page.getByRole('button', { name: /^Cart/ }).click();
    await shop.page.getByRole('button', { name: /^Pay/ }).click();
    for (const kind of ['page_view', 'view_item', 'add_to_cart', 'rate', 'purchase'])
      await events.filter({ hasText: kind }).first().waitFor();
    assert.deepEqual([...shop.troubles, ...troubles], []);
    await Promise.all([close(), shop.close()]);
  });

  for (const view of views)
    test(`has a store that holds in ${view.language} at ${view.width} px, light and dark`, async () => {
      const { page, troubles, close } = await open(view);
      for (const path of ['/store/', `/store/titles/${title}`, '/store/cart']) {
        await page.goto(demo.url + path);
        await page.locator('main > :is(h1, p)').first().waitFor();
        assert.equal(await page.locator('html').getAttribute('lang'), view.language);
        for (const theme of view.themes) {
          await page.emulateMedia({ colorScheme: theme });
          await keepPicture(page, `store${path.split('/')[2] ?? ''}`, { ...view, theme });
          assert.ok((await overflow(page)) <= 0, `${path} is ${await overflow(page)} px too wide`);
          assert.deepEqual(await accessibility(page), []);
        }
        await page.emulateMedia({ colorScheme: view.themes[0] });
      }
      assert.deepEqual(troubles, []);
      await close();
    });

  test('says why a title has its rank: it adds up, and its lines are behind it', async () => {
    const { page, close } = await open(english);
    const explanation = await client.explanation('weekly', title, { lines: true });
    const counted = explanation.explanation as unknown as { gross_copies: number; counted: number };
    await page.goto(`${demo.url}/bestsellers/weekly?item=${title}`);
    await settle(page);
    const texts = await page.locator('.fall .num').allTextContents();
    const numbers = texts.map((text) => Number(text.replace('−', '-').replaceAll(',', '')));
    assert.deepEqual([numbers[0], numbers.at(-1)], [counted.gross_copies, counted.counted]);
    const left = numbers.slice(0, -1).reduce((sum, number) => sum + number, 0);
    assert.equal(left, counted.counted);
    await page.locator('.why-lines').click();
    await page.getByRole('dialog').locator('tbody tr').first().waitFor();
    assert.equal(await page.getByRole('dialog').locator('tbody tr').count(), explanation.lines?.length);
    await close();
  });

  test('is used without a mouse', async () => {
    const { page, close } = await open(english);
    await page.goto(demo.url);
    await settle(page);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate('document.activeElement.id'), 'main');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('weekly best');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/bestsellers/weekly');
    await settle(page);
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1');
    await page.locator('.list-table tbody tr').first().focus();
    for (const key of ['j', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await page.locator('.why-head').waitFor();
    const third = (await client.list('weekly', { limit: 3 })).items[2];
    assert.equal(await page.locator('tr[aria-selected] .rank').textContent(), String(third?.rank));
    await page.keyboard.press('Escape');
    await page.locator('.why-head').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'TR');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill(title);
    // A title's note ends with its id; the reader of that name is offered sooner, and below.
    await page
      .getByRole('option')
      .filter({ hasText: `· ${title}` })
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/titles/${title}`);
    await close();
  });

  test('answers calmly what does not exist', async () => {
    const { page, close } = await open(english);
    const missing = await page.goto(`${demo.url}/nowhere/at/all`);
    assert.equal(missing?.status(), 404);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    await keepPicture(page, 'not-found', { ...english, theme: 'dark' });
    for (const [path, says] of [
      ['/bestsellers/daily?date=1999-01-01', 'There is no edition of this day'],
      ['/bestsellers/dayly', 'There is no such list'],
      ['/bestsellers/daily?category=nothing', 'This list has no such category'],
      ['/titles/nothing', 'Nothing is known of this title'],
    ] as const) {
      await page.goto(demo.url + path);
      await page.getByRole('heading', { name: says }).waitFor();
    }
    assert.deepEqual(await accessibility(page), []);
    await close();
  });

  test('shows on a statistics page what the metrics say', async () => {
    const { page, close } = await open(korean);
    await page.goto(`${demo.url}/statistics/daily`);
    await settle(page);
    const format = createFormat('ko', seoul);
    const valueOf = async (metric: string): Promise<number> =>
      (await client.metric(metric)).rows.at(-1)?.value ?? 0;
    const expected = [
      format.money(await valueOf('sales')),
      format.number(await valueOf('orders')),
      format.number(await valueOf('buyers')),
    ];
    const shown = await page.locator('.figures').first().locator('.figure b').allTextContents();
    assert.deepEqual(shown.slice(0, 3), expected);
    await close();
  });

  test('says of a page with a wrong query where and why, and shows the rest of it', async () => {
    const { page, close } = await open(english);
    await page.goto(`${demo.url}/statistics/wrong`);
    await page.getByRole('heading', { name: 'A wrong page' }).waitFor();
    await settle(page);
    await page.getByText('no_such_column').first().waitFor();
    await page.getByText('pages/wrong.md').first().waitFor();
    assert.match((await page.locator('.figures .figure b').first().textContent()) ?? '', /\d/);
    await keepPicture(page, 'wrong-query', { ...english, theme: 'dark' });
    assert.deepEqual(await accessibility(page), []);
    await close();
  });

  test('shows a reader what the recommenders answer, and how often they were right', async () => {
    const { page, close } = await open(korean);
    await page.goto(`${demo.url}/recommendations?reader=${reader}`);
    await settle(page);
    const lists = await page.locator('.by-algorithm .section').all();
    for (const [place, recommender] of ['personal', 'popular'].entries()) {
      const { items } = await client.recommendations(reader, { recommender, limit: 10 });
      const shown = await lists[place]?.locator('.listed .title').allTextContents();
      assert.deepEqual(
        shown,
        items.map((item) => item.title),
      );
    }
    const get = async <T>(path: string): Promise<T> => {
      const headers = { authorization: `Bearer ${demo.key}` };
      return (await (await fetch(demo.url + path, { headers })).json()) as T;
    };
    const shelf = await get<ReaderShelf>(`/v1/readers/${reader}/shelf?limit=6`);
    assert.deepEqual(
      await page.locator('.shelf .shelf-name').allTextContents(),
      shelf.items.map((item) => item.title),
    );
    const { evaluation } = await get<RecommenderEvaluation>('/v1/recommenders/evaluation');
    const recalls = evaluation?.rows.map(({ recall }) => recall.mean).toSorted((a, b) => b - a);
    assert.deepEqual(
      await page.locator('.interval b').allTextContents(),
      recalls?.map((recall) => recall.toFixed(3)),
    );
    await close();
  });

  test('draws of ten thousand rows those that are seen, finds among them, and puts columns away', async () => {
    const { page, troubles, close } = await open(english);
    await page.goto(`${demo.url}/sql`);
    await page.locator('.cm-content').click();
    await page.keyboard.insertText("select range as place, 'row ' || range as name from range(10000)");
    await page.keyboard.press('Control+Enter');
    const rows = page.locator('.sql-grid tbody tr:not(.spacer)');
    await rows.first().waitFor();
    assert.equal(await page.locator('.sql-grid table').getAttribute('aria-rowcount'), '10001');
    for (const place of [0, 5000, 9999]) {
      await page.locator('.sql-grid .table-frame').evaluate((frame, top) => {
        frame.scrollTop = top;
      }, place * 34);
      await page.getByRole('cell', { name: `row ${place}`, exact: true }).waitFor();
      const drawn = await rows.count();
      assert.ok(drawn > 10 && drawn < 100, `${drawn} rows are drawn`);
    }
    await page.getByLabel('Filter the rows').fill('row 777');
    await page.getByText('11 of 10,000 rows').waitFor();
    assert.equal(await rows.count(), 11);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'place' }).click();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.sql-grid thead th').count(), 1);
    await rows.first().click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await accessibility(page), []);
    assert.deepEqual(troubles, []);
    await close();
  });

  test('keeps a refused event that is being mended, and stores it', async () => {
    const { page, troubles, close } = await open(english);
    const address = `${demo.url}/events?${refused.search}&event=${refused.place}`;
    await page.goto(address);
    const editor = page.getByRole('dialog').locator('.cm-content');
    const store = page.getByRole('dialog').getByRole('button', { name: 'Store it' });
    await page.getByText('Still refused:').waitFor();
    assert.ok(await store.isDisabled());
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{ "kind": "half of it", ');
    await page.getByText('Still refused:').waitFor({ state: 'detached' });
    await keepPicture(page, 'mend-syntax', { ...english, theme: 'dark' });
    // What was typed is there when the page is opened again.
    await page.goto(demo.url);
    await settle(page);
    await page.goto(address);
    await editor.filter({ hasText: '"kind": "half of it",' }).waitFor();
    await page.getByRole('button', { name: 'Back to how it came' }).click();
    await page.getByText('Still refused:').waitFor();
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      JSON.stringify({ ...refused.event, occurred_at: new Date().toISOString() }),
    );
    await page.getByText('Still refused:').waitFor({ state: 'detached' });
    await store.click();
    await page.getByText('One event is stored.').first().waitFor();
    assert.deepEqual(await accessibility(page), []);
    assert.deepEqual(troubles, []);
    await close();
    // It is known as stored when it is loaded.
    await refusedRow(demo, refused.event.id, ({ resolved }) => resolved);
  });

  test('gives a list as a file', async () => {
    const { page, close } = await open(korean);
    await page.goto(`${demo.url}/bestsellers/daily`);
    await settle(page);
    for (const [label, begins] of [
      ['CSV', '\ufeff영업일,순위'],
      ['XLSX', 'PK'],
    ] as const) {
      await page.getByRole('button', { name: '내보내기' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: label }).click(),
      ]);
      assert.match(download.suggestedFilename(), new RegExp(`^daily-all-.*\\.${label.toLowerCase()}$`));
      const content = await readFile(await download.path());
      assert.ok(content.toString().startsWith(begins), label);
    }
    await close();
  });

  test('loads little on a first visit', async () => {
    const html = await (await fetch(demo.url, { headers: { accept: 'text/html' } })).text();
    const linked = html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g);
    const files = [...linked].map(([, path = '']) => path);
    let bytes = gzipSync(html).length;
    for (const path of files) {
      const response = await fetch(demo.url + path);
      assert.match(response.headers.get('cache-control') ?? '', /immutable/);
      bytes += gzipSync(Buffer.from(await response.arrayBuffer()), { level: 9 }).length;
    }
    assert.ok(files.length > 0 && bytes <= firstLoadBytesMax, `${files.length} files, ${bytes} bytes`);
  });

  test('keeps what was typed when a session ends, and waits out a server that is away', async () => {
    await demo.stop();
    const data = ['--project', project, '--data', join(folder, 'data')];
    const password = 'correct horse battery';
    await command(
      [...data, 'users', 'add', 'minji', '--role', 'viewer', '--password-stdin'],
      `${password}\n`,
    );
    let store = await serve([...data, 'start', '--port', '0']);
    const { page, close } = await openPage(browser, english, new URL(store.url).host);
    const signIn = async (given: string): Promise<void> => {
      await page.getByLabel('Name').fill('minji');
      await page.getByLabel('Password').fill(given);
      await page.keyboard.press('Enter');
    };
    try {
      await page.goto(`${store.url}/bestsellers/daily`);
      await page.getByLabel('Password').waitFor();
      await keepPicture(page, 'sign-in', { ...english, theme: 'dark' });
      assert.deepEqual(await accessibility(page), []);
      await signIn('wrong password');
      await page.getByText('The name or the password is not right.').waitFor();
      await signIn(password);
      await page.locator('.list-table tbody tr').nth(1).click();
      await page.locator('.why-head').waitFor();
      const [cookie] = await page.context().cookies();
      assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, 'Strict']);

      await page.context().clearCookies();
      await page.locator('.list-table tbody tr').nth(2).click();
      await page.getByRole('dialog').getByLabel('Password').waitFor();
      await keepPicture(page, 'session-ended', { ...english, theme: 'dark' });
      assert.match(page.url(), /item=/);
      await signIn(password);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('.why-head').waitFor();

      const { port } = new URL(store.url);
      await store.stop();
      await page.getByText('not connected').waitFor({ timeout: 60_000 });
      await keepPicture(page, 'server-away', { ...english, theme: 'dark' });
      store = await serve([...data, 'start', '--port', port]);
      await page.getByText('not connected').waitFor({ state: 'detached', timeout: 60_000 });
    } finally {
      await close();
      await store.stop();
    }
  });
});
