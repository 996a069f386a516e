import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hasCode, manualClock } from '../base/index.ts';
import { bearerOf } from './authentication.ts';
import { openKeyStore } from './keys.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octavo-keys-'));
});
after(() => rm(folder, { recursive: true }));

test('a key is shown once and stored as a hash', async () => {
  const path = join(folder, 'hash.db');
  const keys = openKeyStore({ path, clock: manualClock(0) });
  const { key, record } = keys.create('shop', ['bestsellers:read', 'metrics:read']);
  assert.deepEqual(keys.verify(key), record);
  assert.deepEqual(keys.list(), [record]);
  keys.close();
  const bytes = (await readFile(path)).toString('latin1');
  assert.equal(bytes.includes(key), false);
});

test('a key that another process revoked is refused five seconds later at the latest', () => {
  const clock = manualClock(0);
  const [serving, revoking] = [0, 1].map(() => openKeyStore({ path: join(folder, 'two.db'), clock }));
  assert.ok(serving !== undefined && revoking !== undefined);
  const { key, record } = serving.create('shop', ['metrics:read']);
  assert.ok(serving.verify(key));
  revoking.revoke(record.id);
  clock.advance(5_001);
  assert.equal(serving.verify(key), undefined);
  assert.throws(
    () => revoking.revoke(record.id),
    (error) => hasCode(error, 'key_not_found'),
  );
  serving.close();
  revoking.close();
});

test('only a bearer header of printable characters has a key', () => {
  assert.equal(bearerOf('Bearer oct_1'), 'oct_1');
  assert.equal(bearerOf('bearer  oct_1'), 'oct_1');
  for (const header of [undefined, 'Basic b2N0', 'Bearer', 'Bearer a b', `Bearer ${'x'.repeat(513)}`]) {
    assert.equal(bearerOf(header), undefined);
  }
});

test('a browser’s key only sends events, from its origins', () => {
  const keys = openKeyStore({ path: join(folder, 'browser.db'), clock: manualClock(0) });
  const { key, record } = keys.createForBrowser('web', ['https://Store.example/', 'https://store.example']);
  assert.deepEqual(
    [record.scopes, record.origins, key.slice(0, 4)],
    [['events:write'], ['https://store.example'], 'ocb_'],
  );
  assert.deepEqual(keys.verify(key), record);
  assert.ok(keys.knowsOrigin('https://store.example') && !keys.knowsOrigin('https://other.example'));
  keys.revoke(record.id);
  assert.ok(!keys.knowsOrigin('https://store.example'));
  assert.throws(() => keys.createForBrowser('web', []), /1 to 100 origins/);
  assert.throws(() => keys.createForBrowser('web', ['store.example']), /expected one such as/);
  keys.close();
});
