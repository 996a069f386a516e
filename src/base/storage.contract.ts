import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hasCode } from './errors.ts';
import type { Storage } from './storage.ts';

/** What every storage must do. */
export function storageContract(name: string, open: () => Storage): void {
  const within = async (run: (storage: Storage, folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'octavo-storage-'));
    try {
      await run(open(), folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  describe(`${name} keeps the storage contract`, () => {
    test('a written file is replaced whole and leaves no temporary file', () =>
      within(async (storage, folder) => {
        const path = join(folder, 'deep', 'er', 'a');
        await storage.write(path, 'one');
        await storage.write(path, Buffer.from('second'));
        assert.equal((await storage.read(path)).toString(), 'second');
        assert.deepEqual(
          (await storage.list(join(folder, 'deep', 'er'))).map((info) => [info.name, info.sizeBytes]),
          [['a', 6]],
        );
      }));
    test('a range ends with the file', () =>
      within(async (storage, folder) => {
        await storage.write(join(folder, 'a'), '0123456789');
        assert.equal(
          (await storage.read(join(folder, 'a'), { offset: 8, lengthBytes: 10 })).toString(),
          '89',
        );
        assert.equal((await storage.read(join(folder, 'a'), { offset: 99, lengthBytes: 10 })).length, 0);
      }));
    test('of many creators exactly one succeeds', () =>
      within(async (storage, folder) => {
        const path = join(folder, 'once');
        const tries = await Promise.allSettled(
          Array.from({ length: 8 }, (_, n) => storage.create(path, `${n}`)),
        );
        const winners = tries.flatMap((each, n) => (each.status === 'fulfilled' ? [n] : []));
        assert.equal(winners.length, 1);
        assert.equal((await storage.read(path)).toString(), String(winners[0]));
        for (const each of tries)
          if (each.status === 'rejected') assert.ok(hasCode(each.reason, 'storage_exists'));
        assert.equal((await storage.list(folder)).length, 1);
      }));
    test('an appended file goes on where it ended, and can be cut', () =>
      within(async (storage, folder) => {
        const path = join(folder, 'new', 'log');
        const first = await storage.append(path);
        await first.append(Buffer.from('abc'));
        await first.sync();
        await first.close();
        const second = await storage.append(path);
        assert.equal(second.sizeBytes, 3);
        await second.append(Buffer.from('defg'));
        await second.truncate(5);
        await second.append(Buffer.from('!'));
        assert.equal(second.sizeBytes, 6);
        await second.sync();
        await second.close();
        assert.equal((await storage.read(path)).toString(), 'abcde!');
      }));
    test('missing files are named, absent from stat and list, and removed without complaint', () =>
      within(async (storage, folder) => {
        const path = join(folder, 'none');
        await assert.rejects(
          storage.read(path),
          (error) => hasCode(error, 'storage_not_found') && error.message.includes(path),
        );
        assert.equal(await storage.stat(path), undefined);
        assert.deepEqual(await storage.list(path), []);
        await storage.remove(path);
      }));
    test('a rename replaces its target', () =>
      within(async (storage, folder) => {
        await storage.write(join(folder, 'a'), 'new');
        await storage.write(join(folder, 'b'), 'old');
        await storage.sync([join(folder, 'a')]);
        await storage.rename(join(folder, 'a'), join(folder, 'b'));
        assert.equal((await storage.read(join(folder, 'b'))).toString(), 'new');
        assert.equal(await storage.stat(join(folder, 'a')), undefined);
        await storage.makeDirectory(join(folder, 'x', 'y'));
        assert.equal((await storage.stat(join(folder, 'x', 'y')))?.directory, true);
      }));
  });
}
