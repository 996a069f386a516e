import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import type { Configuration, Keys, MadeKey, MadePassword, Users, Versions } from './settings-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let shop: TestShop;

before(async () => {
  shop = await openTestShop({
    context: {
      configuration: async () => [
        {
          key: 'http.port',
          value: '8085',
          origin: 'default',
          variable: 'OCTAVO_HTTP_PORT',
          description: 'Port',
          secret: false,
        },
        {
          key: 'api.adminKey',
          value: undefined,
          origin: 'environment',
          variable: 'OCTAVO_API_ADMIN_KEY',
          description: 'Key',
          secret: true,
        },
      ],
    },
  });
});
after(() => shop.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

async function ask(
  method: Method,
  path: string,
  payload?: object,
  key = shop.key,
): Promise<LightMyRequestResponse> {
  return shop.server.inject({
    method,
    url: `/v1/settings/${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  });
}

function codeOf(response: LightMyRequestResponse): string {
  return response.json<{ code: string }>().code;
}

test('people are added, changed and removed; a made password is told once and signs in', async () => {
  const added = await ask('POST', 'users', { name: 'minji', role: 'admin' });
  assert.equal(added.statusCode, 201);
  const { password } = added.json<MadePassword>();
  assert.ok(password !== null);
  assert.equal((await shop.accounts.signIn('minji', password)).session.person.role, 'admin');
  const given = await ask('POST', 'users', { name: 'sora', role: 'viewer', password: 'quite a long one' });
  assert.equal(given.json<MadePassword>().password, null);
  assert.equal(codeOf(await ask('POST', 'users', { name: 'sora', role: 'viewer' })), 'user_exists');
  assert.equal(
    (await ask('PATCH', 'users/sora', { role: 'editor' })).json<{ role: string }>().role,
    'editor',
  );
  const reset = (await ask('PUT', 'users/sora/password', {})).json<MadePassword>();
  assert.ok(await shop.accounts.signIn('sora', reset.password ?? ''));
  const { users } = (await ask('GET', 'users')).json<Users>();
  assert.deepEqual(
    users.map(({ name, role }) => [name, role]),
    [
      ['minji', 'admin'],
      ['sora', 'editor'],
    ],
  );
  assert.ok(!JSON.stringify(users).includes('password'));
  assert.equal((await ask('DELETE', 'users/sora')).statusCode, 204);
  assert.equal(codeOf(await ask('DELETE', 'users/sora')), 'user_not_found');
});

test('the last administrator stays', async () => {
  assert.equal(codeOf(await ask('DELETE', 'users/minji')), 'user_last_admin');
  assert.equal(codeOf(await ask('PATCH', 'users/minji', { role: 'viewer' })), 'user_last_admin');
  assert.equal((await ask('PATCH', 'users/minji', { role: 'admin' })).statusCode, 200);
});

test('a key is told once, does what its scopes say, and is revoked', async () => {
  const made = await ask('POST', 'keys', { name: 'store', scopes: ['bestsellers:read'] });
  assert.equal(made.statusCode, 201);
  const { key, id } = made.json<MadeKey>();
  const read = await shop.server.inject({
    url: '/v1/bestsellers',
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal(read.statusCode, 200);
  assert.equal(codeOf(await ask('GET', 'keys', undefined, key)), 'scope_missing');
  const { keys } = (await ask('GET', 'keys')).json<Keys>();
  assert.ok(keys.some((one) => one.id === id) && !JSON.stringify(keys).includes(key));
  assert.equal((await ask('DELETE', `keys/${id}`)).statusCode, 204);
  assert.equal(codeOf(await ask('DELETE', `keys/${id}`)), 'key_not_found');
  assert.equal(codeOf(await ask('POST', 'keys', { name: 'x', scopes: ['everything'] })), 'argument_invalid');
});

test('configuration and versions are told, secrets are not', async () => {
  const { entries } = (await ask('GET', 'configuration')).json<Configuration>();
  assert.deepEqual(
    entries.map(({ key, value, origin }) => [key, value, origin]),
    [
      ['http.port', '8085', 'default'],
      ['api.adminKey', null, 'environment'],
    ],
  );
  const { parts } = (await ask('GET', 'versions')).json<Versions>();
  assert.equal(parts.find(({ part }) => part === 'Node.js')?.version, process.versions.node);
});

test('whoever may only read is refused', async () => {
  const { key } = shop.keys.create('reader', ['status:read', 'tables:read']);
  for (const path of ['users', 'keys', 'configuration'])
    assert.equal(codeOf(await ask('GET', path, undefined, key)), 'scope_missing', path);
  assert.equal((await ask('GET', 'versions', undefined, key)).statusCode, 200);
});
