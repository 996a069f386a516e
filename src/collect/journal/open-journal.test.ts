import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { faultyStorage, fileStorage, hasCode } from '../../base/index.ts';
import { eventLogContract } from '../event-log.contract.ts';
import { inspectJournal } from './inspect.ts';
import { openJournal } from './open-journal.ts';

let root = '';
let folders = 0;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-journal-'));
});
after(async () => await rm(root, { recursive: true, force: true }));

const limits = { recordsMax: 1000, bytesMax: 1 << 20 };
const folder = (): string => join(root, `j${++folders}`);
const open = (directory = folder(), segmentBytes = 1 << 20) =>
  openJournal({ storage: fileStorage(), directory, partitions: 2, segmentBytes });

eventLogContract('journal', () => open());

test('a torn tail is cut and writing goes on', async () => {
  const directory = folder();
  const log = await open(directory);
  await log.append(0, [Buffer.from('kept')]);
  await log.close();
  const [name = ''] = await readdir(join(directory, '0000'));
  await appendFile(join(directory, '0000', name), 'OFRM torn');
  const again = await open(directory);
  assert.equal(await again.append(0, [Buffer.from('next')]), 1);
  assert.deepEqual((await again.read(0, 0, limits)).records.map(String), ['kept', 'next']);
  await again.close();
});

test('a damaged frame in the middle is named, and its neighbours keep their offsets', async () => {
  const directory = folder();
  const log = await open(directory);
  for (const text of ['one', 'two', 'three']) await log.append(0, [Buffer.from(text)]);
  await log.close();
  const path = join(directory, '0000', (await readdir(join(directory, '0000')))[0] ?? '');
  const bytes = await readFile(path);
  bytes[bytes.indexOf('two')] = 0;
  await writeFile(path, bytes);
  const again = await open(directory);
  assert.deepEqual((await again.read(0, 0, limits)).records.map(String), ['one']);
  const rest = await again.read(0, 1, limits);
  assert.deepEqual([rest.records.map(String), rest.firstOffset, rest.nextOffset], [['three'], 2, 3]);
  assert.equal(rest.damage.length, 1);
  await again.close();
});

test('a large segment goes bit by bit, and what a crash left of it goes at the next start', async () => {
  const directory = folder();
  const log = await open(directory, 3_000_000);
  for (let index = 0; index < 6; index++) await log.append(0, [Buffer.alloc(2_500_000, index)]);
  const names = (await readdir(join(directory, '0000'))).toSorted();
  await log.release(0, 5);
  const left = await readdir(join(directory, '0000'));
  assert.ok(left.length < names.length && left.every((name) => names.includes(name)), left.join(', '));
  await log.close();
  await writeFile(join(directory, '0000', `${names[0]}.gone`), Buffer.alloc(100));
  const again = await open(directory);
  assert.deepEqual((await readdir(join(directory, '0000'))).toSorted(), left.toSorted());
  assert.equal(await again.end(0), 6);
  await again.close();
});

test('what is damaged while the log is open is never read, and told once', async () => {
  const directory = folder();
  const log = await open(directory);
  for (const text of ['one', 'two', 'three', 'four']) await log.append(0, [Buffer.from(text)]);
  assert.equal((await log.read(0, 0, limits)).records.length, 4);
  const path = join(directory, '0000', (await readdir(join(directory, '0000')))[0] ?? '');
  const damage = async (text: string): Promise<void> => {
    const bytes = await readFile(path);
    bytes[bytes.indexOf(text)] = 0;
    await writeFile(path, bytes);
  };
  await damage('two');
  const seen: unknown[] = [];
  const follow = async (from: number): Promise<number> => {
    let next = from;
    for (const end = await log.end(0); next < end;) {
      const batch = await log.read(0, next, limits);
      seen.push(...batch.damage.map(({ reason }) => reason), ...batch.records.map(String));
      next = batch.nextOffset;
    }
    return next;
  };
  const next = await follow(0);
  assert.deepEqual(seen.splice(0), ['one', 'a checksum does not match', 'three', 'four']);
  for (const text of ['five', 'six']) await log.append(0, [Buffer.from(text)]);
  await damage('six');
  await follow(next);
  assert.deepEqual(seen.splice(0), ['five', 'a checksum does not match']);
  assert.equal(await log.append(0, [Buffer.from('seven')]), 6);
  await follow(6);
  assert.deepEqual(seen, ['seven']);
  await log.close();
});

