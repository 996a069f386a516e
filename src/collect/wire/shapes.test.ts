import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isUuidText, validateEvent, isEventError } from '../../event/index.ts';
import { openTestCollector, type TestCollector } from '../collector.fixture.ts';
import { kindOf, uuidOf } from './mapped-event.ts';
import { segmentEvent } from './segment-event.ts';

let collector: TestCollector;
const page = 'https://book.example';

before(async () => {
  collector = await openTestCollector({
    authorize: (key) =>
      key === 'server-key'
        ? { source: 'server' }
        : key === 'web-key'
          ? { source: 'web', origins: [page] }
          : undefined,
    knowsOrigin: (origin) => origin === page,
  });
});
after(() => collector.close());

const post = (
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${collector.url}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const newest = async (): Promise<Readonly<Record<string, unknown>>> => ({
  ...(await collector.stored()).at(-1),
});

test('a page’s Segment library finds its settings, and sends text with the key in the body', async () => {
  const settings = await fetch(`${collector.url}/v1/projects/web-key/settings`, {
    headers: { origin: page },
  });
  const { integrations } = (await settings.json()) as {
    integrations: { 'Segment.io': { apiKey: string; apiHost: string } };
  };
  assert.deepEqual(integrations['Segment.io'].apiKey, 'web-key');
  assert.equal(integrations['Segment.io'].apiHost, `127.0.0.1:${collector.port}/v1`);
  assert.equal(settings.headers.get('access-control-allow-origin'), page);
  const now = new Date().toISOString();
  const event = {
    anonymousId: 'd1',
    event: 'Product Added',
    messageId: 'ajs-next-1-0192f0c1-7e2a-7c3d-9a4b-00000000abcd',
    timestamp: now,
  };
  const body = {
    ...event,
    type: 'track',
    sentAt: now,
    writeKey: 'web-key',
    properties: { product_id: 'b1', quantity: 1 },
  };
  const told = {
    ...body,
    context: { userAgent: 'somebody else', ip: '1.2.3.4', page: { url: `${page}/b/1` } },
  };
  const answer = await post('/v1/t', told, { 'content-type': 'text/plain', origin: page });
  assert.deepEqual([answer.status, await answer.json()], [200, { success: true }]);
  const stored = await newest();
  assert.deepEqual(
    [stored['id'], stored['kind'], stored['items'], stored['device_id']],
    ['0192f0c1-7e2a-7c3d-9a4b-00000000abcd', 'add_to_cart', [{ item_id: 'b1', quantity: 1 }], 'd1'],
  );
  assert.notEqual(stored['user_agent'], 'somebody else', 'a page speaks for itself only');
  assert.equal((await post('/v1/t', told, { origin: 'https://evil.example' })).status, 403);
  assert.equal((await post('/v1/t', { ...told, writeKey: 'none' }, { origin: page })).status, 401);
});

test('a Segment call that is no event is answered 400 alone and 200 in a batch, and kept', async () => {
  const basic = { authorization: `Basic ${btoa('server-key:')}` };
  const before_ = (await collector.failed()).length;
  for (const [path, body] of [
    ['/v1/track', { userId: 'r1' }],
    ['/v1/track', { event: 'x' }],
    ['/v1/group', { userId: 'r1' }],
    ['/v1/alias', { userId: 'r1' }],
    ['/v1/track', { userId: 'r1', event: 'Order Completed', properties: { order_id: '1' } }],
  ] as const) {
    const answer = await post(path, body, basic);
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { success: boolean }).success],
      [400, false],
      JSON.stringify(body),
    );
  }
  const batch = [{ type: 'track', userId: 'r1', event: 'Fine' }, { type: 'nonsense', userId: 'r1' }, 7];
  const answer = await post('/v1/batch', { batch, context: { locale: 'ko-KR' } }, basic);
  assert.deepEqual([answer.status, await answer.json()], [200, { success: true }]);
  assert.deepEqual((await newest())['kind'], 'fine');
  assert.equal((await collector.failed()).length - before_, 7);
  for (const body of ['{"batch":', '{"batch":7}', '[]']) {
    const refused = await post('/v1/batch', body, basic);
    assert.deepEqual(
      [refused.status, ((await refused.json()) as { success: boolean }).success],
      [400, false],
    );
  }
});

test('a path may end in a slash, and who is to stay unknown is kept without address and network id', async () => {
  const song = { event: 'Song Played', userId: 'r7' };
  const basic = { authorization: `Basic ${btoa('server-key:')}` };
  assert.equal((await post('/v1/track/?x=1', song, basic)).status, 200);
  assert.deepEqual([(await newest())['kind'], typeof (await newest())['ip']], ['song_played', 'string']);
  const seen = { e: 'pv', aid: 'server-key', nuid: 'network', ip: '203.0.113.9' };
  const schema = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4';
  const path = '/com.snowplowanalytics.snowplow/tp2';
  for (const [headers, kept] of [
    [{}, 'network'],
    [{ 'sp-anonymous': '*' }, undefined],
  ] as const) {
    assert.equal((await post(path, { schema, data: [seen] }, headers)).status, 200);
    const { device_id, ip } = await newest();
    assert.deepEqual([device_id, ip === undefined], [kept, kept === undefined]);
  }
  const failed = (await collector.failed()).length;
  await post(path, { schema, data: [{ ...seen, e: 'zz' }] }, { 'sp-anonymous': '*' });
  await fetch(`${collector.url}/i?key=web-key&e=zz&aid=shop`);
  const raws = (await collector.failed()).slice(failed).map(({ raw }) => JSON.parse(String(raw)) as object);
  assert.deepEqual(
    raws.map((raw) => (raw as { readonly snowplow?: unknown }).snowplow),
    [{ e: 'zz' }, { e: 'zz', aid: 'shop' }],
    'neither key nor place is kept of what is refused',
  );
});

