import { connect, type Socket } from 'node:net';

/** How requests are sent. */
export interface LoadOptions {
  readonly port: number;
  readonly key: string;
  readonly connections: number;
  readonly durationMs: number;
  /** Ends after so many requests, where that is before the time. */
  readonly requestsMax?: number;
  /** Events in one request. Default `requestEvents`. */
  readonly eventsEach?: number;
  /** Requests a second over all connections; as many as are answered when absent. */
  readonly requestsPerSecond?: number;
  /** Makes ids of different loads differ; below 2^16. */
  readonly run: number;
}

/** What was answered. */
export interface LoadResult {
  readonly requests: number;
  readonly events: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Requests that were due at a fixed rate before the end and found no free connection; the percentiles have the time that they had waited then. */
  readonly missed: number;
}

/** Events in one request, where it is not said. */
export const requestEvents = 20;

/** Sends ready-made requests over keep-alive sockets; only the ids in them change. Fails at any answer but 200. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { requestsMax = Infinity, eventsEach = requestEvents } = options;
  const template = requestTemplate(options.key, eventsEach);
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + options.durationMs;
  let serial = 0;
  let sent = 0;
  const nextDue = (): number => {
    if (sent++ >= requestsMax) return Infinity;
    return options.requestsPerSecond === undefined
      ? 0
      : startedAt + ((sent - 1) * 1000) / options.requestsPerSecond;
  };
  const client = async (): Promise<void> => {
    const socket = connect(options.port, '127.0.0.1').setNoDelay();
    const bytes = Buffer.from(template.bytes);
    try {
      for (let due = nextDue(); Math.max(due, performance.now()) < endsAt; due = nextDue()) {
        const wait = due - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const now = Date.now();
        const made = now.toString(16).padStart(12, '0');
        for (const position of template.idPositions) {
          bytes.write(`${made.slice(0, 8)}-${made.slice(8)}`, position, 'latin1');
          bytes.write((++serial).toString(16).padStart(8, '0'), position + serialAt, 'latin1');
          bytes.write(options.run.toString(16).padStart(4, '0'), position + serialAt + 8, 'latin1');
        }
        const text = new Date(now).toISOString();
        for (const position of template.timePositions) bytes.write(text, position, 'latin1');
        // At a fixed rate a late start counts as waiting: what the client sees, not what the server admits.
        const beganAt = options.requestsPerSecond === undefined ? performance.now() : due;
        await exchange(socket, bytes);
        latencies.push(performance.now() - beganAt);
      }
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: options.connections }, client));
  const seconds = (performance.now() - startedAt) / 1000;
  const { requestsPerSecond } = options;
  const requests = latencies.length;
  const due = Math.min(requestsMax, Math.floor(((requestsPerSecond ?? 0) * options.durationMs) / 1000));
  const missed = requestsPerSecond === undefined ? 0 : Math.max(0, due - requests);
  // Who waits for a free connection waits too: left out, a server that stands still would look fast.
  for (let index = requests; index < requests + missed; index++)
    latencies.push(performance.now() - (startedAt + (index * 1000) / (requestsPerSecond ?? 1)));
  const sorted = Float64Array.from(latencies).toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const [p50Ms, p99Ms, p999Ms] = [at(0.5), at(0.99), at(0.999)];
  return { requests, events: requests * eventsEach, seconds, p50Ms, p99Ms, p999Ms, missed };
}

interface Template {
  readonly bytes: Buffer;
  readonly idPositions: readonly number[];
  readonly timePositions: readonly number[];
}

function requestTemplate(key: string, eventsEach: number): Template {
  const events = Array.from({ length: eventsEach }, (_, index) => ({
    id: `${marker}-7e2a-7c3d-9a4b-${String(index).padStart(12, '0')}`,
    kind: index % 4 === 0 ? 'view_item' : index % 4 === 1 ? 'view_item_list' : 'page_view',
    occurred_at: timeMarker,
    reader_id: `reader-${index % 3}`,
    device_id: 'd3b07384-d113-4ec5-a5d6-c0ffee000001',
    session_id: 's-81920',
    page: {
      url: 'https://books.example/titles/t-1029?from=home',
      referrer: 'https://books.example/',
      title: '한 권의 책',
    },
    app: { name: 'store', version: '4.12.0', platform: 'web' },
    ...(index % 4 > 1
      ? {}
      : { items: [{ item_id: 't-1029', item_list_id: 'home-best', index: 3, price: 12_000 }] }),
  }));
  const body = Buffer.from(JSON.stringify({ sent_at: timeMarker, events }));
  const head = `POST /v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n`;
  const bytes = Buffer.concat([
    Buffer.from(
      `${head}user-agent: octavo-bench\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);
  return { bytes, idPositions: positionsOf(bytes, marker), timePositions: positionsOf(bytes, timeMarker) };
}

function positionsOf(bytes: Buffer, text: string): readonly number[] {
  const positions: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) positions.push(at);
  return positions;
}

const marker = '0192f0c1';
const timeMarker = '2026-03-01T10:00:00.123Z';
/** Where an id's last 12 digits begin. */
const serialAt = 24;

function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = '';
    let missing = -1;
    const fail = (error: Error): void => {
      socket.off('data', take);
      reject(error);
    };
    const take = (chunk: Buffer): void => {
      if (missing < 0) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!head.startsWith('HTTP/1.1 200')) return fail(new Error(head.slice(0, 400)));
        missing = Number(/content-length: (\d+)/i.exec(head)?.[1]) - (head.length - end - 4);
      } else missing -= chunk.length;
      if (missing > 0) return;
      socket.off('data', take).off('error', fail);
      resolve();
    };
    socket.on('data', take).once('error', fail);
    socket.write(request);
  });
}
