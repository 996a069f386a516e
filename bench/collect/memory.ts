import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readable, report } from '../report.ts';
import { probeDisk } from './disk-probe.ts';
import { load, requestEvents } from './load.ts';
import type { LoadedServer, Usage } from './server.ts';

/** A part of the time, with what went on in it at most. */
interface Piece {
  readonly p99Ms: number;
  readonly slowestSyncMs?: number;
  readonly longestTurnMs?: number;
  readonly diskMs: number;
  readonly clientTurnMs: number;
}

const pieceSeconds = 20;
/** Pieces with the longest p99 that are told one by one. */
const worstTold = 3;
const p99GoalMs = 25;
const grownMebibytesMax = 20;

/** Half load for a long time: memory after a collection of garbage, and latency, piece by piece. */
export async function reportMemory(
  server: LoadedServer,
  options: {
    readonly title: string;
    readonly key: string;
    readonly connections: number;
    readonly seconds: number;
    readonly eventsPerSecond: number;
    /** Whose disk is probed beside it. */
    readonly directory: string;
  },
): Promise<void> {
  const { title, key, connections, seconds, eventsPerSecond } = options;
  const pieces = Math.max(4, Math.round(seconds / pieceSeconds));
  const used: Usage[] = [];
  const measured: Piece[] = [];
  const disk = probeDisk(options.directory);
  const ownDelay = monitorEventLoopDelay({ resolution: 5 });
  ownDelay.enable();
  let events = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const result = await load({
      port: server.port,
      key,
      connections,
      durationMs: (seconds * 1000) / pieces,
      requestsPerSecond: eventsPerSecond / requestEvents,
      run: 1000 + piece,
    });
    events += result.events;
    const usage = await server.usage();
    if (usage !== undefined) used.push(usage);
    const diskMs = disk.slowestMs();
    measured.push({ ...result, ...usage, diskMs, clientTurnMs: ownDelay.max / 1e6 });
    ownDelay.reset();
  }
  await disk.stop();
  const worst = measured.toSorted((a, b) => b.p99Ms - a.p99Ms);
  const at = (share: number): Usage | undefined => used[Math.round((used.length - 1) * share)];
  const places = [at(0), at(0.5), at(1)];
  const grown = (of: (usage: Usage) => number): number =>
    places[0] === undefined || places[2] === undefined ? 0 : (of(places[2]) - of(places[0])) / mebibyte;
  const told = (of: (usage: Usage) => number): string =>
    places.map((place) => (place === undefined ? '?' : (of(place) / mebibyte).toFixed(0))).join(', ');
  const heap = ({ heapBytes = 0 }: Usage): number => heapBytes;
  const rss = ({ rssBytes }: Usage): number => rssBytes;
  report(
    `${title}: ${readable(eventsPerSecond)} events/s for ${readable(seconds / 60)} minutes, ${events.toLocaleString('en-US')} events`,
    [
      { what: 'heap grown', value: grown(heap), unit: 'MiB', goal: { atMost: grownMebibytesMax } },
      { what: 'RSS grown', value: grown(rss), unit: 'MiB' },
      {
        what: 'longest p99 of a piece',
        value: worst[0]?.p99Ms ?? 0,
        unit: 'ms',
        goal: { atMost: p99GoalMs },
      },
    ],
    [
      `heap ${told(heap)} MiB, RSS ${told(rss)} MiB (start, middle, end)`,
      ...worst.slice(0, worstTold).map(pieceLine),
    ],
  );
}

/** What may explain a slow piece: the disk, a long turn of the server, or of the client. */
function pieceLine({ p99Ms, slowestSyncMs, longestTurnMs, diskMs, clientTurnMs }: Piece): string {
  const parts = [
    `p99 ${readable(p99Ms)} ms`,
    ...(slowestSyncMs === undefined ? [] : [`the server's slowest sync ${readable(slowestSyncMs)}`]),
    ...(longestTurnMs === undefined ? [] : [`its longest turn ${readable(longestTurnMs)}`]),
    `4 KiB synced by another thread ${readable(diskMs)}`,
    `the client's longest turn ${readable(clientTurnMs)}`,
  ];
  return parts.join(', ');
}

const mebibyte = 2 ** 20;
