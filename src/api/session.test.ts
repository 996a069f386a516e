import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import type { SessionState } from './session-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

const password = 'correct horse battery';
const own = { 'x-octavo-console': '1', host: 'store.example' };
let shop: TestShop;

before(async () => {
  shop = await openTestShop();
  await shop.accounts.add({ name: 'minji', role: 'viewer', password });
});
after(() => shop.close());

async function signIn(headers: object = own, given = password): Promise<LightMyRequestResponse> {
  return shop.server.inject({
    method: 'POST',
    url: '/v1/session',
    headers: { ...headers },
    payload: { name: 'minji', password: given },
  });
}

function cookieOf(response: LightMyRequestResponse): string {
  return String(response.headers['set-cookie']).split(';')[0] ?? '';
}

test('a signed-in person reads what his role allows, and no more', async () => {
  const response = await signIn();
  assert.equal(response.statusCode, 200);
  assert.match(String(response.headers['set-cookie']), /HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(response);
  const read = (url: string): Promise<LightMyRequestResponse> =>
    shop.server.inject({ url, headers: { cookie } });
  assert.equal((await read('/v1/bestsellers')).statusCode, 200);
  assert.equal((await read('/v1/session')).json<SessionState>().person?.name, 'minji');
  const refused = await shop.server.inject({ method: 'DELETE', url: '/v1/session', headers: { cookie } });
  assert.equal(refused.json<{ code: string }>().code, 'page_foreign');
});

test('nobody is signed in without a cookie, and an unknown one has expired', async () => {
  const bare = await shop.server.inject({ url: '/v1/session' });
  const state = bare.json<SessionState>();
  assert.deepEqual([state.person, state.scopes, state.expired], [null, [], false]);
  assert.equal(state.store.business_day, '2026-11-03');
  const stale = { cookie: 'other=1; octavo_session=nothing' };
  assert.equal(
    (await shop.server.inject({ url: '/v1/session', headers: stale })).json<SessionState>().expired,
    true,
  );
  const asked = await shop.server.inject({ url: '/v1/bestsellers', headers: stale });
  assert.deepEqual([asked.statusCode, asked.json<{ code: string }>().code], [401, 'session_expired']);
});

test('other pages cannot sign in or out in a person’s name', async () => {
  for (const headers of [{}, { ...own, origin: 'https://elsewhere.example' }, { ...own, origin: 'null' }]) {
    const response = await signIn(headers);
    assert.deepEqual([response.statusCode, response.json<{ code: string }>().code], [403, 'page_foreign']);
  }
  assert.equal((await signIn({ ...own, origin: 'https://store.example' })).statusCode, 200);
});

test('signing out ends the session', async () => {
  const cookie = cookieOf(await signIn());
  const out = await shop.server.inject({ method: 'DELETE', url: '/v1/session', headers: { ...own, cookie } });
  assert.equal(out.statusCode, 204);
  assert.match(String(out.headers['set-cookie']), /octavo_session=; .*Max-Age=0/);
  assert.equal((await shop.server.inject({ url: '/v1/bestsellers', headers: { cookie } })).statusCode, 401);
});

test('one changes one’s own password and stays signed in', async () => {
  await shop.accounts.add({ name: 'sora', role: 'admin', password });
  const begun = await shop.server.inject({
    method: 'POST',
    url: '/v1/session',
    headers: own,
    payload: { name: 'sora', password },
  });
  const change = (given: string, next: string): Promise<LightMyRequestResponse> =>
    shop.server.inject({
      method: 'PUT',
      url: '/v1/session/password',
      headers: { ...own, cookie: cookieOf(begun) },
      payload: { password: given, new_password: next },
    });
  assert.equal((await change('wrong', 'the next password')).json<{ code: string }>().code, 'sign_in_failed');
  assert.equal((await change(password, 'short')).json<{ code: string }>().code, 'password_weak');
  const changed = await change(password, 'the next password');
  assert.equal(changed.statusCode, 204);
  const state = await shop.server.inject({ url: '/v1/session', headers: { cookie: cookieOf(changed) } });
  assert.equal(state.json<SessionState>().person?.name, 'sora');
});

test('guessing is slowed down, and forgiven with time', async () => {
  let last = await signIn(own, 'guess');
  for (let attempt = 0; attempt < 10 && last.statusCode === 401; attempt += 1)
    last = await signIn(own, 'guess');
  assert.equal(last.statusCode, 429);
  assert.equal(last.json<{ code: string }>().code, 'sign_in_limited');
  assert.ok(Number(last.headers['retry-after']) > 0);
  assert.equal((await signIn()).statusCode, 429);
  shop.clock.advance(60_000);
  assert.equal((await signIn()).statusCode, 200);
});

test('the demo is open to pages on this machine only', async () => {
  const open = await openTestShop({ context: { openToLocal: true } });
  try {
    const status = async (headers: object, remoteAddress = '127.0.0.1'): Promise<number> =>
      (await open.server.inject({ url: '/v1/bestsellers', headers: { ...headers }, remoteAddress }))
        .statusCode;
    const page = { 'sec-fetch-site': 'same-origin', host: 'localhost:8085' };
    assert.equal(await status(page), 200);
    assert.equal(await status({ ...own, host: '127.0.0.1:8085' }), 200);
    assert.equal(await status({ host: 'localhost:8085' }), 401, 'a program needs its key');
    assert.equal(await status({ ...page, host: 'evil.example:8085' }), 401, 'a foreign name that leads here');
    assert.equal(await status({ ...page, 'sec-fetch-site': 'cross-site' }), 401);
    assert.equal(await status(page, '192.168.0.7'), 401, 'another machine');
  } finally {
    await open.close();
  }
});
