import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../src/api/index.ts';
import { openTestShop } from '../../src/api/test-shop.ts';
import { fileStorage, systemClock } from '../../src/base/index.ts';
import { createCollector, openJournal, type Collector, type EventLog } from '../../src/collect/index.ts';
import type { StoredEvent } from '../../src/event/index.ts';
import { until } from './until.ts';

const root = dirname(dirname(import.meta.dirname));

/** What becomes of the next requests to the collector. */
export type Fault =
  /** Answered with this instead of reaching the collector. */
  | { readonly status: number; readonly retryAfter?: string }
  /** The connection is cut before the collector hears of it. */
  | { readonly cut: 'before' }
  /** The collector stores it, and the connection is cut before the answer. */
  | { readonly cut: 'after' }
  /** The collector answers so much later. */
  | { readonly delayMs: number };

/** A request that a page sent to the collector. */
export interface SentRequest {
  readonly key: string;
  readonly ids: readonly string[];
  readonly atMs: number;
  readonly contentType: string;
  readonly attempt: number;
  /** 0 when the page got no answer. */
  status: number;
}

/** A store with pages, a real collector with a journal on the disk, and between them a proxy that can fail. */
export interface TrackerWorld {
  /** Origin of the store; the tracker is served below `/o`, the npm package's module as `/npm/tracker.js`. */
  readonly store: string;
  /** Origin of the collector itself. */
  readonly collector: string;
  /** Requests to the collector over the store's origin. */
  readonly requests: readonly SentRequest[];
  /** What the collector itself has answered to pages. */
  readonly answered: readonly { readonly origin: string; readonly status: number }[];
  /** Questions that browsers ask before they send, at either origin. */
  readonly preflights: () => number;
  /** A write-only key for pages of the store; events of it have its name as their source. */
  key(name: string): string;
  /** Serves a document; the address of it. */
  page(html: string): string;
  /** What happens to requests with a key from now on; nothing given: all is well. */
  disturb(key: string, fault?: (request: number, events: number) => Fault | undefined): void;
  /** Everything in the event log with this source, refused events included. */
  log(
    source: string,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly failed: readonly string[] }>;
  /** Waits until an event is in the log, whatever was refused beside it. */
  sent(source: string, id: string): Promise<void>;
  /** Waits until the log has what is asked for. */
  until(source: string, enough: (events: readonly StoredEvent[]) => boolean): Promise<readonly StoredEvent[]>;
  close(): Promise<void>;
}

