import { fileStorage, silentLogger, systemClock } from '../../src/base/index.ts';
import { openShip, parseShipConfig } from '../../src/collect/index.ts';

/*
 * An agent in a process of its own, for the benchmark: `node ship-server.ts <folder>`. Ships the logs of the folder into a
 * journal there, once, and tells what it took.
 */
const [, , folder = ''] = process.argv;
const startedAt = performance.now();
const before = process.cpuUsage();
const ship = await openShip({
  config: parseShipConfig("to: { journal: log }\ninputs: [{ files: '*.log' }]\n", 'bench'),
  hostName: 'bench',
  key: undefined,
  workingDirectory: folder,
  storage: fileStorage(),
  clock: systemClock,
  random: Math.random,
  logger: silentLogger,
  once: true,
});
await ship.agent.run(new AbortController().signal);
await ship.close();
const { user, system } = process.cpuUsage(before);
process.send?.({
  lines: ship.agent.totals.accepted,
  seconds: (performance.now() - startedAt) / 1000,
  cpuSeconds: (user + system) / 1e6,
  rssBytes: process.memoryUsage.rss(),
});
process.disconnect?.();
