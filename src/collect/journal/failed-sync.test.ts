import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStorage, OctavoError, type Storage } from '../../base/index.ts';
import { openJournal } from './open-journal.ts';

test('after a failed sync nothing more is written to the file, and nothing acknowledged is lost', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-sync-'));
  const disk = fileStorage();
  const failed = new Set<string>();
  let failNext = false;
  const storage: Storage = {
    ...disk,
    append: async (path) => {
      const file = await disk.append(path);
      return {
        get sizeBytes() {
          return file.sizeBytes;
        },
        append: (bytes) => {
          assert.ok(!failed.has(path), `${path} is written to after its sync failed`);
          return file.append(bytes);
        },
        sync: async () => {
          if (!failNext) return file.sync();
          failNext = false;
          failed.add(path);
          throw new OctavoError('storage_failed', 'EIO');
        },
        truncate: (size) => file.truncate(size),
        close: () => file.close(),
      };
    },
  };
  const log = await openJournal({ storage, directory: root, partitions: 1 });
  const kept: string[] = [];
  let refused = 0;
  for (let index = 0; index < 20; index++) {
    failNext = index % 5 === 3;
    await log.append(0, [Buffer.from(`r${index}`)]).then(
      () => kept.push(`r${index}`),
      () => (refused += 1),
    );
  }
  assert.deepEqual([failed.size, refused], [4, 4]);
  const read = async (): Promise<readonly string[]> => {
    const texts: string[] = [];
    const end = await log.end(0);
    for (let next = 0; next < end;) {
      const batch = await log.read(0, next, { recordsMax: 100, bytesMax: 1 << 20 });
      texts.push(...batch.records.map(String));
      next = batch.nextOffset;
    }
    return texts;
  };
  assert.deepEqual(await read(), kept);
  await log.close();
  await rm(root, { recursive: true });
});
