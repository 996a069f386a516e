import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Admin } from '@platformatic/kafka';
import {
  createCalendar,
  fileStorage,
  hasCode,
  seededRandom,
  silentLogger,
  systemClock,
} from '../../src/base/index.ts';
import { inspectDamage, inspectTopic, openKafkaLog, type KafkaLogOptions } from '../../src/collect/index.ts';
import { createLoader, openWarehouse } from '../../src/warehouse/index.ts';
import { logOptions, startBrokers } from './brokers.ts';
import { until } from './until.ts';

const textOf = (offset: number): string => `record ${offset} ${'책'.repeat(20)}`;
const limits = { recordsMax: 1000, bytesMax: 1 << 20 };

test('a batch that a disk has damaged is never read as if it were whole', async (context) => {
  await using opened = new AsyncDisposableStack();
  const brokers = await startBrokers(2);
  opened.defer(() => brokers.stop());
  for (const replication of [1, 2]) {
    const options = logOptions(brokers, { partitions: 1, compression: 'none' });
    const settings = { ...options.settings, replication, minInsyncReplicas: replication };
    const log = await openKafkaLog({ ...options, settings });
    opened.defer(() => log.close());
    // Five batches of ten records.
    for (let first = 0; first < 50; first += 10)
      await log.append(
        0,
        Array.from({ length: 10 }, (_, index) => Buffer.from(textOf(first + index))),
      );
    const leader = (await inspectTopic(options.connection, options.topic))?.spans[0]?.leader;
    const place = brokers.place.brokers.find(({ id }) => id === leader);
    const file = join(place?.folder ?? '', 'data', `${options.topic}-0`, '00000000000000000000.log');
    await until(async () => (await readFile(file)).includes(textOf(49)));
    await flipBit(file, (await readFile(file)).indexOf(textOf(25)) + 'record '.length);
    // What lies before it is read in one go, and nothing of it.
    const before = await log.read(0, 0, limits);
    assert.deepEqual(
      [before.records.map(String), before.nextOffset],
      [Array.from({ length: 20 }, (_, offset) => textOf(offset)), 20],
    );
    const named = `the batch at offset 20 of ${options.topic}/0 on broker ${leader} differs from its CRC-32C`;
    if (replication === 2) {
      // The other broker's copy is whole: it is read there, and nothing is stepped over.
      const copied = await log.read(0, 20, limits);
      assert.deepEqual(
        [copied.records.map(String), copied.nextOffset, copied.damage.length],
        [Array.from({ length: 30 }, (_, index) => textOf(20 + index)), 50, 0],
      );
      continue;
    }
    const past = await log.read(0, 20, limits);
    assert.deepEqual([past.records.length, past.nextOffset, past.damage.length], [0, 30, 1]);
    assert.equal(past.damage[0]?.reason, named);
    const rest = await log.read(0, 30, limits);
    assert.deepEqual(
      [rest.records.map(String), rest.damage.length],
      [Array.from({ length: 20 }, (_, index) => textOf(30 + index)), 0],
    );
    context.diagnostic(named);
  }
});

test('a damaged partition waits for a whole copy while the others are loaded, and goes on by itself', async () => {
  await using opened = new AsyncDisposableStack();
  const brokers = await startBrokers(3);
  opened.defer(() => brokers.stop());
  const options = logOptions(brokers, { partitions: 2, compression: 'none', settings: copies });
  const log = await openKafkaLog(options);
  opened.defer(() => log.close());
  const eventsOf = (serial: number): Buffer[] =>
    Array.from({ length: 10 }, (_, index) => Buffer.from(eventText(serial + index)));
  for (const partition of [0, 1])
    for (const serial of [0, 10, 20]) await log.append(partition, eventsOf(partition * 100 + serial));
  const leader = (await inspectTopic(options.connection, options.topic))?.spans[0]?.leader ?? 0;
  const [other = 0] = await copiesBeside(options, leader);
  const place = brokers.place.brokers.find(({ id }) => id === leader);
  const file = join(place?.folder ?? '', 'data', `${options.topic}-0`, '00000000000000000000.log');
  const marked = JSON.parse(eventText(15)) as { readonly id: string };
  await until(async () => (await readFile(file)).includes(marked.id));
  await flipBit(file, (await readFile(file)).indexOf(marked.id) + 'x'.length);
  const root = await mkdtemp(join(tmpdir(), 'octavo-damage-'));
  opened.defer(() => rm(root, { recursive: true, force: true }));
  const warehouse = await openWarehouse({
    root,
    storage: fileStorage(),
    clock: systemClock,
    random: seededRandom(1),
    calendar: createCalendar(),
    memory: '400MB',
    processesMax: 1,
  });
  opened.defer(() => warehouse.close());
  await brokers.kill(other);
  const said: string[] = [];
  const logger = { ...silentLogger, error: (message: string) => void said.push(message) };
  const loader = createLoader({ warehouse, events: log, log: logger });
  // Ten before the damage, and all of the other partition, which needs a leader that lives.
  let loaded = 0;
  const load = async (): Promise<number> => {
    // While the other partition gets another leader it cannot be read.
    const done = await loader.loadAll().catch((error: unknown) => {
      if (!hasCode(error, 'log_unavailable')) throw error;
    });
    return (loaded += done?.loaded ?? 0);
  };
  await until(
    async () => (await load()) === 40,
    () => loaded,
  );
  assert.equal((await loader.loadAll()).loaded, 0);
  const id = (await inspectTopic(options.connection, options.topic))?.id ?? '';
  const places = [
    { partition: 0, offset: 10 },
    { partition: 1, offset: 0 },
  ];
  const damaged = await inspectDamage(options.connection, { name: options.topic, id }, places);
  assert.deepEqual(
    damaged.map(({ partition, offset }) => [partition, offset]),
    [[0, 10]],
  );
  assert.match(damaged[0]?.reason ?? '', /offset 10 of [^]*have copies that cannot be read now/);
  assert.ok(said.some((message) => message.includes('is damaged and waits')));
  await brokers.start(other);
  await until(
    async () => (await load()) === 60,
    () => loaded,
  );
});

/** The brokers that have copies of partition 0 and do not lead it. */
async function copiesBeside(options: KafkaLogOptions, leader: number): Promise<readonly number[]> {
  const admin = new Admin({ clientId: 'octavo-test', bootstrapBrokers: [...options.connection.brokers] });
  try {
    const { topics } = await admin.metadata({ topics: [options.topic] });
    return topics.get(options.topic)?.partitions[0]?.replicas.filter((id) => id !== leader) ?? [];
  } finally {
    await admin.close();
  }
}

const copies = { replication: 2, minInsyncReplicas: 1, retentionMs: 7 * 86_400_000, batchBytesMax: 4 << 20 };

function eventText(serial: number): string {
  return JSON.stringify({
    id: `0192f0c1-7e2a-7c3d-9a4b-${String(serial).padStart(12, '0')}`,
    kind: 'page_view',
    occurred_at: '2026-11-10T02:00:00.000Z',
    received_at: '2026-11-10T02:00:00.000Z',
    source: 'web',
  });
}

async function flipBit(file: string, position: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const bytes = Buffer.alloc(1);
    await handle.read(bytes, 0, 1, position);
    await handle.write(Buffer.from([(bytes[0] ?? 0) ^ 1]), 0, 1, position);
  } finally {
    await handle.close();
  }
}
