import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  faultyStorage,
  fileStorage,
  manualClock,
  OctavoError,
  seededRandom,
  silentLogger,
  uuidv7,
  type Storage,
} from '../../base/index.ts';
import { openTestCollector, type TestCollector } from '../collector.fixture.ts';
import { createCollector } from '../collector.ts';
import type { EventLog } from '../event-log.ts';
import { openSeenIds, type SeenIds } from './seen-ids.ts';

const nowMs = Date.parse('2026-03-01T10:00:00Z');
const dayMs = 24 * 3_600_000;
let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'octavo-ids-'))));
afterEach(() => rm(root, { recursive: true }));

const random = seededRandom(7);
const made = (atMs: number): string => uuidv7({ nowMs: atMs, next: () => random.next() });

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
}

async function send(taking: TestCollector, ids: readonly string[]): Promise<Answer> {
  const events = ids.map((id) => ({ id, kind: 'page_view', occurred_at: '2026-03-01T09:00:00Z' }));
  const response = await fetch(`${taking.url}/v1/events`, {
    method: 'POST',
    body: JSON.stringify({ events }),
  });
  assert.equal(response.status, 200);
  return (await response.json()) as Answer;
}

const inMemory = 400;
const open = (storage: Storage = fileStorage()): Promise<TestCollector> =>
  openTestCollector({
    directory: root,
    clock: manualClock(nowMs),
    ids: { storage, directory: join(root, 'ids'), inMemory },
  });

test('more ids than fit into memory are known over restarts and kills, also when the log has let them go', async () => {
  // Of two days, and a part of another version, which tells no time.
  const ids = Array.from({ length: 6_000 }, (_, index) => {
    const id = made(nowMs - (index % 48) * 3_600_000);
    return index % 7 === 0 ? `${id.slice(0, 14)}4${id.slice(15)}` : id;
  });
  let taking = await open();
  for (let at = 0; at < 3_000; at += 300) {
    const some = ids.slice(at, at + 300);
    assert.deepEqual(await send(taking, some).then(({ accepted }) => accepted), 300);
    assert.equal((await send(taking, some.slice(0, 10))).duplicates, 10);
  }
  await taking.kill();

  taking = await open();
  for (let at = 0; at < 3_000; at += 300)
    assert.equal((await send(taking, ids.slice(at, at + 300))).duplicates, 300, `${at} after a kill`);
  for (let at = 3_000; at < 6_000; at += 300)
    assert.equal((await send(taking, ids.slice(at, at + 300))).accepted, 300);
  // Loaded: the log may go, but not what no file of ids has yet.
  await taking.logs.events.release(0, await taking.logs.events.end(0));
  await taking.kill();

  taking = await open();
  assert.ok((await taking.logs.events.start(0)) > 3_000);
  for (let at = 0; at < 6_000; at += 300)
    assert.equal((await send(taking, ids.slice(at, at + 300))).duplicates, 300, `${at} after a release`);
  const { received, stored, duplicates } = taking.collector.status();
  assert.deepEqual([received, stored, duplicates], [6_000, 0, 6_000]);
  await taking.collector.close();
  await taking.kill();
  const files = await readdir(join(root, 'ids'));
  assert.ok(files.length > 1 && files.length <= 40, `${files.length} files`);
});

test('what an earlier version wrote is known after an upgrade, and written anew once', async () => {
  const ids = Array.from({ length: 1_500 }, (_, index) => made(nowMs - (index % 3) * 3_600_000));
  const before = await open();
  for (let at = 0; at < ids.length; at += 500) await send(before, ids.slice(at, at + 500));
  await before.collector.close();
  await before.logs.events.release(0, await before.logs.events.end(0));
  await before.kill();
  const folder = join(root, 'ids');
  const endings = async (): Promise<readonly string[]> =>
    await Promise.all(
      (await readdir(folder)).map(async (name) => (await readFile(join(folder, name), 'latin1')).slice(-8)),
    );
  // Its keys lay in the same slots, at other places.
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    bytes.write('OCTAVOI1', bytes.length - 8, 'latin1');
    await writeFile(join(folder, name), bytes);
  }
  const after = await open();
  assert.deepEqual(new Set(await endings()), new Set(['OCTAVOI2']));
  for (let at = 0; at < ids.length; at += 500)
    assert.equal((await send(after, ids.slice(at, at + 500))).duplicates, 500);
  await after.kill();
});

