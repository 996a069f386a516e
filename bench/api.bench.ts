import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createApi, listen, openKeyStore } from '../src/api/index.ts';
import { createCalendar, seededRandom, silentLogger, startMetrics, systemClock } from '../src/base/index.ts';
import { popularPart, readerPart, titlesPart } from '../src/recommend/index.ts';
import type { PacedResult } from './paced-load.ts';
import { flag, report } from './report.ts';
import {
  openSqliteStore,
  type EditionEntry,
  type EditionPart,
  type ServingStore,
} from '../src/serving/index.ts';

/** One benchmark's figure beside its floor from the same run and its goal. */
interface ApiBenchResult {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  /** The same of bare `node:http` answering the same bytes in the same process. */
  readonly floor: number;
  readonly ratio: number;
  readonly goal: number;
}

const readerCount = 5_000;
const listLength = 100;
const secondsDefault = 8;
const connections = 32;
const day = '2026-11-02';

/**
 * Reads of a list and of 5,000 readers' recommendations, half and half: requests a second, and the 99th
 * percentile at half of that. The load comes from a process of its own.
 */
export async function run(options: { readonly seconds?: number } = {}): Promise<readonly ApiBenchResult[]> {
  const { seconds = secondsDefault } = options;
  const folder = await mkdtemp(join(tmpdir(), 'octavo-bench-api-'));
  const random = seededRandom(1);
  const store = openSqliteStore({ path: join(folder, 'serving.db'), clock: systemClock, random });
  const keys = openKeyStore({ path: join(folder, 'api.db'), clock: systemClock });
  const { key } = keys.create('bench', ['bestsellers:read', 'recommendations:read']);
  await publishEditions(store);
  await startMetrics();
  const server = await createApi({
    context: {
      store,
      keys,
      shop: { name: 'bench', currency: 'KRW', language: 'ko', calendar: createCalendar() },
      clock: systemClock,
      log: silentLogger,
      version: 'bench',
      lists: new Map([['daily', { title: { en: 'Daily' }, description: '' }]]),
      recommenders: { personal: ['personal'], related: [] },
      metrics: new Map(),
      explainLines: async () => [],
      checks: {},
    },
  });
  const url = await listen(server, { host: '127.0.0.1', port: 0 });
  const paths = Array.from({ length: 2 * readerCount }, (_, index) =>
    index % 2 === 0
      ? `/v1/bestsellers/daily?category=c${(index / 2) % 50}`
      : `/v1/readers/r${(index - 1) / 2}/recommendations`,
  );
  const bodies = await readAll(url, paths, key);
  const floor = await listenFloor(bodies);
  try {
    const load = { folder, paths, key, seconds };
    const bare = await fire({ ...load, url: floor.url });
    const ours = await fire({ ...load, url });
    const bareHalf = await firePaced({ ...load, url: floor.url, rate: ours.rate / 2 });
    const oursHalf = await firePaced({ ...load, url, rate: ours.rate / 2 });
    return [
      {
        name: 'api: reads',
        figure: ours.rate,
        unit: 'requests/s',
        floor: bare.rate,
        ratio: ours.rate / bare.rate,
        goal: 15_000,
      },
      {
        name: 'api: p99 at half load',
        figure: oursHalf.p99Ms,
        unit: 'ms',
        floor: bareHalf.p99Ms,
        ratio: oursHalf.p99Ms / bareHalf.p99Ms,
        goal: 10,
      },
    ];
  } finally {
    await server.close();
    floor.server.close();
    floor.server.closeAllConnections();
    keys.close();
    await store.close();
    await rm(folder, { recursive: true });
  }
}

interface Load {
  readonly url: string;
  readonly folder: string;
  readonly paths: readonly string[];
  readonly key: string;
  readonly seconds: number;
}

const autocannon = `
  const { readFileSync } = require('node:fs');
  const { url, paths, key, seconds, connections } = JSON.parse(readFileSync(process.argv[1], 'utf8'));
  const headers = { authorization: 'Bearer ' + key };
  // Every connection walks the paths in order: a coprime stride sends each over all of them by its own way.
  let client = 0;
  const stride = 2 * Math.ceil(paths.length / connections / 2) + 1;
  require(process.argv[2])({
    url, connections, duration: seconds,
    setupClient: (made) => {
      const first = client++ * stride;
      made.setRequests(Array.from({ length: 500 }, (_, index) => ({ method: 'GET', path: paths[(first + index) % paths.length], headers })));
    },
  }).then((result) => {
    const failed = result.non2xx + result.errors + result.timeouts;
    console.log(JSON.stringify({ rate: result.requests.average, failed }));
  });
`;

