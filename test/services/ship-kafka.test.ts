import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { partitionOfKey } from '../../src/collect/append-events.ts';
import { fileStorage, systemClock } from '../../src/base/index.ts';
import { checkShip, openKafkaLog, parseShipConfig } from '../../src/collect/index.ts';
import { inFolder, shipOnce } from '../../src/collect/agent/ship.fixture.ts';
import { logOptions, sharedBroker } from './brokers.ts';

const lines = 3000;
/** Of every third line, one of ten. */
const readerOf = (index: number): string => (index % 3 === 0 ? `r${index % 30}` : '-');

test('the agent writes into Kafka, keyed; what it sends again has its ids again', async (context) => {
  await using opened = new AsyncDisposableStack();
  const brokers = await sharedBroker();
  const options = logOptions(brokers);
  const prefix = options.topic;
  await inFolder(async (folder) => {
    const line = (index: number): string =>
      `203.0.113.${index % 200} - ${readerOf(index)} [01/Mar/2026:10:00:00 +0900] "GET /books/t${index} HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n`;
    const text = Array.from({ length: lines }, (_, index) => line(index)).join('');
    await writeFile(join(folder, 'access.log'), `${text}nonsense\n`);
    const to = `{ kafka: { brokers: '${brokers.addresses.join(',')}', topic_prefix: '${prefix}', partitions: 2 } }`;
    const yaml = `name: web1\nto: ${to}\ninputs: [{ files: 'access.log' }]\n`;
    const look = async (): Promise<readonly string[]> => {
      const common = { key: undefined, workingDirectory: folder, storage: fileStorage(), clock: systemClock };
      const checks = await checkShip({ config: parseShipConfig(yaml, 'ship.yaml'), ...common });
      return checks.slice(-2).map(({ ok, finding }) => `${ok} ${finding}`);
    };
    const missing = 'true the brokers answer; the topic is made when the agent starts';
    assert.deepEqual(await look(), [missing, missing]);
    const totals = await shipOnce(folder, yaml);
    const [ofEvents = '', ofFailed = ''] = await look();
    assert.match(
      ofEvents,
      /^true the brokers answer, and let this user write; the topic has 2 partitions, 1 copies, /,
    );
    assert.match(
      ofFailed,
      /^true the brokers answer, and let this user write; the topic has 1 partitions, 1 copies, /,
    );
    assert.deepEqual([totals.accepted, totals.failed], [lines, 1]);
    // Its state is gone: everything is sent again.
    await rm(join(folder, 'octavo-ship'), { recursive: true });
    await shipOnce(folder, yaml);
  });
  const log = await openKafkaLog({ ...options, topic: `${prefix}.events` });
  opened.defer(() => log.close());
  const ids = new Map<string, number>();
  const places = new Map<string, number>();
  const readers = new Set<string>();
  for (let partition = 0; partition < log.partitions; partition++) {
    const end = await log.end(partition);
    for (let next = await log.start(partition); next < end;) {
      const batch = await log.read(partition, next, { recordsMax: 1000, bytesMax: 1 << 20 });
      next = batch.nextOffset;
      for (const record of batch.records) {
        const event = JSON.parse(record.toString()) as Readonly<Record<string, string>>;
        ids.set(event['id'] ?? '', (ids.get(event['id'] ?? '') ?? 0) + 1);
        assert.equal(places.get(event['session_id'] ?? '') ?? partition, partition);
        const reader = event['reader_id'];
        // Where the collector puts that reader's events too.
        if (reader !== undefined) assert.equal(partitionOfKey(reader, log.partitions), partition);
        if (reader !== undefined) readers.add(reader);
        places.set(event['session_id'] ?? '', partition);
      }
    }
  }
  const failed = await openKafkaLog({ ...options, topic: `${prefix}.failed`, partitions: 1 });
  opened.defer(() => failed.close());
  const refused = await failed.end(0);
  context.diagnostic(
    `${lines} lines sent twice: ${ids.size} ids, each ${[...new Set(ids.values())].join()} times`,
  );
  assert.deepEqual([ids.size, [...new Set(ids.values())], refused], [lines, [2], 2]);
});