test('what a batch shares is bounded: it becomes part of every message', async () => {
  const batch = Array.from({ length: 1_200 }, () => ({ type: 'track', event: 'x' }));
  const basic = { authorization: `Basic ${btoa('server-key:')}` };
  const large = await post('/v1/batch', { batch, context: { note: 'x'.repeat(20_000) } }, basic);
  assert.equal(large.status, 400);
  assert.match(await large.text(), /\/context: 20\d+ letters/);
});

test('ids and times of other shapes hold over a retry', () => {
  const request = { context: {}, receivedAt: '2026-03-01T10:00:00.000Z', place: 0 };
  const idOf = (message: object, more: object = {}): unknown => {
    const mapped = segmentEvent(
      { type: 'track', userId: 'r', event: 'x', ...message },
      { ...request, ...more },
    );
    return 'event' in mapped ? mapped.event['id'] : mapped.error;
  };
  const time = { timestamp: '2026-03-01T09:00:00Z' };
  const later = { receivedAt: '2026-03-01T10:00:09.000Z' };
  assert.equal(idOf(time), idOf({ ...time, sentAt: 'later' }, later), 'without an id its contents are one');
  assert.notEqual(idOf({}), idOf({}, later), 'two that say nothing of their time are two');
  assert.notEqual(idOf({}), idOf({}, { place: 1 }));
  assert.equal(idOf({ messageId: 'm-1' }), idOf({ messageId: 'm-1', ...time }, later));
  for (const id of ['m-1', '', '한글', 'x'.repeat(500)])
    assert.match(uuidOf(id), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/);
  assert.ok(isUuidText(uuidOf('m-1')));
});

test('names of kinds are clean, whatever they were', () => {
  const names = {
    'Song Played': 'song_played',
    songPlayed: 'song_played',
    '  --Été 2--': 'ete_2',
    '7 days': 'event_7_days',
    page_view: 'page_view',
  };
  for (const [name, kind] of Object.entries(names)) assert.equal(kindOf(name), kind);
  assert.match(kindOf('책 펼침'), /^event_[0-9a-f]{8}$/);
  assert.notEqual(kindOf('책 펼침'), kindOf('책 덮음'));
  for (const name of ['', '___', 'x'.repeat(99), `${'x'.repeat(39)} y`, 'ﬁ', '\u0000']) {
    const id = '0192f0c1-7e2a-7c3d-9a4b-000000000001';
    assert.ok(
      !isEventError(validateEvent({ id, kind: kindOf(name), occurred_at: '2026-03-01T10:00:00Z' })),
      name,
    );
  }
});

test('Snowplow’s pixel and post take a key as app id, and keep what they can’t read', async () => {
  const query = new URLSearchParams({
    e: 'pv',
    aid: 'web-key',
    url: `${page}/x`,
    duid: 'd2',
    eid: '0192f0c1-7e2a-7c3d-9a4b-00000000beef',
    p: 'web',
  });
  const image = await fetch(`${collector.url}/i?${query.toString()}`);
  assert.deepEqual([image.status, image.headers.get('content-type')], [200, 'image/gif']);
  assert.equal(
    Buffer.from(await image.arrayBuffer())
      .toString('latin1')
      .slice(0, 6),
    'GIF89a',
  );
  assert.deepEqual(
    [(await newest())['id'], (await newest())['kind']],
    ['0192f0c1-7e2a-7c3d-9a4b-00000000beef', 'page_view'],
  );
  const path = '/com.snowplowanalytics.snowplow/tp2';
  const schema = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4';
  const failed = (await collector.failed()).length;
  const data = [
    { e: 'pv', aid: 'server-key' },
    { e: 'zz' },
    {},
    7,
    { e: 'ue', ue_px: '!!' },
    { e: 'pv', co: '{' },
    { e: 'ue' },
  ];
  const answer = await post(path, { schema, data });
  assert.deepEqual([answer.status, await answer.text()], [200, 'ok']);
  assert.equal((await collector.failed()).length - failed, 6);
  assert.equal((await post(path, { schema, data: [{ e: 'pv', aid: 'no-key' }] })).status, 401);
  assert.equal((await post(path, { schema: 'iglu:x', data: [] })).status, 400);
  const bearer = { authorization: 'Bearer server-key' };
  const ours = { e: 'pv', aid: 'shop', ua: 'Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)' };
  assert.equal((await post(path, { schema, data: [ours] }, bearer)).status, 200);
  const stored = await newest();
  assert.deepEqual(
    [stored['app'], (stored['client'] as { bot_name: string }).bot_name],
    [{ name: 'shop' }, 'Yeti'],
  );
});
