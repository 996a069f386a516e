import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingForNginx, needLine } from '../services/needs.ts';
import { skipped, withBroker } from './broker.ts';
import { missedNotes, reportFixedRates } from './collect/fixed-rates.ts';
import { reportProducer } from './collect/kafka-floor.ts';
import { load, requestEvents, type LoadResult } from './collect/load.ts';
import { reportMemory } from './collect/memory.ts';
import { nginxServer, scriptServer, type StartServer } from './collect/server.ts';
import { flag, option, readable, report, type Figure } from './report.ts';

/** How long and how hard the collector is measured. */
interface CollectorBenchOptions {
  readonly durationMs: number;
  readonly connections: number;
  /** Folder of the files; must be on a disk that fsync reaches. */
  readonly directory: string;
  /** Memory is watched for so long. */
  readonly memorySeconds: number;
  /** Flags of the collector's process, e.g. `--cpu-prof`. */
  readonly execArgv: readonly string[];
}

const goals = { eventsPerSecond: 150_000, p99Ms: 25 };
const key = 'ok_bench_0123456789abcdef0123456789abcdef';

/**
 * Events a second through a collector with its files, 20 a request, validated, durable before the answer; its latency
 * at half of that load and at fixed rates; its memory. The same bytes through a bare server, and through nginx into its
 * log, are the floor. Then the same with Kafka as the event log.
 */
async function run(options: CollectorBenchOptions): Promise<void> {
  const { directory, execArgv } = options;
  const floors = [
    { what: 'bare node:http, fdatasync', start: scriptServer('floor-server', { key }) },
    ...(missingForNginx().length === 0
      ? [{ what: 'nginx, its access log, no fsync', start: nginxServer }]
      : []),
  ];
  if (floors.length === 1) skipped('the floor of nginx', missingForNginx().map(needLine));
  const measured: { readonly what: string; readonly of: Measured }[] = [];
  for (const { what, start } of floors)
    measured.push({ what, of: await measure(start, { ...options, durationMs: options.durationMs / 2 }) });
  await reportCollector('journal', scriptServer('collector-server', { key, execArgv }), options, measured);
  await withBroker(
    async ({ address, folder }) => {
      reportProducer(address, folder, flag('small') ? 50_000 : 500_000);
      const start = scriptServer('collector-server', { key, execArgv, kafka: address });
      await reportCollector('Kafka', start, options, measured);
    },
    { directory },
  );
}

async function reportCollector(
  log: string,
  start: StartServer,
  options: CollectorBenchOptions,
  floors: readonly { readonly what: string; readonly of: Measured }[],
): Promise<void> {
  const { connections, durationMs, memorySeconds } = options;
  const ours = await measure(start, options);
  const floor = (value: (of: Measured) => number): Pick<Figure, 'floor'> => ({
    floor: floors.map(({ what, of }) => ({ what, value: value(of) })).filter((one) => one.value > 0),
  });
  report(
    `collector to ${log}: ${requestEvents} events a request, validated, durable before the answer, ${connections} connections`,
    [
      {
        what: 'events accepted',
        value: rate(ours.full),
        unit: 'events/s',
        goal: { atLeast: goals.eventsPerSecond },
        ...floor(({ full }) => rate(full)),
      },
      {
        what: 'processor time of an event',
        value: cpuMicroseconds(ours),
        unit: 'us',
        ...floor(cpuMicroseconds),
      },
      { what: 'p99 at full load', value: ours.full.p99Ms, unit: 'ms', ...floor(({ full }) => full.p99Ms) },
      {
        what: `p99 at half load (${readable(rate(ours.full) / 2)} events/s)`,
        value: ours.half.p99Ms,
        unit: 'ms',
        goal: { atMost: goals.p99Ms },
        ...floor(({ half }) => half.p99Ms),
      },
    ],
    missedNotes(ours.half.missed),
  );
  await withServer(start, options.directory, async (server) => {
    const { port } = server;
    await load({ port, key, connections, durationMs: Math.min(2_000, durationMs), run: 5 });
    await reportFixedRates({ title: `collector to ${log}`, port, key, connections, durationMs });
    if (memorySeconds === 0) return;
    process.stdout.write(`memory is watched for ${readable(memorySeconds)} s (--minutes)\n`);
    await reportMemory(server, {
      title: `collector to ${log}, memory`,
      key,
      connections,
      seconds: memorySeconds,
      eventsPerSecond: rate(ours.full) / 2,
      directory: options.directory,
    });
  });
}

interface Measured {
  readonly full: LoadResult;
  readonly half: LoadResult;
  readonly cpuSeconds: number;
}

/** As much as goes, after a while of warming up, then half of that. */
function measure(
  start: StartServer,
  { durationMs, connections, directory }: CollectorBenchOptions,
): Promise<Measured> {
  return withServer(start, directory, async (server) => {
    const { port } = server;
    await load({ port, key, connections, durationMs: Math.min(2_000, durationMs), run: 1 });
    const before = await server.usage();
    const full = await load({ port, key, connections, durationMs, run: 2 });
    const after = await server.usage();
    const requestsPerSecond = rate(full) / requestEvents / 2;
    const half = await load({ port, key, connections, durationMs, requestsPerSecond, run: 4 });
    return { full, half, cpuSeconds: (after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0) };
  });
}

async function withServer<T>(
  start: StartServer,
  directory: string,
  work: (server: Awaited<ReturnType<StartServer>>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(directory, 'octavo-bench-collector-'));
  try {
    const server = await start(folder);
    try {
      return await work(server);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rate(result: LoadResult): number {
  return result.events / result.seconds;
}

function cpuMicroseconds({ cpuSeconds, full }: Measured): number {
  return (cpuSeconds * 1e6) / full.events;
}

if (import.meta.main) {
  const profile = option('profile');
  await run({
    durationMs: flag('small') ? 2_000 : 8_000,
    connections: Number(option('connections') ?? 64),
    directory: option('directory') ?? tmpdir(),
    memorySeconds: Number(option('minutes') ?? (flag('small') ? 0.2 : 10)) * 60,
    execArgv: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  });
}
