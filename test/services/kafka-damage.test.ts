import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode } from '../../src/base/index.ts';
import { inspectTopic, openKafkaLog } from '../../src/collect/index.ts';
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
      // Another broker's copy may be whole: nothing is stepped over.
      await assert.rejects(
        log.read(0, 20, limits),
        (error: Error) => hasCode(error, 'log_damaged') && error.message.includes(named),
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
