import { connect, type Socket } from 'node:net';

/** How requests are sent. */
export interface LoadOptions {
  readonly port: number;
  readonly key: string;
  readonly connections: number;
  readonly durationMs: number;
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
}

/** Events in one request. */
export const requestEvents = 20;

/** Sends ready-made requests over keep-alive sockets; only the ids in them change. Fails at any answer but 200. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const template = requestTemplate(options.key);
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + options.durationMs;
  let serial = 0;
  let sent = 0;
  const nextDue = (): number =>
    options.requestsPerSecond === undefined ? 0 : startedAt + (sent++ * 1000) / options.requestsPerSecond;
  const client = async (): Promise<void> => {
    const socket = connect(options.port, '127.0.0.1').setNoDelay();
    const bytes = Buffer.from(template.bytes);
    try {
      for (let due = nextDue(); Math.max(due, performance.now()) < endsAt; due = nextDue()) {
        const wait = due - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        for (const position of template.idPositions) {
          bytes.write((++serial).toString(16).padStart(8, '0'), position, 'latin1');
          bytes.write(options.run.toString(16).padStart(4, '0'), position + 9, 'latin1');
        }
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
  const sorted = Float64Array.from(latencies).toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const requests = sorted.length;
  return { requests, events: requests * requestEvents, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

function requestTemplate(key: string): { readonly bytes: Buffer; readonly idPositions: readonly number[] } {
  const events = Array.from({ length: requestEvents }, (_, index) => ({
    id: `${marker}-7e2a-7c3d-9a4b-${String(index).padStart(12, '0')}`,
    kind: index % 4 === 0 ? 'view_item' : index % 4 === 1 ? 'view_item_list' : 'page_view',
    occurred_at: '2026-03-01T10:00:00.123Z',
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
  const body = Buffer.from(JSON.stringify({ sent_at: '2026-03-01T10:00:01Z', events }));
  const head = `POST /v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n`;
  const bytes = Buffer.concat([
    Buffer.from(
      `${head}user-agent: octavo-bench\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    ),
    body,
  ]);
  const idPositions: number[] = [];
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) idPositions.push(at);
  return { bytes, idPositions };
}

const marker = '0192f0c1';

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
