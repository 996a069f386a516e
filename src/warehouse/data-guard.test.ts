import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createCalendar, fileStorage, hasCode, seededRandom, systemClock } from '../base/index.ts';
import { damageOf } from './data-guard.ts';
import { planScan } from './iceberg/index.ts';
import type { Warehouse } from './warehouse-port.ts';
import { openWarehouse } from './warehouse.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'octavo-guard-'));
});
after(() => rm(root, { recursive: true }));

/** A warehouse as a process that was just started sees it. */
const open = (): Promise<Warehouse> =>
  openWarehouse({
    root,
    storage: fileStorage(),
    clock: systemClock,
    random: seededRandom(systemClock.now()),
    calendar: createCalendar(),
    memory: '400MB',
    processesMax: 1,
  });

async function writeDay(warehouse: Warehouse, day: string): Promise<bigint> {
  const written = await warehouse.write('raw.lines', {
    select: `select i, md5(cast(i as varchar)) as noise, date '${day}' as business_day from range(5000) t(i)`,
    mode: 'append',
  });
  return written.snapshotId;
}

async function filesOf(warehouse: Warehouse) {
  const table = await warehouse.table('raw.lines');
  assert.ok(table !== undefined);
  const { files } = await planScan(warehouse.context.files, table.metadata);
  return { table, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

test('a data file that is not as it was written is named with the last good snapshot, and nothing is computed from it', async () => {
  let warehouse = await open();
  const good = await writeDay(warehouse, '2026-11-01');
  await writeDay(warehouse, '2026-11-02');
  const { files } = await filesOf(warehouse);
  await warehouse.close();
  const path = files[1]?.path ?? '';
  const whole = await readFile(path);
  const damages: readonly (readonly [string, () => Promise<void>])[] = [
    ['has other contents', () => writeFile(path, flipped(whole, whole.length >> 1))],
    ['bytes instead of', () => appendFile(path, 'x')],
    ['is missing', () => rm(path)],
  ];
  for (const [about, damage] of damages) {
    await damage();
    warehouse = await open();
    const named = (error: unknown): boolean =>
      hasCode(error, 'data_damaged') &&
      error.message.includes(path) &&
      error.message.includes(about) &&
      error.message.includes(`the last good snapshot is ${good} of 20`);
    await assert.rejects(warehouse.query('select count(*) from raw.lines'), named, about);
    await assert.rejects(
      warehouse.write('model.made', {
        select: 'select count(distinct noise) as n from raw.lines',
        mode: 'replace',
      }),
      named,
      about,
    );
    assert.equal(await warehouse.table('model.made'), undefined);
    const day = "select count(*) as n from raw.lines where business_day = date '2026-11-01'";
    assert.deepEqual((await warehouse.query(day)).rows, [{ n: 5000 }], 'the other days are as good as ever');
    const { rows } = await warehouse.query('select count(*) as n from raw.lines', {
      pins: { 'raw.lines': good },
    });
    assert.deepEqual(rows, [{ n: 5000 }]);
    assert.equal((await warehouse.lastGood((await filesOf(warehouse)).table))?.['snapshot-id'], good);
    await warehouse.close();
    await writeFile(path, whole);
  }
});

test('one flipped bit anywhere in a data file is found, which the engine itself does not see', async () => {
  const warehouse = await open();
  const [file] = (await filesOf(warehouse)).files;
  assert.ok(file !== undefined);
  const storage = fileStorage();
  assert.equal(await damageOf(storage, file), undefined);
  const whole = await readFile(file.path);
  const random = seededRandom(1);
  let unseen = 0;
  for (let round = 0; round < 50; round++) {
    await writeFile(file.path, flipped(whole, random.below(whole.length)));
    assert.equal(await damageOf(storage, file), 'has other contents than were written');
    const sql = 'select sum(hash(i)), sum(hash(noise)) from raw.lines';
    unseen += await warehouse.query(sql, { verifyBytesMax: 0 }).then(
      () => 1,
      () => 0,
    );
  }
  assert.ok(unseen > 10, `the engine noticed all but ${unseen}`);
  await writeFile(file.path, whole);
  await warehouse.close();
});

test('one flipped bit anywhere in a metadata file is found, with the last good file or snapshot', async () => {
  let warehouse = await open();
  const { table } = await filesOf(warehouse);
  await warehouse.close();
  const folder = join(root, 'warehouse/raw/lines/metadata');
  const [older, current] = table.metadata.snapshots;
  const names = await readdir(folder);
  const manifest = names.find((name) => name.startsWith(`${current?.['snapshot-id']}-m0`)) ?? '';
  const good = `the last good snapshot is ${older?.['snapshot-id']}`;
  const random = seededRandom(2);
  for (const [path, offer] of [
    [table.metadataLocation, 'the last good file is '],
    [current?.['manifest-list'] ?? '', good],
    [join(folder, manifest), good],
  ] as const) {
    const whole = await readFile(path);
    for (let round = 0; round < 3; round++) {
      await writeFile(path, flipped(whole, random.below(whole.length)));
      warehouse = await open();
      await assert.rejects(
        warehouse.query('select count(*) from raw.lines'),
        (error) =>
          hasCode(error, 'metadata_damaged') && error.message.includes(path) && error.message.includes(offer),
        path,
      );
      await warehouse.close();
    }
    await writeFile(path, whole);
  }
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 4;
  return copy;
}