test('released segments are removed and their offsets are gone', async () => {
  const directory = folder();
  const log = await open(directory, 100);
  for (let index = 0; index < 20; index++) await log.append(0, [Buffer.from(`record number ${index}`)]);
  await log.release(0, 10);
  const start = await log.start(0);
  assert.ok(start > 0 && start <= 10);
  await assert.rejects(log.read(0, 0, limits), (error) => hasCode(error, 'log_offset_gone'));
  assert.equal(String((await log.read(0, 10, limits)).records[0]), 'record number 10');
  await log.close();
});

test('releases that overlap remove only what is before their offsets', async () => {
  const log = await open(folder(), 100);
  for (let index = 0; index < 20; index++) await log.append(0, [Buffer.from(`record number ${index}`)]);
  await Promise.all([log.release(0, 10), log.release(0, 10), log.release(0, 8)]);
  assert.ok((await log.start(0)) <= 10);
  assert.equal(String((await log.read(0, 10, limits)).records[0]), 'record number 10');
  await log.close();
});

test('a read that a release overtakes gives every record, or says that they are gone', async () => {
  const log = await open(folder(), 100);
  for (let index = 0; index < 40; index++) await log.append(0, [Buffer.from(`record number ${index}`)]);
  for (let before = 5; before <= 40; before += 5) {
    const from = await log.start(0);
    const [read] = await Promise.allSettled([log.read(0, from, limits), log.release(0, before)]);
    if (read.status === 'rejected') assert.ok(hasCode(read.reason, 'log_offset_gone'));
    else {
      const expected = Array.from({ length: 40 - from }, (_, index) => `record number ${from + index}`);
      assert.deepEqual([read.value.firstOffset, read.value.records.map(String)], [from, expected]);
    }
    assert.equal(
      String((await log.read(0, Math.min(before, 39), limits)).records[0]),
      `record number ${Math.min(before, 39)}`,
    );
  }
  await log.close();
});

test('a file that cannot be removed leaves the log, and is removed by the next release', async () => {
  const directory = folder();
  const storage = faultyStorage(fileStorage(), { seed: 1 });
  const log = await openJournal({ storage, directory, partitions: 1, segmentBytes: 100 });
  for (let index = 0; index < 20; index++) await log.append(0, [Buffer.from(`record number ${index}`)]);
  const names = async (): Promise<number> => (await readdir(join(directory, '0000'))).length;
  const all = await names();
  storage.restart({ seed: 1, at: 1, fault: 'fail' });
  await assert.rejects(log.release(0, 10));
  assert.ok((await log.start(0)) > 0);
  assert.equal(await names(), all);
  await log.release(0, 10);
  assert.ok((await names()) < all);
  assert.equal(String((await log.read(0, 10, limits)).records[0]), 'record number 10');
  await log.close();
});

test('a removed file is named, and records are never numbered again that were loaded', async () => {
  const directory = folder();
  const log = await open(directory, 100);
  for (let index = 0; index < 20; index++) await log.append(0, [Buffer.from(`record number ${index}`)]);
  await log.close();
  const names = (await readdir(join(directory, '0000'))).toSorted();
  const [first = '', second = '', third = ''] = names;
  await rm(join(directory, '0000', second));
  const [found] = await inspectJournal(fileStorage(), directory);
  assert.deepEqual([found?.start, found?.end, found?.damage.length], [0, 20, 1]);
  assert.equal(found?.damage[0]?.file, third);
  const holed = await open(directory, 100);
  const before = await holed.read(0, 0, limits);
  const after = await holed.read(0, before.nextOffset, limits);
  assert.deepEqual([after.damage.length, after.damage[0]?.file], [1, first]);
  assert.equal(String(after.records[0]), `record number ${Number(third.slice(0, 20))}`);
  await holed.close();
  for (const name of names) await rm(join(directory, '0000', name), { force: true });
  const emptied = await openJournal({
    storage: fileStorage(),
    directory,
    partitions: 2,
    loadedTo: (partition) => (partition === 0 ? 20 : 0),
  });
  assert.equal(await emptied.append(0, [Buffer.from('new')]), 20);
  assert.deepEqual((await emptied.read(0, 20, limits)).records.map(String), ['new']);
  await emptied.close();
});

test('a second writer is refused until the first has closed, even when its disk fails at that', async () => {
  const directory = folder();
  const storage = faultyStorage(fileStorage(), { seed: 1 });
  const log = await openJournal({ storage, directory, partitions: 1 });
  await log.append(0, [Buffer.from('kept')]);
  await assert.rejects(open(directory), (error) => hasCode(error, 'locked'));
  await Promise.all([assert.rejects(log.append(0, [Buffer.from('lost')])), storage.crash()]);
  await log.close().catch(() => undefined);
  const again = await open(directory);
  assert.equal(String((await again.read(0, 0, limits)).records[0]), 'kept');
  await again.close();
});
