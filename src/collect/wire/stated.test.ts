import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredEvent } from '../../event/index.ts';
import { openTestCollector } from '../collector.fixture.ts';

type Said = Readonly<Record<string, unknown>>;

/** Sends bodies to a path and gives what was stored. */
async function sent(
  path: string,
  bodies: readonly Said[],
  agent = 'analytics-node/2.0.0',
): Promise<readonly StoredEvent[]> {
  const collector = await openTestCollector({ authorize: () => ({ source: 'server' }) });
  try {
    for (const body of bodies) {
      const answer = await fetch(`${collector.url}${path}?key=server-key`, {
        method: 'POST',
        headers: { 'user-agent': agent },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 200, await answer.text());
    }
    return await collector.stored();
  } finally {
    await collector.close();
  }
}

test('campaign and device of Segment’s context fill what address and user agent leave open', async () => {
  const spring = { name: 'spring', source: 'naver', medium: 'cpc', term: '소설' };
  const android = { device: { type: 'android', model: 'Pixel 9' }, os: { name: 'Android', version: '15' } };
  const track = (number: number, context: object): Said => ({
    messageId: `stated-${number}`,
    userId: 'r1',
    event: 'Chapter Opened',
    context,
  });
  const url = 'https://book.example/?utm_source=kakao&utm_medium=email';
  const chrome =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
  const events = await sent('/v1/track', [
    track(1, { campaign: spring, ...android }),
    track(2, { campaign: spring, page: { url }, userAgent: chrome, ...android }),
    track(3, { device: { model: 'iPad13,4' }, os: { name: 'iPadOS', version: '18.1' } }),
    track(4, { campaign: 'spring', device: 7, os: [], library: { name: 'analytics-node' } }),
    track(5, { page: { url: 'https://book.example/' }, referrer: { url: 'https://www.google.com/' } }),
  ]);
  const of = (number: number): StoredEvent | undefined => events[number - 1];
  assert.deepEqual(of(1)?.campaign, spring);
  assert.deepEqual(of(1)?.referrer, { class: 'paid', name: 'Naver' });
  assert.deepEqual(of(1)?.client, { device: 'mobile', os: 'Android', os_version: '15', bot: false });
  // The address and the user agent say it themselves.
  assert.deepEqual(of(2)?.campaign, { source: 'kakao', medium: 'email' });
  assert.deepEqual([of(2)?.client?.os, of(2)?.client?.browser], ['Windows', 'Chrome']);
  assert.deepEqual(of(3)?.client, { device: 'tablet', os: 'iOS', os_version: '18.1', bot: false });
  assert.deepEqual([of(4)?.campaign, of(4)?.client], [undefined, { bot: false }]);
  assert.deepEqual(of(5)?.referrer, { class: 'search', name: 'Google' });
});

test('a model that is stated names the device, behind a library’s user agent too', async () => {
  const frozen =
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';
  const hinted = {
    brands: [{ brand: 'Google Chrome', version: '131' }],
    mobile: false,
    platform: 'Android',
    platformVersion: '11.0.0',
    model: 'NoteAir3C',
  };
  const contexts: readonly Said[] = [
    { device: { model: 'SM-T970' } },
    { device: { type: 'android', model: 'SM-T970' }, os: { name: 'Android', version: '13' } },
    { device: { type: 'android', model: 'CREMA-0670C' } },
    { device: { model: 'iPhone15,2' } },
    { device: { model: 'iPad13,4' }, userAgent: frozen.replace('Android', 'Other') },
    { device: { model: 'Watch6,2' } },
    { userAgent: frozen, userAgentData: hinted },
    { device: { model: 'SM-T970' }, userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)' },
  ];
  const events = await sent(
    '/v1/track',
    contexts.map((context, place) => ({ messageId: `m${place}`, userId: 'r1', event: 'Read', context })),
    'okhttp/4.12.0',
  );
  assert.deepEqual(
    events.map(({ client }) => [client?.device, client?.os, client?.os_version, client?.bot]),
    [
      ['tablet', undefined, undefined, false],
      ['tablet', 'Android', '13', false],
      ['ereader', 'Android', undefined, false],
      ['mobile', 'iOS', undefined, false],
      // A page's own user agent is of another system than what is stated: it is the device.
      ['desktop', 'Linux', undefined, false],
      ['wearable', 'watchOS', undefined, false],
      ['ereader', 'Android', '11', false],
      [undefined, undefined, undefined, true],
    ],
  );
});

const schema = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4';
const snowplow = (...data: Said[]): Said => ({ schema, data });

test('an order of Snowplow’s older trackers is one purchase where its items come with it', async () => {
  const order = (id: string, eid: string): Said => ({
    e: 'tr',
    eid,
    p: 'web',
    tr_id: id,
    tr_tt: '33000',
    tr_tx: '3000',
    tr_cu: 'KRW',
  });
  const line = (id: string, eid: string, sku: string): Said => ({
    e: 'ti',
    eid,
    p: 'web',
    ti_id: id,
    ti_sk: sku,
    ti_pr: '10000',
    ti_qu: sku === 'b1' ? '2' : '1',
    ti_cu: 'KRW',
  });
  const eid = (number: number): string => `6f1d0a52-0000-4000-8000-00000000000${number}`;
  const events = await sent('/com.snowplowanalytics.snowplow/tp2', [
    snowplow(
      order('o1', eid(1)),
      line('o1', eid(2), 'b1'),
      line('o1', eid(3), 'b2'),
      line('o9', eid(4), 'b3'),
    ),
    snowplow(order('o2', eid(5))),
    // Sent again, apart.
    snowplow(order('o1', eid(1))),
  ]);
  const [purchase] = events;
  assert.deepEqual(
    events.map(({ id, kind }) => [id, kind]),
    [
      [eid(1), 'purchase'],
      [eid(2), 'transaction_item'],
      [eid(3), 'transaction_item'],
      [eid(4), 'transaction_item'],
      [eid(5), 'transaction'],
    ],
  );
  assert.deepEqual(
    purchase?.items?.map(({ item_id, quantity }) => [item_id, quantity]),
    [
      ['b1', 2],
      ['b2', 1],
    ],
  );
  assert.deepEqual(purchase?.properties, {
    transaction_id: 'o1',
    currency: 'KRW',
    value: 30_000,
    tax: 3000,
    total: 33_000,
  });
});

test('steps of a checkout: the first with titles begins it, one with a way to pay is that', async () => {
  const vendor = 'iglu:com.snowplowanalytics.snowplow.ecommerce';
  const step = (number: number, more: object, products = 0): Said => ({
    e: 'ue',
    p: 'mob',
    eid: `6f1d0a52-0000-4000-8000-00000000001${number}`,
    ue_pr: JSON.stringify({
      schema: 'iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0',
      data: {
        schema: `${vendor}/snowplow_ecommerce_action/jsonschema/1-0-2`,
        data: { type: 'checkout_step' },
      },
    }),
    co: JSON.stringify({
      schema: 'iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0',
      data: [
        { schema: `${vendor}/checkout_step/jsonschema/1-0-0`, data: { step: number, ...more } },
        ...Array.from({ length: products }, () => ({
          schema: `${vendor}/product/jsonschema/1-0-0`,
          data: { id: 'b1', price: 10_000, currency: 'KRW' },
        })),
        {
          schema: 'iglu:com.snowplowanalytics.snowplow/mobile_context/jsonschema/1-0-3',
          data: { osType: 'ios', osVersion: '18.2', deviceModel: 'iPhone17,1', deviceManufacturer: 'Apple' },
        },
      ],
    }),
  });
  const events = await sent('/com.snowplowanalytics.snowplow/tp2', [
    snowplow(
      step(1, {}, 1),
      step(2, { delivery_provider: 'post' }, 1),
      step(3, { payment_method: 'card' }, 1),
      step(4, {}),
    ),
  ]);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['begin_checkout', 'checkout_step', 'add_payment_info', 'checkout_step'],
  );
  assert.deepEqual([events[0]?.client?.os, events[0]?.client?.os_version], ['iOS', '18.2']);
});
