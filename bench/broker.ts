import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCluster, installKafka, placeCluster, startBroker } from '../services/kafka/cluster.ts';
import { missingForJava, needLine } from '../services/needs.ts';
import { silentLogger } from '../src/base/index.ts';
import { openKafkaLog, type EventLog } from '../src/collect/index.ts';

/** Does the work with an Apache Kafka of its own, one broker, and ends it; says in a line why where there can be none. */
export async function withBroker(
  work: (broker: { readonly address: string; readonly folder: string }) => Promise<void>,
  options: { readonly directory?: string | undefined } = {},
): Promise<void> {
  const reasons = missingForJava().map(needLine);
  try {
    if (reasons.length === 0) installKafka();
  } catch (error) {
    reasons.push((error as Error).message);
  }
  if (reasons.length > 0) return skipped('Kafka', reasons);
  const folder = await mkdtemp(join(options.directory ?? tmpdir(), 'octavo-bench-kafka-'));
  try {
    const place = await placeCluster(folder, 1);
    const [broker] = place.brokers;
    if (broker === undefined) return;
    formatCluster(place);
    const child = await startBroker(broker);
    try {
      await work({ address: `127.0.0.1:${broker.port}`, folder });
    } finally {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says what is not measured, and why. */
export function skipped(what: string, reasons: readonly string[]): void {
  process.stdout.write(`skipped: ${what} (${reasons.join('; ')})\n`);
}

let topics = 0;

/** A topic that no other run has, as an event log; settings as a new project has them. */
export function openBenchTopic(brokers: readonly string[], partitions: number): Promise<EventLog> {
  topics += 1;
  const topic = `octavo-bench-${process.pid}-${topics}-${Date.now()}`;
  return openKafkaLog({
    connection: { brokers, clientId: 'octavo-bench' },
    topic,
    partitions,
    settings: { replication: 0, minInsyncReplicas: 0, retentionMs: 3_600_000, batchBytesMax: 4 * mebibyte },
    compression: 'zstd',
    deliveryTimeoutMs: 30_000,
    queueBytesMax: 64 * mebibyte,
    group: `${topic}-load`,
    logger: silentLogger,
  });
}

const mebibyte = 1024 * 1024;
