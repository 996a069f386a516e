import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from './errors.ts';
import { faultyStorage, type LeftFile } from './faulty-storage.ts';
import { fileStorage } from './files.ts';
import { storageContract } from './storage.contract.ts';

storageContract('a faulty storage without a planned fault', () => faultyStorage(fileStorage(), { seed: 1 }));

test('a crash keeps synced bytes, may lose others, and stops everything until the restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-faulty-'));
  try {
    const sizes = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const path = join(folder, `log-${seed}`);
      const storage = faultyStorage(fileStorage(), { seed, at: 4 });
      const file = await storage.append(path);
      await file.append(Buffer.from('kept'));
      await file.sync();
      await assert.rejects(file.append(Buffer.from('lost')), (error) => hasCode(error, 'storage_crashed'));
      await assert.rejects(storage.read(path), (error) => hasCode(error, 'storage_crashed'));
      storage.restart({ seed });
      await assert.rejects(file.append(Buffer.from('dead')), (error) => hasCode(error, 'storage_crashed'));
      const content = (await storage.read(path)).toString();
      assert.ok('keptlost'.startsWith(content) && content.length >= 4, content);
      sizes.add(content.length);
    }
    assert.ok(sizes.size > 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a full disk refuses for a while and heals', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-faulty-'));
  try {
    const storage = faultyStorage(fileStorage(), { seed: 7, at: 2, fault: 'full', times: 2 });
    const path = join(folder, 'a');
    await storage.write(path, 'old');
    await assert.rejects(storage.write(path, 'new'), (error) => hasCode(error, 'storage_full'));
    await assert.rejects(storage.write(path, 'new'), (error) => hasCode(error, 'storage_full'));
    assert.equal((await storage.read(path)).toString(), 'old');
    await storage.write(path, 'new');
    assert.equal((await storage.read(path)).toString(), 'new');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a fault that is planned to come back does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-faulty-'));
  try {
    const storage = faultyStorage(fileStorage(), { seed: 1, at: 2, fault: 'fail', every: 3 });
    const failed: number[] = [];
    for (let operation = 1; operation <= 9; operation++)
      await storage.write(join(folder, 'a'), '').catch(() => failed.push(operation));
    assert.deepEqual(failed, [2, 5, 8]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is under way at a crash is acknowledged to nobody, and what is left is said at that instant', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-faulty-'));
  try {
    const left: (readonly LeftFile[])[] = [];
    const storage = faultyStorage(fileStorage(), { seed: 1, onCrash: (files) => left.push(files) });
    const file = await storage.append(join(folder, 'log'));
    await file.append(Buffer.from('synced'));
    await file.sync();
    const late = file.append(Buffer.from('late'));
    const refused = assert.rejects(late, (error) => hasCode(error, 'storage_crashed'));
    const crashed = storage.crash();
    assert.equal(left.length, 1);
    await Promise.all([refused, crashed]);
    const [{ path, sizeBytes } = { path: '', sizeBytes: 0 }] = left[0] ?? [];
    assert.equal(path, join(folder, 'log'));
    assert.ok(sizeBytes >= 6 && sizeBytes <= 10, String(sizeBytes));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a failed sync is not tried again on the same file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-faulty-'));
  try {
    const storage = faultyStorage(fileStorage(), { seed: 3, at: 3, fault: 'fail' });
    const file = await storage.append(join(folder, 'a'));
    await file.append(Buffer.from('abc'));
    await assert.rejects(file.sync(), (error) => hasCode(error, 'storage_failed'));
    await assert.rejects(file.sync(), (error) => hasCode(error, 'storage_failed'));
    await file.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
