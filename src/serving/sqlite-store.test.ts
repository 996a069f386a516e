import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { hasCode, manualClock, seededRandom } from '../base/index.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { draftOf, partOf, servingStoreContract, type StoreUnderTest } from './store.contract.ts';

async function open(): Promise<StoreUnderTest & { readonly path: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'octavo-serving-'));
  const path = join(directory, 'serving.db');
  const clock = manualClock(Date.UTC(2026, 10, 3));
  const store = openSqliteStore({ path, clock, random: seededRandom(1) });
  const other = openSqliteStore({ path, clock, random: seededRandom(2) });
  const close = async (): Promise<void> => {
    await Promise.all([store.close(), other.close()]);
    rmSync(directory, { recursive: true });
  };
  return { store, other, clock, close, path };
}

servingStoreContract('the SQLite store', open);

test('a publisher that was killed at any part leaves nothing visible, and is swept after its time', async () => {
  const under = await open();
  const before = await under.store.publish(draftOf());
  for (const partsBefore of [0, 1, 40]) {
    const killed = spawnSync(process.execPath, [
      '--input-type=module',
      '-e',
      killedPublisher(under.path, partsBefore),
    ]);
    assert.equal(killed.signal, 'SIGKILL', killed.stderr.toString());
    assert.deepEqual(await under.store.current('bestseller', 'daily'), before);
  }
  assert.deepEqual(await under.store.sweep({ keep: 9 }), { removed: 0 });
  under.clock.advance(3_600_001);
  assert.deepEqual(await under.store.sweep({ keep: 9 }), { removed: 3 });
  const database = new DatabaseSync(under.path, { readOnly: true });
  const left = database.prepare('select count(distinct edition_no) as editions from parts').get();
  const chunks = database.prepare(
    'select count(*) as stray from chunks where part_no not in (select part_no from parts)',
  );
  assert.deepEqual({ ...left, ...chunks.get() }, { editions: 1, stray: 0 });
  database.close();
  await under.close();
});

test('a publisher that was swept while it stood still is refused', async () => {
  const under = await open();
  const slow = async function* () {
    yield partOf('all', 3);
    under.clock.advance(3_600_001);
    await under.other.sweep({ keep: 9 });
    yield partOf('novels', 2);
  };
  await assert.rejects(under.store.publish(draftOf({ parts: slow() })), (error) => hasCode(error, 'fenced'));
  assert.equal(await under.store.current('bestseller', 'daily'), undefined);
  await under.close();
});

test('a full disk is named, and the last edition stays', async () => {
  const under = await open();
  const before = await under.store.publish(draftOf());
  const small = openSqliteStore({
    path: under.path,
    clock: under.clock,
    random: seededRandom(3),
    fileBytesMax: 262_144,
  });
  const big = Array.from({ length: 400 }, (_, index) => partOf(`part-${index}`, 300, index * 7919));
  await assert.rejects(small.publish(draftOf({ parts: big, token: 2 })), (error) =>
    hasCode(error, 'storage_full'),
  );
  assert.deepEqual(await small.current('bestseller', 'daily'), before);
  await small.close();
  await under.close();
});

test('a chunk that was altered on the disk is found', async () => {
  const under = await open();
  const edition = await under.store.publish(draftOf({ parts: [partOf('all', 300)] }));
  const database = new DatabaseSync(under.path);
  database.exec(`update chunks set body = x'01ffff00' where first = 100`);
  database.close();
  const damaged = under.other.read(edition.id, 'all', { from: 100, limit: 1 });
  await assert.rejects(damaged, (error) => hasCode(error, 'edition_damaged'));
  assert.equal((await under.other.read(edition.id, 'all', { from: 0, limit: 1 }))?.total, 300);
  await under.close();
});

/** A process that kills itself while it hands over its parts. */
function killedPublisher(path: string, partsBefore: number): string {
  const contract = new URL('./store.contract.ts', import.meta.url).href;
  const store = new URL('./sqlite-store.ts', import.meta.url).href;
  const base = new URL('../base/index.ts', import.meta.url).href;
  return `
    import { draftOf, partOf } from ${JSON.stringify(contract)};
    import { openSqliteStore } from ${JSON.stringify(store)};
    import { manualClock, seededRandom } from ${JSON.stringify(base)};
    const clock = manualClock(${Date.UTC(2026, 10, 3)});
    const store = openSqliteStore({ path: ${JSON.stringify(path)}, clock, random: seededRandom(${partsBefore + 10}) });
    const parts = function* () {
      for (let index = 0; index < ${partsBefore}; index++) yield partOf('part-' + index, 5000);
      process.kill(process.pid, 'SIGKILL');
    };
    await store.publish(draftOf({ parts: parts(), token: 2 }));
  `;
}
