import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom } from '../base/index.ts';
import { createRestHandler, openWarehouse } from '../warehouse/index.ts';
import { openTestShop } from './test-shop.ts';

test('the catalogue is read and written under /iceberg with scopes of its own, 64-bit ids whole', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-api-iceberg-'));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: manualClock(Date.parse('2026-11-05T00:00:00Z')),
    random: seededRandom(3),
    calendar: createCalendar(),
    memory: '300MB',
    processesMax: 1,
  });
  const shop = await openTestShop({ iceberg: createRestHandler({ catalog: warehouse.catalog }) });
  try {
    const { snapshotId } = await warehouse.write('model.titles', {
      select: `select 'i1' as item_id`,
      mode: 'replace',
    });
    const read = shop.keys.create('engine', ['tables:read']).key;
    const write = shop.keys.create('writer', ['tables:read', 'tables:write']).key;
    const ask = (method: 'GET' | 'POST' | 'HEAD', path: string, key?: string, payload?: object) =>
      shop.server.inject({
        method,
        url: `/iceberg${path}`,
        ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
        ...(payload === undefined ? {} : { payload }),
      });
    assert.equal((await ask('GET', '/v1/config')).statusCode, 401);
    assert.equal((await ask('GET', '/v1/config?warehouse=x', read)).statusCode, 200);
    const table = await ask('GET', '/v1/namespaces/model/tables/titles', read);
    assert.match(table.body, new RegExp(`"current-snapshot-id":\\s*${snapshotId}\\b`));
    assert.equal((await ask('HEAD', '/v1/namespaces/model/tables/titles', read)).statusCode, 204);
    assert.equal(
      (await ask('GET', '/v1/namespaces/model/tables/none', read)).json().error.type,
      'NoSuchTableException',
    );
    assert.equal((await ask('POST', '/v1/namespaces', read, { namespace: ['mine'] })).statusCode, 403);
    assert.equal((await ask('POST', '/v1/namespaces', write, { namespace: ['mine'] })).statusCode, 200);
    assert.ok((await warehouse.catalog.namespaces()).includes('mine'));
  } finally {
    await shop.close();
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});
