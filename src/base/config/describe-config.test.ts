import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entriesOf } from './describe-config.ts';
import { koreanOf } from './korean.ts';
import { resolveConfig } from './resolve-config.ts';
import { configSchema } from './schema.ts';

test('every key is described in both languages', () => {
  const entries = entriesOf(configSchema, {
    spec: {},
    resolved: resolveConfig({}, { env: {} }),
    env: {},
    path: [],
  });
  const untold = entries.filter(
    ({ description }) => typeof description === 'string' || description.en === '' || description.ko === '',
  );
  assert.deepEqual(
    untold.map(({ key }) => key),
    [],
    'add what it means to korean.ts',
  );
  const keys = new Set(entries.map(({ key }) => key));
  assert.deepEqual(
    Object.keys(koreanOf).filter((key) => !keys.has(key)),
    [],
  );
});

test('every key says its value and where that comes from, and no secret is told', () => {
  const spec = {
    name: 'my store',
    http: { port: 9000 },
    api: { adminKey: { env: 'STORE_ADMIN' } },
  };
  const env = { OCTAVO_HTTP_HOST: '0.0.0.0', STORE_ADMIN: 'a very secret key' };
  const entries = entriesOf(configSchema, { spec, resolved: resolveConfig(spec, { env }), env, path: [] });
  const of = (key: string): unknown => {
    const entry = entries.find((one) => one.key === key);
    return [entry?.value, entry?.origin, entry?.secret];
  };
  assert.deepEqual(of('name'), ['my store', 'file', false]);
  assert.deepEqual(of('http.port'), ['9000', 'file', false]);
  assert.deepEqual(of('http.host'), ['0.0.0.0', 'environment', false]);
  assert.deepEqual(of('currency'), ['KRW', 'default', false]);
  assert.deepEqual(of('api.adminKey'), [undefined, 'file', true]);
  assert.ok(!JSON.stringify(entries).includes('a very secret key'));
  assert.equal(entries.find(({ key }) => key === 'http.port')?.variable, 'OCTAVO_HTTP_PORT');
});
