import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import {
  buildPageView,
  buildScreenView,
  buildSelfDescribingEvent,
  buildStructEvent,
  newTracker,
} from '@snowplow/node-tracker';
import { openTestCollector, type TestCollector } from '../collector.fixture.ts';

/** What happens to a request: it is taken, refused before anything, or taken without its answer arriving. */
type Fate = 'take' | 'refuse' | 'lose';

/** A collector whose requests meet the fates in turn, then are taken; keeps count. */
async function openFlaky(
  fates: readonly Fate[],
): Promise<
  TestCollector & { readonly flakyPort: number; readonly met: Fate[]; readonly stop: () => Promise<void> }
> {
  const authorize = (key: string) => (key === 'a-key' ? { source: 'app' } : undefined);
  const collector = await openTestCollector({ authorize });
  const met: Fate[] = [];
  const server = createServer((request, response) => {
    const fate = fates[met.length] ?? 'take';
    met.push(fate);
    if (fate === 'refuse') {
      request.resume();
      response.writeHead(503, { 'retry-after': '0' }).end();
      return;
    }
    if (fate === 'lose') loseAnswer(response);
    void collector.collector.handle(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    ...collector,
    flakyPort: (server.address() as AddressInfo).port,
    met,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await collector.close();
    },
  };
}

/** Everything is written, then the connection breaks in place of the answer. */
function loseAnswer(response: ServerResponse): void {
  response.writeHead = () => response;
  response.end = () => {
    response.destroy();
    return response;
  };
}

const fates: readonly Fate[] = ['refuse', 'lose', 'take', 'refuse', 'lose', 'refuse'];

test('the Segment library for Node stores every event once, over refusals and lost answers', async (context) => {
  const collector = await openFlaky(fates);
  const sent = new Map<string, string>();
  const errors: unknown[] = [];
  const analytics = new Analytics({
    writeKey: 'a-key',
    host: `http://127.0.0.1:${collector.flakyPort}`,
    flushAt: 5,
    flushInterval: 100,
    maxRetries: 20,
  });
  analytics.on('error', (error) => errors.push(error));
  try {
    const user = { userId: 'r1', anonymousId: 'd1' };
    const remember = (
      _error: unknown,
      ctx?: { readonly event: { readonly messageId?: string | undefined; readonly type: string } },
    ): void => {
      sent.set(ctx?.event.messageId ?? '', ctx?.event.type ?? '');
    };
    analytics.identify({ ...user, traits: { plan: 'flat' } }, remember);
    analytics.group({ ...user, groupId: 'family-7' }, remember);
    analytics.alias({ userId: 'r1', previousId: 'd0' }, remember);
    analytics.page(
      { ...user, name: 'Home', properties: { url: 'https://book.example/?utm_source=naver&utm_medium=cpc' } },
      remember,
    );
    analytics.screen({ ...user, name: 'Shelf' }, remember);
    for (let number = 0; number < 40; number++) {
      const properties = {
        product_id: `b${number}`,
        name: 'A book',
        price: '9.90',
        currency: 'KRW',
        position: 3,
      };
      analytics.track(
        { ...user, event: number % 2 === 0 ? 'Product Viewed' : 'Chapter Opened', properties },
        remember,
      );
    }
    const products = [
      { product_id: 'b1', price: 9900, quantity: 1 },
      { sku: 'b2', price: 5000, quantity: 2 },
    ];
    const order = { order_id: 'o-1', revenue: 19_900, tax: 0, currency: 'KRW', products };
    analytics.track({ ...user, event: 'Order Completed', properties: order }, remember);
    await analytics.closeAndFlush({ timeout: 60_000 });
    const stored = await collector.stored();
    assert.deepEqual(errors, []);
    assert.equal(sent.size, 46);
    context.diagnostic(
      `${sent.size} sent, ${stored.length} stored, ${collector.collector.status().duplicates} found to be duplicates; requests: ${collector.met.join(' ')}`,
    );
    const tails = [...sent.keys()].map((id) => id.slice(-36));
    assert.deepEqual(stored.map(({ id }) => id).toSorted(), tails.toSorted());
    assert.ok(collector.collector.status().duplicates > 0, 'lost answers were sent again');
    const counts: Record<string, number> = {};
    for (const { kind } of stored) counts[kind] = (counts[kind] ?? 0) + 1;
    assert.deepEqual(counts, {
      identify: 1,
      group: 1,
      alias: 1,
      page_view: 1,
      screen_view: 1,
      view_item: 20,
      chapter_opened: 20,
      purchase: 1,
    });
    const of = (kind: string) => stored.find((event) => event.kind === kind);
    assert.deepEqual(
      [
        of('purchase')?.items,
        of('purchase')?.properties?.['transaction_id'],
        of('purchase')?.properties?.['value'],
      ],
      [
        [
          { item_id: 'b1', price: 9900, quantity: 1 },
          { item_id: 'b2', price: 5000, quantity: 2 },
        ],
        'o-1',
        19_900,
      ],
    );
    assert.deepEqual(of('view_item')?.items, [{ item_id: 'b0', item_name: 'A book', index: 3, price: 9.9 }]);
    assert.deepEqual(
      [of('page_view')?.referrer, of('page_view')?.app?.platform],
      [{ class: 'paid', name: 'Naver' }, 'server'],
    );
    assert.equal(of('chapter_opened')?.client?.bot, false, 'a server is no robot');
    assert.deepEqual([of('alias')?.reader_id, of('alias')?.properties?.['previous_id']], ['r1', 'd0']);
  } finally {
    await collector.stop();
  }
});

test('the Snowplow tracker for Node stores every event once, by post and by get', async (context) => {
  for (const eventMethod of ['post', 'get'] as const) {
    const collector = await openFlaky(fates);
    const acknowledged = new Set<string>();
    const tracker = newTracker(
      { namespace: 'shop', appId: 'a-key', encodeBase64: eventMethod === 'post' },
      {
        endpoint: '127.0.0.1',
        port: collector.flakyPort,
        protocol: 'http',
        eventMethod,
        bufferSize: 4,
        onRequestSuccess: (batch) => {
          for (const payload of batch) acknowledged.add(String((payload as Record<string, unknown>)['eid']));
        },
      },
    );
    try {
      tracker.setUserId('r1');
      tracker.setDomainUserId('d1');
      tracker.setSessionId('s1');
      const sp = 'iglu:com.snowplowanalytics.snowplow';
      const product = {
        schema: `${sp}.ecommerce/product/jsonschema/1-0-0`,
        data: { id: 'b1', name: '책', category: 'novel', price: 12, currency: 'KRW' },
      };
      const action = {
        schema: `${sp}.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2`,
        data: { type: 'product_view' },
      };
      const tracked = [
        ...Array.from({ length: 20 }, (_, page) => [
          buildPageView({
            pageUrl: `https://book.example/${page}`,
            pageTitle: 't',
            referrer: 'https://search.naver.com/',
          }),
        ]),
        [buildStructEvent({ category: 'reader', action: 'Turn Page', label: 'b1', value: 12 })],
        [buildScreenView({ id: 'x', name: 'Shelf' })],
        [buildSelfDescribingEvent({ event: action }), [product]] as const,
        [
          buildSelfDescribingEvent({
            event: { schema: 'iglu:com.acme/chapter_opened/jsonschema/1-0-0', data: { chapter: 3 } },
          }),
        ],
      ];
      for (const [event, entities] of tracked) tracker.track(event, (entities ?? []) as never);
      for (let tries = 0; acknowledged.size < tracked.length; tries++) {
        assert.ok(tries < 600, `${acknowledged.size} of ${tracked.length} acknowledged`);
        await tracker.flush();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const stored = await collector.stored();
      const { duplicates } = collector.collector.status();
      context.diagnostic(
        `${eventMethod}: ${tracked.length} sent, ${stored.length} stored, ${duplicates} found to be duplicates; requests: ${collector.met.join(' ')}`,
      );
      assert.deepEqual(stored.map(({ id }) => id).toSorted(), [...acknowledged].toSorted());
      assert.ok(duplicates > 0, 'lost answers were sent again');
      const of = (kind: string) => stored.find((event) => event.kind === kind);
      assert.deepEqual(
        [of('view_item')?.items, of('view_item')?.properties?.['currency']],
        [[{ item_id: 'b1', item_name: '책', item_category: 'novel', price: 12 }], 'KRW'],
      );
      assert.deepEqual(
        [of('page_view')?.reader_id, of('page_view')?.device_id, of('page_view')?.session_id],
        ['r1', 'd1', 's1'],
      );
      assert.deepEqual(of('page_view')?.referrer, { class: 'search', name: 'Naver' });
      assert.deepEqual(of('reader_turn_page')?.properties?.['value'], 12);
      assert.equal(of('screen_view')?.properties?.['screen_name'], 'Shelf');
      assert.equal(of('chapter_opened')?.properties?.['chapter'], 3);
      assert.equal(of('page_view')?.app?.name, undefined, 'a key is no name');
    } finally {
      await collector.stop();
    }
  }
});
