import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestCollector, testEvent, type TestCollector } from './collector.fixture.ts';
import { hasOrigin, toOrigin } from './index.ts';

const store = 'https://store.example';
let taking: TestCollector;
before(async () => {
  taking = await openTestCollector({
    authorize: (key) =>
      key === 'server' ? { source: 'app' } : key === 'page' ? { source: 'web', origins: [store] } : undefined,
    knowsOrigin: (origin) => origin === store,
  });
});
after(() => taking.close());

const send = (query: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${taking.url}/v1/events${query}`, { method: 'POST', body: JSON.stringify(body), headers });
const codeOf = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

test('a page sends with its key in the header, the query or the body, as text, and may read the answer', async () => {
  const plain = { origin: store, 'content-type': 'text/plain' };
  const ways = [
    await send('', { events: [testEvent(1)] }, { ...plain, authorization: 'Bearer page' }),
    await send('?key=page', { events: [testEvent(2)] }, plain),
    await send('', { key: 'page', events: [testEvent(3)] }, plain),
    await send('', { key: 'page', ...testEvent(4) }, plain),
  ];
  for (const answer of ways) {
    assert.equal(answer.status, 200, await answer.clone().text());
    assert.equal(((await answer.json()) as { accepted: number }).accepted, 1);
    assert.equal(answer.headers.get('access-control-allow-origin'), store);
    assert.equal(answer.headers.get('access-control-allow-credentials'), null);
    assert.equal(answer.headers.get('vary'), 'origin');
  }
  const kept = await taking.stored();
  assert.deepEqual(
    kept.map(({ source }) => source),
    ['web', 'web', 'web', 'web'],
  );
  assert.ok(kept.every((event) => !('key' in event)));
});

test('a key is good for its origins alone', async () => {
  const other = { origin: 'https://evil.example' };
  const refused = await send('?key=page', testEvent(10), other);
  assert.equal(refused.headers.get('access-control-allow-origin'), null);
  assert.deepEqual(await codeOf(refused), [403, 'collect_origin_refused']);
  assert.deepEqual(await codeOf(await send('?key=page', testEvent(10))), [403, 'collect_origin_refused']);
  const server = { authorization: 'Bearer server' };
  assert.deepEqual(await codeOf(await send('', testEvent(10), { ...server, origin: store })), [
    403,
    'collect_origin_refused',
  ]);
  assert.equal((await send('', testEvent(11), server)).status, 200);
  assert.deepEqual(await codeOf(await send('?key=wrong', testEvent(10), { origin: store })), [
    401,
    'collect_unauthorized',
  ]);
  assert.deepEqual(await codeOf(await send('', testEvent(10))), [401, 'collect_unauthorized']);
});

test('a picture of a page is good for its origins by its referrer; a mail is read anywhere', async () => {
  const get = async (path: string, referer?: string): Promise<number> =>
    (
      await fetch(`${taking.url}${path}&aid=page&key=page`, {
        headers: referer === undefined ? {} : { referer },
      })
    ).status;
  const mail = 'https://mail.example/inbox';
  assert.equal(await get('/i?e=pv&p=web', `${store}/books/1`), 200);
  assert.equal(await get('/i?e=pv&p=web'), 200, 'a page may send no referrer');
  assert.equal(await get('/i?e=pv&p=web', mail), 403);
  assert.equal(await get('/p.gif?kind=mail_open', mail), 200);
});

test('what is refused is kept without the key that came in its body', async () => {
  const before = (await taking.failed()).length;
  const wrong = { key: 'page', ...testEvent(40), kind: 'NO' };
  assert.equal((await send('', wrong, { origin: store })).status, 200);
  const kept = (await taking.failed()).slice(before);
  assert.deepEqual(
    kept.map(({ raw }) => 'key' in (JSON.parse(String(raw)) as object)),
    [false],
  );
});

test('a preflight is answered for known origins, by key where there is one', async () => {
  const ask = (query: string, origin: string): Promise<Response> =>
    fetch(`${taking.url}/v1/events${query}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-retry',
      },
    });
  for (const query of ['', '?key=page']) {
    const { status, headers } = await ask(query, store);
    assert.deepEqual(
      [status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-headers')],
      [204, store, 'content-type,x-retry'],
    );
    assert.equal(headers.get('vary'), 'origin');
    const refused = await ask(query, 'https://evil.example');
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
    assert.deepEqual(await codeOf(refused), [403, 'collect_origin_refused']);
  }
});

test('a server says for which device it sends, a page does not', async () => {
  const stated = { user_agent: 'Reader/1.0', ip: '203.0.113.77', source: 'gateway-1' };
  const server = await send('', testEvent(20, stated), { authorization: 'Bearer server' });
  assert.equal(server.status, 200);
  const page = await send('?key=page', testEvent(21, stated), { origin: store, 'user-agent': 'Firefox' });
  assert.equal(page.status, 200);
  const kept = new Map((await taking.stored()).map((event) => [Number(event.id.slice(-12)), event]));
  const [own, foreign] = [kept.get(20), kept.get(21)];
  assert.deepEqual([own?.user_agent, own?.ip, own?.source], ['Reader/1.0', '203.0.113.0', 'app/gateway-1']);
  assert.deepEqual([foreign?.user_agent, foreign?.ip, foreign?.source], ['Firefox', '127.0.0.0', 'web']);
  const wrong = await send('', testEvent(22, { ip: 'here' }), { authorization: 'Bearer server' });
  const answer = (await wrong.json()) as { results: { error?: { path: string } }[] };
  assert.equal(answer.results[0]?.error?.path, '/ip');
});

test('origins are written in one way, and a star stands for names below', () => {
  assert.equal(toOrigin('https://Store.example:443/'), store);
  assert.equal(toOrigin('http://localhost:3000'), 'http://localhost:3000');
  for (const bad of [
    'store.example',
    'https://store.example/a',
    'ftp://x.example',
    'https://a@b.example',
    '*',
  ])
    assert.throws(() => toOrigin(bad), bad);
  const below = [toOrigin('https://*.store.example')];
  for (const good of ['https://www.store.example', 'https://a.b.store.example'])
    assert.ok(hasOrigin(below, good), good);
  for (const bad of [
    store,
    'https://evil-store.example',
    'http://www.store.example',
    'https://x.example/.store.example',
  ])
    assert.ok(!hasOrigin(below, bad), bad);
});
