import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hasCode } from '../base/index.ts';
import { ApiError, createClient, type Client } from './client.ts';
import { listen } from './server.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let shop: TestShop;
let url: string;
let client: Client;

before(async () => {
  shop = await openTestShop({
    collect: {
      matches: (_method, address) => address === '/v1/events',
      handle: async (request, response) => {
        request.resume();
        request.on('end', () =>
          response.writeHead(200, { 'content-type': 'application/json' }).end('{"collector":true}'),
        );
      },
    },
  });
  url = await listen(shop.server, { host: '127.0.0.1', port: 0 });
  client = createClient({ url, key: shop.key });
});
after(() => shop.close());

test('the client reads every kind of answer', async () => {
  assert.equal((await client.lists()).lists[0]?.list, 'daily');
  const page = await client.list('daily', { limit: 2 });
  assert.deepEqual(
    page.items.map((item) => item.item_id),
    ['i1', 'i2'],
  );
  const next = await client.list('daily', { limit: 2, cursor: page.next_cursor ?? '' });
  assert.deepEqual(
    next.items.map((item) => item.rank),
    [3, 4],
  );
  assert.equal((await client.explanation('daily', 'i1', { lines: true })).rank, 1);
  assert.equal((await client.recommendations('r1')).items[0]?.because_of[0]?.title, '제목 i1');
  assert.equal((await client.related('i1')).items[0]?.item_id, 'i2');
  assert.equal((await client.metrics()).metrics.length, 3);
  assert.equal((await client.metric('sales', { grain: 'day', to: '2026-11-01' })).rows[0]?.value, 1000.5);
  assert.equal((await client.health()).status, 'ok');
});

test('the client throws the problem that the API answered', async () => {
  await assert.rejects(client.list('dayly'), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 404);
    assert.equal(error.problem.code, 'list_not_found');
    return /did you mean 'daily'/.test(error.message);
  });
});

test('ids are escaped on their way', async () => {
  assert.equal((await client.recommendations('a/b ?#%')).reader_id, 'a/b ?#%');
});

test('kept answers are sent over a socket with length and tag, and not sent again', async () => {
  const headers = { authorization: `Bearer ${shop.key}` };
  const read = (extra: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/v1/bestsellers/daily?limit=5`, { headers: { ...headers, ...extra } });
  const first = await read();
  const body = await first.text();
  const kept = await read();
  assert.equal(await kept.text(), body);
  assert.equal(kept.headers.get('content-type'), first.headers.get('content-type'));
  assert.equal(Number(kept.headers.get('content-length')), Buffer.byteLength(body));
  const etag = kept.headers.get('etag') ?? '';
  assert.equal((await read({ 'if-none-match': `W/${etag}, "x"` })).status, 304);
});

test('a kept answer gives way to a new edition at once', async () => {
  const before = await client.list('daily');
  assert.deepEqual(await client.list('daily'), before);
  await shop.publishList('2026-11-03', 2, 5);
  const now = await client.list('daily');
  assert.deepEqual([now.business_day, now.total], ['2026-11-03', 2]);
  assert.equal((await client.list('daily', { date: '2026-11-02' })).edition, before.edition);
});

test('events go to the collector, not to the framework', async () => {
  const response = await fetch(`${url}/v1/events`, { method: 'POST', body: '{"events":[]}' });
  assert.deepEqual(await response.json(), { collector: true });
});

test('a taken port says so', async () => {
  const other = await openTestShop();
  await assert.rejects(
    listen(other.server, { host: '127.0.0.1', port: Number(new URL(url).port) }),
    (error) => hasCode(error, 'port_taken'),
  );
  await other.close();
});
