import { readable, report } from '../report.ts';
import { load, requestEvents } from './load.ts';
import type { LoadedServer, Usage } from './server.ts';

const pieceSeconds = 20;
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
  },
): Promise<void> {
  const { title, key, connections, seconds, eventsPerSecond } = options;
  const pieces = Math.max(4, Math.round(seconds / pieceSeconds));
  const used: Usage[] = [];
  const p99Ms: number[] = [];
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
    p99Ms.push(result.p99Ms);
    const usage = await server.usage();
    if (usage !== undefined) used.push(usage);
  }
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
      { what: 'longest p99 of a piece', value: Math.max(...p99Ms), unit: 'ms', goal: { atMost: p99GoalMs } },
    ],
    [`heap ${told(heap)} MiB, RSS ${told(rss)} MiB (start, middle, end)`],
  );
}

const mebibyte = 2 ** 20;
