import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, requestEvents, type LoadResult } from './collect/load.ts';

/** How long and how hard the collector is measured. */
export interface CollectBenchOptions {
  readonly durationMs?: number;
  readonly connections?: number;
  /** Folder of the files; must be on a disk that fsync reaches. */
  readonly directory?: string;
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
    const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
    process.stdout.write(
      `${[
        `collect: ${requestEvents} events a request, validated, fsync before the answer, ${connections} connections`,
        `  figure ${rate(ours.full).toFixed(0)} events/s (goal >= ${goals.eventsPerSecond}); p99 ${ours.full.p99Ms.toFixed(1)} ms`,
        `         ${(ours.full.events / ours.cpuSeconds).toFixed(0)} events for a second of processor time`,
        `  half   ${rate(ours.half).toFixed(0)} events/s: p50 ${ours.half.p50Ms.toFixed(1)} ms, p99 ${ours.half.p99Ms.toFixed(1)} ms (goal <= ${goals.p99Ms})`,
        `  floor  ${rate(floor.full).toFixed(0)} events/s (bare node:http, fdatasync of the same bytes); ` +
          `${(floor.full.events / floor.cpuSeconds).toFixed(0)} for a second of processor time`,
        `         half: p50 ${floor.half.p50Ms.toFixed(1)} ms, p99 ${floor.half.p99Ms.toFixed(1)} ms`,
        `  ratio  ${(rate(ours.full) / rate(floor.full)).toFixed(2)} of the floor`,
        `  memory ${ours.rss.map(mebibytes).join(', ')} MiB (start, warm, after each half, end)`,
      ].join('\n')}\n`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

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
  const path = join(import.meta.dirname, 'collect', `${script}.ts`);
  const child = fork(path, [folder, key], { execArgv: [...execArgv] });
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

if (import.meta.main) await run({ execArgv: process.argv.slice(2) });
