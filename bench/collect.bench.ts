import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportTrackerBytes } from './collect/tracker-bytes.ts';
import { load, requestEvents, type LoadResult } from './collect/load.ts';
import { reportFixedRates } from './collect/fixed-rates.ts';
import { flag, option, readable, report } from './report.ts';

/** How long and how hard the collector is measured. */
export interface CollectBenchOptions {
  readonly durationMs?: number;
  readonly connections?: number;
  /** Folder of the files; must be on a disk that fsync reaches. */
  readonly directory?: string;
  /** Goes on at half load for so long, and watches memory. Default: not at all. */
  readonly soakSeconds?: number;
  /** Flags of the collector's process, e.g. `--cpu-prof`. */
  readonly execArgv?: readonly string[];
}

interface Usage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

const goals = { eventsPerSecond: 150_000, p99Ms: 25 };
const key = 'ok_bench_0123456789abcdef0123456789abcdef';

/**
 * Events a second through a collector with its files, 20 a request, validated, durable before the answer;
 * its latency at half of that load; the same bytes through a bare server as the floor. Goals: 150,000 a second, p99 25 ms.
 */
export async function run(options: CollectBenchOptions = {}): Promise<void> {
  const { durationMs = 8_000, connections = 64, execArgv = [] } = options;
  const folder = await mkdtemp(join(options.directory ?? tmpdir(), 'octavo-bench-collect-'));
  try {
    const floor = await measure('floor-server', folder, { durationMs: durationMs / 2, connections });
    const ours = await measure('collector-server', folder, { durationMs, connections, execArgv });
    report(
      `collect: ${requestEvents} events a request, validated, fsync before the answer, ${connections} connections`,
      [
        {
          what: 'events accepted',
          value: rate(ours.full),
          unit: 'events/s',
          goal: { atLeast: goals.eventsPerSecond },
          floor: { what: 'bare node:http, fdatasync', value: rate(floor.full) },
        },
        {
          what: 'events for a second of processor time',
          value: ours.full.events / ours.cpuSeconds,
          unit: 'events',
          floor: { what: 'the same', value: floor.full.events / floor.cpuSeconds },
        },
        {
          what: 'processor time of an event',
          value: (ours.cpuSeconds * 1e6) / ours.full.events,
          unit: 'us',
          floor: { what: 'the same', value: (floor.cpuSeconds * 1e6) / floor.full.events },
        },
        { what: 'p99 at full load', value: ours.full.p99Ms, unit: 'ms' },
        {
          what: `p99 at half load (${readable(rate(ours.half))} events/s)`,
          value: ours.half.p99Ms,
          unit: 'ms',
          goal: { atMost: goals.p99Ms },
          floor: { what: 'the same at its half', value: floor.half.p99Ms },
        },
      ],
      [`memory ${ours.rss.map(mebibytes).join(', ')} MiB (start, warm, after each half, end)`],
    );
    const fixed = startServer('collector-server', folder, execArgv);
    try {
      const { port } = (await reply(fixed)) as { readonly port: number };
      await load({ port, key, connections, durationMs: Math.min(2_000, durationMs), run: 5 });
      await reportFixedRates({ port, key, connections, durationMs });
    } finally {
      fixed.send('stop');
      await once(fixed, 'exit');
    }
    reportTrackerBytes();
    process.stdout.write(
      '  beside it: bench ship (agent lines/s), load (loader events/s), extract (rows/s)\n',
    );
    if (options.soakSeconds !== undefined)
      await soak(folder, { ...options, soakSeconds: options.soakSeconds, full: rate(ours.full) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Half load for a long time: memory and latency, piece by piece. */
async function soak(
  folder: string,
  options: CollectBenchOptions & { readonly soakSeconds: number; readonly full: number },
): Promise<void> {
  const { soakSeconds, full, connections = 64, execArgv = [] } = options;
  const child = startServer('collector-server', folder, execArgv);
  try {
    const { port } = (await reply(child)) as { readonly port: number };
    const pieces = Math.max(2, Math.round(soakSeconds / soakPieceSeconds));
    const rss: number[] = [];
    const p99Ms: number[] = [];
    for (let piece = 0; piece < pieces; piece++) {
      const durationMs = (soakSeconds * 1000) / pieces;
      const requestsPerSecond = full / requestEvents / 2;
      const result = await load({ port, key, connections, durationMs, requestsPerSecond, run: 10 + piece });
      p99Ms.push(result.p99Ms);
      child.send('usage');
      rss.push(((await reply(child)) as Usage).rssBytes);
    }
    const grown = ((rss.at(-1) ?? 0) - (rss[Math.floor(pieces / 4)] ?? 0)) / 2 ** 20;
    report(
      `collect: half load for ${soakSeconds} s`,
      [
        {
          what: 'longest p99 of a piece',
          value: Math.max(...p99Ms),
          unit: 'ms',
          goal: { atMost: goals.p99Ms },
        },
        {
          what: 'memory grown after the first quarter',
          value: grown,
          unit: 'MiB',
          goal: { atMost: grownMebibytesMax },
        },
      ],
      [`memory ${rss.map(mebibytes).join(', ')} MiB`, `p99 ${p99Ms.map(readable).join(', ')} ms`],
    );
  } finally {
    child.send('stop');
    await once(child, 'exit');
  }
}

function startServer(script: string, folder: string, execArgv: readonly string[]): ChildProcess {
  return fork(join(import.meta.dirname, 'collect', `${script}.ts`), [folder, key], {
    execArgv: [...execArgv],
  });
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

const soakPieceSeconds = 20;
const grownMebibytesMax = 20;

interface Measured {
  readonly full: LoadResult;
  readonly half: LoadResult;
  readonly cpuSeconds: number;
  readonly rss: readonly number[];
}

async function measure(
  script: string,
  folder: string,
  options: {
    readonly durationMs: number;
    readonly connections: number;
    readonly execArgv?: readonly string[];
  },
): Promise<Measured> {
  const { durationMs, connections, execArgv = [] } = options;
  const child = startServer(script, folder, execArgv);
  try {
    const { port } = (await reply(child)) as { readonly port: number };
    const usage = async (): Promise<Usage> => {
      child.send('usage');
      return (await reply(child)) as Usage;
    };
    const start = await usage();
    await load({ port, key, connections, durationMs: Math.min(2_000, durationMs), run: 1 });
    const warm = await usage();
    const first = await load({ port, key, connections, durationMs: durationMs / 2, run: 2 });
    const middle = await usage();
    const second = await load({ port, key, connections, durationMs: durationMs / 2, run: 3 });
    const full = { ...second, events: first.events + second.events, seconds: first.seconds + second.seconds };
    const end = await usage();
    const requestsPerSecond = rate(full) / requestEvents / 2;
    const half = await load({ port, key, connections, durationMs, requestsPerSecond, run: 4 });
    const rss = [start, warm, middle, end, await usage()].map(({ rssBytes }) => rssBytes);
    return { full, half, cpuSeconds: end.cpuSeconds - warm.cpuSeconds, rss };
  } finally {
    child.send('stop');
    await once(child, 'exit');
  }
}

async function reply(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}

function rate(result: LoadResult): number {
  return result.events / result.seconds;
}

if (import.meta.main) {
  const minutes = option('minutes');
  const soakSeconds = minutes === undefined ? option('soak') : Number(minutes) * 60;
  const profile = option('profile');
  await run({
    ...(flag('small') ? { durationMs: 2_000 } : {}),
    ...(soakSeconds === undefined ? {} : { soakSeconds: Number(soakSeconds) }),
    ...(profile === undefined ? {} : { execArgv: ['--cpu-prof', `--cpu-prof-dir=${profile}`] }),
  });
}
