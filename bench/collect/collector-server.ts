import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createCollector, openJournal } from '../../src/collect/index.ts';
import { fileStorage, systemClock } from '../../src/base/index.ts';

/*
 * A collector in a process of its own, for the benchmark and the kill test: `node collector-server.ts <folder> <key>`.
 * It tells its port over the process channel, its use of memory and processor when asked, and stops at 'stop'.
 */
const [, , directory = '', key = ''] = process.argv;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const known = digest(key);
const storage = fileStorage();
const events = await openJournal({ storage, directory: join(directory, 'events'), partitions: 2 });
const failed = await openJournal({ storage, directory: join(directory, 'failed'), partitions: 1 });
const collector = await createCollector({
  events,
  failed,
  authorize: (token) => (timingSafeEqual(digest(token), known) ? { source: 'bench' } : undefined),
  clock: systemClock,
  ids: { storage, directory: join(directory, 'ids') },
});
const server = createServer((request, response) => void collector.handle(request, response));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
      ...collector.status(),
    });
  } else if (message === 'stop') void stop();
});
process.on('disconnect', () => process.exit(1));

async function stop(): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await collector.close();
  server.closeAllConnections();
  await Promise.all([events.close(), failed.close()]);
  process.exit(0);
}