/** As many requests as go. */
async function fire(load: Load): Promise<{ readonly rate: number }> {
  const package_ = import.meta.resolve('autocannon').replace('file://', '');
  return runChild<{ readonly rate: number }>(load, (plan) => ['-e', autocannon, plan, package_]);
}

/** So many requests a second, evenly: autocannon sends a second's requests at its beginning. */
async function firePaced(load: Load & { readonly rate: number }): Promise<PacedResult> {
  return runChild<PacedResult>(load, (plan) => [join(import.meta.dirname, 'paced-load.ts'), plan]);
}

async function runChild<T>(load: Load, toArguments: (plan: string) => readonly string[]): Promise<T> {
  const plan = join(load.folder, 'load.json');
  await writeFile(plan, JSON.stringify({ ...load, connections }));
  const { stdout } = await promisify(execFile)(process.execPath, [...toArguments(plan)]);
  const result = JSON.parse(stdout) as T & { readonly failed: number };
  if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
  return result;
}

async function readAll(
  url: string,
  paths: readonly string[],
  key: string,
): Promise<ReadonlyMap<string, Buffer>> {
  const bodies = new Map<string, Buffer>();
  for (const path of paths) {
    if (bodies.has(path)) continue;
    const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${key}` } });
    if (!response.ok) throw new Error(await response.text());
    bodies.set(path, Buffer.from(await response.arrayBuffer()));
  }
  return bodies;
}

async function listenFloor(
  bodies: ReadonlyMap<string, Buffer>,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const body = bodies.get(request.url ?? '') ?? Buffer.alloc(0);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function publishEditions(store: ServingStore): Promise<void> {
  const edition = {
    business_day: day,
    inputs: {},
    rule_version: 'bench',
    code_version: 'bench',
    counts: {},
    token: 1,
  };
  const list = (part: string): EditionPart => ({
    part,
    entries: Array.from({ length: listLength }, (_, index) => ({
      key: `i${index}`,
      body: {
        rank: index + 1,
        item_id: `i${index}`,
        title: `Title ${index}`,
        count: 500 - index,
        previous_rank: index + 2,
      },
    })),
  });
  await store.publish({
    ...edition,
    kind: 'bestseller',
    name: 'daily',
    parts: ['all', ...Array.from({ length: 50 }, (_, index) => `c${index}`)].map(list),
  });
  await store.publish({ ...edition, kind: 'recommend', name: 'personal', parts: recommended() });
}

function* recommended(): Generator<EditionPart> {
  const entry = (item: number): EditionEntry => ({
    key: `i${item}`,
    body: { score: 1 / (item + 1), reason: 'similar_to', because_of: [`i${(item * 7) % 2_000}`] },
  });
  for (let reader = 0; reader < readerCount; reader++) {
    const items = Array.from({ length: 20 }, (_, index) => (reader * 31 + index * 17) % 2_000);
    yield { part: readerPart(`r${reader}`), entries: [...new Set(items)].map(entry) };
  }
  yield { part: popularPart, entries: [] };
  const titles = Array.from({ length: 2_000 }, (_, index) => ({
    key: `i${index}`,
    body: { title: `Title ${index}`, author: `Author ${index % 300}` },
  }));
  yield { part: titlesPart, entries: titles };
}

if (import.meta.main) {
  const [reads, latency] = await run({ seconds: flag('small') ? 3 : secondsDefault });
  const floor = 'bare node:http, the same bytes';
  report(`api: lists and ${readerCount.toLocaleString('en-US')} readers' recommendations, half and half`, [
    ...(reads === undefined
      ? []
      : [
          {
            what: 'reads',
            value: reads.figure,
            unit: reads.unit,
            goal: { atLeast: reads.goal },
            floor: { what: floor, value: reads.floor },
          },
        ]),
    ...(latency === undefined
      ? []
      : [
          {
            what: 'p99 at half of that',
            value: latency.figure,
            unit: latency.unit,
            goal: { atMost: latency.goal },
            floor: { what: floor, value: latency.floor },
          },
        ]),
  ]);
}
