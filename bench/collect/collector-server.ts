import { createHash, timingSafeEqual } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createCollector, openJournal, type EventLog } from '../../src/collect/index.ts';
import { fileStorage, systemClock } from '../../src/base/index.ts';
import { metricChannel, type MetricSample } from '../../src/base/telemetry.ts';
import { openBenchTopic } from '../broker.ts';

/*
 * A collector in a process of its own, for the benchmark: `node collector-server.ts <folder> <key> [broker]`.
 * It tells its port over the process channel, its use of memory and processor when asked, and stops at 'stop'.
 */
const [, , directory = '', key = '', broker] = process.argv;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const known = digest(key);
const storage = fileStorage();
const openLog = (topic: string, partitions: number): Promise<EventLog> =>
  broker === undefined
    ? openJournal({ storage, directory: join(directory, topic), partitions })
    : openBenchTopic([broker], partitions);
const events = await openLog('events', 2);
const failed = await openLog('failed', 1);
const collector = await createCollector({
  events,
  failed,
  authorize: (token) => (timingSafeEqual(digest(token), known) ? { source: 'bench' } : undefined),
  clock: systemClock,
  ids: { storage, directory: join(directory, 'ids') },
});
const server = createServer((request, response) => void collector.handle(request, response));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

// What may have held up an answer, since it was last asked.
let slowestSyncSeconds = 0;
subscribe(metricChannel, (message) => {
  const { name, value } = message as MetricSample;
  if (name === 'octavo_base_storage_sync_seconds') slowestSyncSeconds = Math.max(slowestSyncSeconds, value);
});
const loopDelay = monitorEventLoopDelay({ resolution: 5 });
loopDelay.enable();

process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    const held = { slowestSyncMs: slowestSyncSeconds * 1000, longestTurnMs: loopDelay.max / 1e6 };
    slowestSyncSeconds = 0;
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      rssBytes: rss,
      heapBytes: heapUsed + external,
      ...held,
      ...collector.status(),
    });
    // The collection of garbage above is not the load's.
    loopDelay.reset();
  } else if (message === 'stop') void stop();
});
process.on('disconnect', () => process.exit(1));

// What a loader would have loaded is released, so that a long run doesn't fill the disk.
const releaseEveryMs = 5_000;
setInterval(() => void release(), releaseEveryMs).unref();

async function release(): Promise<void> {
  for (let partition = 0; partition < events.partitions; partition++)
    await events.release(partition, await events.end(partition));
}

async function stop(): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await collector.close();
  server.closeAllConnections();
  await Promise.all([events.close(), failed.close()]);
  process.exit(0);
}