test('a start that fails halfway leaves nothing running, and claims no record that it did not read', async () => {
  const ids = Array.from({ length: 2_000 }, () => made(nowMs));
  const first = await openTestCollector({ directory: root, clock: manualClock(nowMs) });
  for (let at = 0; at < ids.length; at += 500) await send(first, ids.slice(at, at + 500));
  const unreadable: EventLog = {
    ...first.logs.events,
    read: async (partition, from, limits) => {
      if (from >= 1_000) throw new OctavoError('log_unavailable', 'no leader');
      return await first.logs.events.read(partition, from, limits);
    },
  };
  const clock = manualClock(nowMs);
  const told: string[] = [];
  const options = {
    clock,
    authorize: () => ({ source: 'web' }),
    logger: { ...silentLogger, error: (message: string) => void told.push(message) },
    ids: { storage: fileStorage(), directory: join(root, 'ids'), inMemory },
  };
  const starting = createCollector({ ...first.logs, events: unreadable, ...options });
  await assert.rejects(starting, { code: 'log_unavailable' });
  assert.ok((await readdir(join(root, 'ids'))).length > 0, 'some were written before');
  await first.kill();
  clock.advance(600_000);
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(told, [], 'nobody writes to a log that is closed');

  const second = await open();
  for (let at = 0; at < ids.length; at += 500)
    assert.equal((await send(second, ids.slice(at, at + 500))).duplicates, 500);
  await second.collector.close();
  await second.kill();
});

const log = { partitions: 1, end: async () => 5 } as unknown as EventLog;
const settled = async (): Promise<void> => undefined;

async function knows(seen: SeenIds, ids: readonly string[]): Promise<number> {
  const found = await Promise.all(ids.map((id) => seen.has('web', id)));
  return found.filter(Boolean).length;
}

test('ids are known for 30 days, and their files go after that', async () => {
  const clock = manualClock(nowMs);
  const options = { storage: fileStorage(), directory: root, log, clock, logger: silentLogger, settled };
  const { seen } = await openSeenIds(options);
  const ids = Array.from({ length: 50 }, () => made(nowMs));
  for (const id of ids) assert.equal(seen.add('web', id), 'new');
  assert.equal(seen.add('web', ids[0]?.toUpperCase() ?? ''), 'known');
  assert.equal(seen.add('app', ids[0] ?? ''), 'new', 'another source');
  await seen.save();
  for (const days of [10, 29]) {
    clock.advance(nowMs + days * dayMs - clock.now());
    for (let round = 0; round < 2; round++) {
      seen.add('web', made(clock.now()));
      await seen.save();
    }
    assert.equal(await knows(seen, ids), 50, `${days} days later`);
  }
  await seen.close();
  const again = await openSeenIds(options);
  assert.deepEqual(again.covered, [5]);
  assert.equal(await knows(again.seen, ids), 50);
  clock.advance(20 * dayMs);
  again.seen.add('web', made(clock.now()));
  await again.seen.save();
  again.seen.add('web', made(clock.now()));
  await again.seen.save();
  await again.seen.close();
  const last = await openSeenIds(options);
  assert.equal(await knows(last.seen, ids), 0);
  await last.seen.close();
});

test('a disk that fails loses no id, and a damaged file is left out and told', async () => {
  const clock = manualClock(nowMs);
  const storage = faultyStorage(fileStorage(), { seed: 1 });
  const told: string[] = [];
  const logger = { ...silentLogger, error: (message: string) => void told.push(message) };
  const options = { storage, directory: root, log, clock, logger, settled, inMemory: 100 };
  const { seen } = await openSeenIds(options);
  const ids = Array.from({ length: 150 }, () => made(nowMs));
  for (const id of ids.slice(0, 90)) seen.add('web', id);
  storage.restart({ seed: 1, at: 1, fault: 'full', times: 50 });
  await seen.save();
  assert.equal(told.length, 1);
  for (const id of ids.slice(90)) seen.add('web', id);
  storage.restart({ seed: 2 });
  await seen.save();
  await seen.save();
  await seen.close();
  const again = await openSeenIds(options);
  assert.equal(await knows(again.seen, ids), 150);
  await again.seen.close();
  const name = (await readdir(root)).find((file) => /^\d/.test(file)) ?? '';
  const path = join(root, name);
  const bytes = await fileStorage().read(path);
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
  await fileStorage().write(path, bytes);
  const damaged = await openSeenIds({ ...options, storage: fileStorage() });
  assert.ok(told.at(-1)?.includes('damaged'), `${name}: ${told.join('; ')}`);
  await damaged.seen.close();
});

test('a file that is damaged later stops neither saving nor the merging of the others', async () => {
  const told: string[] = [];
  const logger = { ...silentLogger, error: (message: string) => void told.push(message) };
  const storage = fileStorage();
  const clock = manualClock(nowMs);
  const { seen } = await openSeenIds({
    storage,
    directory: root,
    log,
    clock,
    logger,
    settled,
    inMemory: 100,
  });
  const ids = Array.from({ length: 100 }, () => made(nowMs));
  for (let at = 0; at < ids.length; at += 5) {
    for (const id of ids.slice(at, at + 5)) seen.add('web', id);
    await seen.save();
    if (at !== 10) continue;
    const path = join(root, (await readdir(root)).find((file) => /^\d/.test(file)) ?? '');
    const bytes = await readFile(path);
    // Within the table of the first file.
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await writeFile(path, bytes);
  }
  assert.ok(told.length > 0);
  assert.ok(
    told.every((message) => message.includes('not merged')),
    told.join('; '),
  );
  assert.ok((await knows(seen, ids)) >= 99);
  assert.ok((await readdir(root)).length <= 12);
  await seen.close();
});
