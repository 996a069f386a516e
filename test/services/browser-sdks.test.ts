import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { chromiumPath } from '../../services/chromium.ts';
import { openTestCollector, type TestCollector } from '../../src/collect/collector.fixture.ts';
import { until } from './until.ts';

const resolve = createRequire(import.meta.url).resolve;
const scripts: Readonly<Record<string, string>> = {
  '/segment.js': join(dirname(resolve('@segment/analytics-next/package.json')), 'dist/umd/index.js'),
  '/snowplow.js': join(dirname(resolve('@snowplow/browser-tracker/package.json')), 'dist/index.umd.js'),
};

let browser: Browser;
let pages: Server;
let collectors: Server;
let collector: TestCollector;
const opened = new AsyncDisposableStack();
/** Posts that were met so far, and which of them are refused or have their answer lost. */
let posts = 0;
let refused: readonly number[] = [];
let lost: readonly number[] = [];

before(async () => {
  pages = await listening((request, response) => {
    const file = scripts[request.url ?? ''];
    response.setHeader('content-type', file === undefined ? 'text/html' : 'text/javascript');
    response.end(file === undefined ? '<!doctype html><title>A book</title>' : readFileSync(file));
  });
  opened.defer(() => ended(pages));
  const origin = originOf(pages);
  collector = await openTestCollector({
    authorize: (key) => (key === 'web-key' ? { source: 'web', origins: [origin] } : undefined),
    knowsOrigin: (other) => other === origin,
  });
  opened.defer(() => collector.close());
  collectors = await listening((request, response) => {
    const post = request.method === 'POST' ? ++posts : 0;
    if (refused.includes(post)) {
      request.resume();
      response.writeHead(503, { 'access-control-allow-origin': origin }).end();
      return;
    }
    if (lost.includes(post)) loseAnswer(response);
    void collector.collector.handle(request, response);
  });
  opened.defer(() => ended(collectors));
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  opened.defer(() => browser.close());
});

after(() => opened.disposeAsync());

function ended(server: Server): void {
  server.closeAllConnections();
  server.close();
}

async function listening(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(handle);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Everything is written, then the connection breaks in place of the answer. */
function loseAnswer(response: ServerResponse): void {
  response.writeHead = () => response;
  response.end = () => {
    response.destroy();
    return response;
  };
}

/** The ids of the kinds that were stored, once there are enough of them. */
async function idsOf(kinds: readonly string[], wanted: number): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await until(
    async () => {
      found = (await collector.stored()).filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
      return found.length >= wanted;
    },
    () => `${found.length} of ${wanted} of ${kinds.join()} are stored`,
  );
  return found.toSorted();
}

test('Segment’s library in a page: every event once, over a refusal and a lost answer', async (context) => {
  [posts, refused, lost] = [0, [1, 5], [3]];
  const page = await browser.newPage();
  await page.goto(`${originOf(pages)}/book?utm_source=naver&utm_medium=cpc`);
  await page.addScriptTag({ url: '/segment.js' });
  const sent = await page.evaluate(
    async (host) => {
      const { AnalyticsBrowser } = (
        globalThis as never as { AnalyticsNext: { AnalyticsBrowser: { load(...all: unknown[]): Loaded } } }
      ).AnalyticsNext;
      interface Loaded {
        track(...all: unknown[]): Promise<{ event: { messageId: string } }>;
        page(): Promise<{ event: { messageId: string } }>;
        identify(...all: unknown[]): Promise<{ event: { messageId: string } }>;
      }
      const analytics = AnalyticsBrowser.load(
        { writeKey: 'web-key', cdnURL: `http://${host}` },
        { integrations: { 'Segment.io': { apiHost: `${host}/v1`, protocol: 'http' } } },
      );
      const contexts = [await analytics.page(), await analytics.identify('r1', { plan: 'flat' })];
      for (let number = 0; number < 8; number++) {
        contexts.push(
          await analytics.track('Product Viewed', { product_id: `b${number}`, price: 9900, currency: 'KRW' }),
        );
      }
      return contexts.map(({ event }) => event.messageId);
    },
    new URL(originOf(collectors)).host,
  );
  const stored = await idsOf(['page_view', 'identify', 'view_item'], sent.length);
  assert.deepEqual(stored, sent.map((id) => id.slice(-36)).toSorted());
  context.diagnostic(
    `${sent.length} sent, ${stored.length} stored, ${collector.collector.status().duplicates} duplicates, ${posts} posts`,
  );
  const events = await collector.stored();
  const view = events.find(({ kind }) => kind === 'page_view');
  assert.deepEqual([view?.referrer, view?.page?.title], [{ class: 'paid', name: 'Naver' }, 'A book']);
  assert.equal(events.find(({ kind }) => kind === 'view_item')?.reader_id, 'r1');
  assert.deepEqual([view?.client?.bot, view?.client?.os], [true, 'Linux'], 'a headless browser says so');
  await page.close();
});

test('Snowplow’s tracker in a page: every event once, over a refusal and a lost answer', async (context) => {
  [posts, refused, lost] = [0, [1], [2]];
  const page = await browser.newPage();
  await page.goto(`${originOf(pages)}/shelf`);
  await page.addScriptTag({ url: '/snowplow.js' });
  const before_ = collector.collector.status().duplicates;
  await page.evaluate((url) => {
    type Call = (...all: unknown[]) => void;
    const { snowplowBrowserTracking: snowplow } = globalThis as never as {
      snowplowBrowserTracking: Readonly<Record<'newTracker' | 'trackStructEvent' | 'flushBuffer', Call>>;
    };
    snowplow.newTracker('store', url, {
      appId: 'store',
      customHeaders: { Authorization: 'Bearer web-key' },
      credentials: 'omit',
      contexts: { webPage: true },
    });
    for (let number = 0; number < 8; number++)
      snowplow.trackStructEvent({ category: 'shelf', action: 'open', label: `b${number}` });
  }, originOf(collectors));
  // It sends what was refused with the next event or flush only.
  await until(async () => {
    await page.evaluate(() =>
      (
        globalThis as never as { snowplowBrowserTracking: { flushBuffer(): void } }
      ).snowplowBrowserTracking.flushBuffer(),
    );
    return collector.collector.status().duplicates > before_;
  });
  const stored = await idsOf(['shelf_open'], 8);
  assert.equal(new Set(stored).size, 8);
  const labels = (await collector.stored())
    .filter(({ kind }) => kind === 'shelf_open')
    .map(({ properties }) => String(properties?.['label']));
  assert.deepEqual(
    labels.toSorted(),
    Array.from({ length: 8 }, (_, number) => `b${number}`),
  );
  assert.ok(collector.collector.status().duplicates > before_, 'what was lost was sent again');
  context.diagnostic(
    `8 sent, ${stored.length} stored, ${collector.collector.status().duplicates - before_} duplicates, ${posts} posts`,
  );
  await page.close();
});
