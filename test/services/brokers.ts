import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  formatCluster,
  installKafka,
  placeCluster,
  startBroker,
  type ClusterPlace,
} from '../../services/kafka/cluster.ts';
import { silentLogger, uuidv7 } from '../../src/base/index.ts';
import type { KafkaLogOptions } from '../../src/collect/index.ts';

/** Brokers of a test, which it kills and starts as it likes. */
export interface Brokers {
  readonly place: ClusterPlace;
  /** `host:port` of each. */
  readonly addresses: readonly string[];
  start(id: number): Promise<void>;
  /** Ends a broker; resolves when it is gone. */
  kill(id: number, signal?: NodeJS.Signals): Promise<void>;
  running(): readonly number[];
  stop(): Promise<void>;
}

/** Starts a cluster of its own. */
export async function startBrokers(
  count: number,
  change: (place: ClusterPlace) => ClusterPlace | Promise<ClusterPlace> = (place) => place,
): Promise<Brokers> {
  installKafka();
  const folder = mkdtempSync(join(tmpdir(), 'octavo-kafka-'));
  const place = await change(await placeCluster(folder, count));
  formatCluster(place);
  const children = new Map<number, ChildProcess>();
  const brokers: Brokers = {
    place,
    addresses: place.brokers.map(({ port }) => `127.0.0.1:${port}`),
    start: async (id) => {
      const broker = place.brokers.find((one) => one.id === id);
      if (broker !== undefined) children.set(id, await startBroker(broker));
    },
    kill: async (id, signal = 'SIGKILL') => {
      const child = children.get(id);
      children.delete(id);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      // A broker that is asked to stop hands its partitions over first; it is not waited for without end.
      const late = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
      await gone;
      clearTimeout(late);
    },
    running: () => [...children.keys()],
    stop: async () => {
      await Promise.all([...children.keys()].map((id) => brokers.kill(id)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const started = await Promise.allSettled(place.brokers.map(({ id }) => brokers.start(id)));
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed === undefined) return brokers;
  await brokers.stop();
  throw (failed as PromiseRejectedResult).reason;
}

const stopMaxMs = 15_000;

let shared: Promise<Brokers> | undefined;
after(async () => await (await shared)?.stop());

/** One broker that the tests share; nobody stops it. */
export function sharedBroker(): Promise<Brokers> {
  return (shared ??= startBrokers(1));
}

/** Options of a log in a topic that no other test has. */
export function logOptions(
  brokers: Pick<Brokers, 'addresses'>,
  changes: Partial<KafkaLogOptions> = {},
): KafkaLogOptions {
  const topic = `test-${uuidv7({ nowMs: Date.now(), next: Math.random })}`;
  return {
    connection: { brokers: brokers.addresses, clientId: 'octavo-test' },
    topic,
    partitions: 2,
    settings: {
      replication: 0,
      minInsyncReplicas: 0,
      retentionMs: 7 * 86_400_000,
      batchBytesMax: 4 * 1024 * 1024,
    },
    compression: 'zstd',
    deliveryTimeoutMs: 20_000,
    queueBytesMax: 64 * 1024 * 1024,
    group: `${topic}-load`,
    logger: silentLogger,
    ...changes,
  };
}
