import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStorage, removeTemporaries } from './files.ts';
import { storageContract } from './storage.contract.ts';

storageContract('the file storage', fileStorage);

test('temporary files of killed processes go, those that are being written and all others stay', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-files-'));
  t.after(() => rm(folder, { recursive: true }));
  const storage = fileStorage();
  const names = [
    '.key.17.3.tmp',
    'a/b/.metadata.json.1-0123abcd.9.tmp',
    '.new.1-0123abcd.1.tmp',
    'own.tmp',
    'a/.hidden',
    '.x.tmp',
  ];
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of names) {
    await storage.write(join(folder, name), 'x');
    if (!name.startsWith('.new')) await utimes(join(folder, name), hourAgo, hourAgo);
  }
  assert.equal(await removeTemporaries(folder, Date.now()), 2);
  const left = await readdir(folder, { recursive: true });
  assert.deepEqual(left.toSorted(), ['.new.1-0123abcd.1.tmp', '.x.tmp', 'a', 'a/.hidden', 'a/b', 'own.tmp']);
  assert.equal(await removeTemporaries(join(folder, 'none'), Date.now()), 0);
});