/** Opens the world; builds the tracker when it was not. */
export async function openTrackerWorld(): Promise<TrackerWorld> {
  const built = spawnSync(process.execPath, [join(root, 'scripts/build-tracker.ts')], { stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the tracker could not be built');
  const folder = await mkdtemp(join(tmpdir(), 'octavo-tracker-'));
  const storage = fileStorage();
  const events = await openJournal({ storage, directory: join(folder, 'events'), partitions: 2 });
  const failed = await openJournal({ storage, directory: join(folder, 'failed'), partitions: 1 });
  const parts: { collector?: Collector } = {};
  const shop = await openTestShop({
    collect: {
      matches: (method, url) => parts.collector?.matches(method, url) ?? false,
      handle: async (request, response) => parts.collector?.handle(request, response),
    },
    tracker: { folder: join(root, 'dist/tracker'), path: '/o', script: 'o.js', send: 'e' },
  });
  parts.collector = await createCollector({
    events,
    failed,
    clock: systemClock,
    authorize: (key) => {
      const record = shop.keys.verify(key);
      return record === undefined ? undefined : { source: record.name, origins: record.origins ?? undefined };
    },
    knowsOrigin: (origin) => shop.keys.knowsOrigin(origin),
  });
  let preflights = 0;
  const answered: { readonly origin: string; readonly status: number }[] = [];
  shop.server.server.prependListener(
    'request',
    ({ method, headers }: IncomingMessage, response: ServerResponse) => {
      if (method === 'OPTIONS') preflights += 1;
      response.once('finish', () => {
        if (method === 'POST') answered.push({ origin: headers.origin ?? '', status: response.statusCode });
      });
    },
  );
  const collectorUrl = await listen(shop.server, { host: '127.0.0.1', port: 0 });
  const pages: string[] = [];
  const requests: SentRequest[] = [];
  const faults = new Map<string, (request: number, events: number) => Fault | undefined>();

  const forward = async (
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ readonly status: number; readonly headers: object; readonly body: Buffer }> =>
    new Promise((resolve, reject) => {
      const outgoing = send(
        new URL(request.url ?? '/', collectorUrl),
        { method: request.method ?? 'GET', headers: request.headers },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.once('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(parts),
            }),
          );
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  const proxy = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const query = new URL(request.url ?? '/', collectorUrl).searchParams;
    const key = query.get('key') ?? '';
    let sent: SentRequest | undefined;
    let fault: Fault | undefined;
    if (request.method === 'POST') {
      const known = requests.filter((one) => one.key === key).length;
      const document = JSON.parse(body.toString()) as { readonly events: readonly { id: string }[] };
      sent = {
        key,
        ids: document.events.map(({ id }) => id),
        atMs: performance.now(),
        contentType: request.headers['content-type'] ?? '',
        attempt: Number(query.get('attempt') ?? 1),
        status: 0,
      };
      requests.push(sent);
      fault = faults.get(key)?.(known, sent.ids.length);
    }
    if (fault !== undefined && 'cut' in fault && fault.cut === 'before') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && 'status' in fault) {
      if (sent !== undefined) sent.status = fault.status;
      const headers = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
      response.writeHead(fault.status, headers).end();
      return;
    }
    const answer = await forward(request, body);
    if (fault !== undefined && 'cut' in fault) {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && 'delayMs' in fault) await delay(fault.delayMs);
    if (sent !== undefined && !response.destroyed) sent.status = answer.status;
    response.writeHead(answer.status, answer.headers as Record<string, string>).end(answer.body);
  };

  const server = createServer((request, response) => {
    const { url = '/', method } = request;
    if (method === 'OPTIONS') preflights += 1;
    const page = /^\/p\/(\d+)/.exec(url);
    if (page !== null) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      response.end(pages[Number(page[1])] ?? '');
      return;
    }
    if (url === '/npm/tracker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      response.end(readFileSync(join(root, 'dist/tracker/tracker.js')));
      return;
    }
    if (url.startsWith('/o/')) {
      proxy(request, response).catch(() => request.socket.destroy());
      return;
    }
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const log: TrackerWorld['log'] = async (source) => {
    const [stored, refused] = await Promise.all([readAll(events), readAll(failed)]);
    return {
      events: stored.map((text) => JSON.parse(text) as StoredEvent).filter((one) => one.source === source),
      failed: refused.filter((text) => (JSON.parse(text) as { source: string }).source === source),
    };
  };
  return {
    store,
    collector: collectorUrl,
    requests,
    answered,
    preflights: () => preflights,
    key: (name) => shop.keys.createForBrowser(name, [store]).key,
    page: (html) => `${store}/p/${pages.push(html) - 1}`,
    disturb: (key, fault) => {
      if (fault === undefined) faults.delete(key);
      else faults.set(key, fault);
    },
    log,
    sent: (source, id) =>
      until(
        async () => (await log(source)).events.some((event) => event.id === id),
        () => `the log has no event ${id}`,
      ),
    until: async (source, enough) => {
      let events: readonly StoredEvent[] = [];
      await until(
        async () => {
          const found = await log(source);
          events = found.events;
          if (enough(events)) return true;
          if (found.failed.length > 0) throw new Error(`refused: ${found.failed[0]}`);
          return false;
        },
        () =>
          `the log has ${events.length} events of '${source}': ${events.map(({ kind }) => kind).join(', ')}`,
      );
      return events;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      shop.server.server.closeAllConnections();
      await shop.close();
      await parts.collector?.close();
      await Promise.all([events.close(), failed.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function readAll(log: EventLog): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let partition = 0; partition < log.partitions; partition++) {
    for (let offset = 0; ;) {
      const batch = await log.read(partition, offset, { recordsMax: 10_000, bytesMax: 1e8 });
      texts.push(...batch.records.map((record) => record.toString()));
      if (batch.nextOffset === offset) break;
      offset = batch.nextOffset;
    }
  }
  return texts;
}
