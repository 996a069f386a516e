import assert from 'node:assert/strict';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { hasCode, manualClock, systemClock, type Clock } from '../../../base/index.ts';
import { openTestCollector } from '../../collector.fixture.ts';
import { inFolder, openTestShip, shipOnce } from '../ship.fixture.ts';
import { retryAfterMs, waitMs } from './backoff.ts';

const line = (number: number): string =>
  `203.0.113.${number % 200} - - [01/Mar/2026:10:00:00 +0900] "GET /books/t${number} HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => line(from + index)).join('');
const yamlFor = (url: string): string =>
  `to: { url: '${url}/v1/events' }\nname: t\ninputs: [{ files: '*.log' }]\n`;

/** Waits that pass at once, and are remembered. */
function impatient(waits: number[]): Clock {
  return {
    now: systemClock.now,
    sleep: async (milliseconds, signal) => {
      waits.push(milliseconds);
      await systemClock.sleep(Math.min(milliseconds, 5), signal);
    },
  };
}

test('lines arrive with address and agent, those that cannot be read as failed ones with their reason', () =>
  inFolder(async (folder) => {
    const collector = await openTestCollector();
    try {
      await writeFile(join(folder, 'a.log'), `${lines(0, 2500)}nonsense\n${line(2500)}`);
      const totals = await shipOnce(folder, yamlFor(collector.url));
      assert.deepEqual([totals.accepted, totals.failed, totals.duplicates], [2501, 1, 0]);
      const stored = await collector.stored();
      assert.equal(new Set(stored.map((event) => event.id)).size, 2501);
      const { kind, items, user_agent: agent, ip } = stored[0] ?? {};
      assert.deepEqual(
        [kind, items, agent, ip],
        ['view_item', [{ item_id: 't0' }], 'Mozilla/5.0', '203.0.113.0'],
      );
      const [failed] = await collector.failed();
      const error = failed?.['error'] as { readonly code: string } | undefined;
      assert.equal(error?.code, 'log_line_invalid');
      const raw = JSON.parse(String(failed?.['raw'])) as Readonly<Record<string, unknown>>;
      assert.deepEqual([raw['line'], raw['file']], ['nonsense', join(folder, 'a.log')]);
      // Its state is gone: everything is sent again, and recognised.
      await rm(join(folder, 'octavo-ship'), { recursive: true });
      const again = await shipOnce(folder, yamlFor(collector.url));
      assert.deepEqual([again.accepted, again.duplicates], [0, 2501]);
      assert.equal((await collector.failed()).length, 1);
    } finally {
      await collector.close();
    }
  }));

test('a collector that is busy, slow to answer, or answers nonsense gets everything in the end, once', () =>
  inFolder(async (folder) => {
    const collector = await openTestCollector();
    let requests = 0;
    const troubles: readonly ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(503, { 'retry-after': '7' }).end(),
      (response) => response.writeHead(200).end('<html>log in</html>'),
      (response) => response.destroy(),
      (response) => response.writeHead(429).end(),
      (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      (response) => response.writeHead(200).end('{"accepted":-50,"duplicates":100,"failed":0}'),
      (response) =>
        response.writeHead(200).end(`{"accepted":50,"duplicates":0,"failed":0${' '.repeat(5_000_000)}}`),
    ];
    const proxy = createServer((request, response) => {
      const trouble = troubles[requests++];
      if (trouble !== undefined) return trouble(response);
      // The first that is stored gets no answer.
      if (requests === troubles.length + 1)
        response.end = response.destroy.bind(response) as typeof response.end;
      return void collector.collector.handle(request, response);
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    try {
      await writeFile(join(folder, 'a.log'), lines(0, 50));
      const waits: number[] = [];
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      // A redirect is somebody's mistake: one-off work would end with it.
      const totals = await shipUntil(folder, yamlFor(url), impatient(waits), 50);
      assert.deepEqual([totals.accepted, totals.duplicates], [0, 50]);
      assert.equal((await collector.stored()).length, 50);
      assert.ok(waits.includes(7000), `waited ${waits.join(', ')}`);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
      await collector.close();
    }
  }));

test('small lines of many files go together', () =>
  inFolder(async (folder) => {
    const collector = await openTestCollector();
    let requests = 0;
    const proxy = createServer((request, response) => {
      requests += 1;
      void collector.collector.handle(request, response);
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    try {
      const files = 400;
      for (let file = 0; file < files; file++)
        await writeFile(join(folder, `${file}.log`), lines(file * 3, file * 3 + 3));
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      await shipUntil(folder, yamlFor(url), systemClock, files * 3);
      const ids = new Set((await collector.stored()).map((event) => event.items?.[0]?.item_id));
      assert.equal(ids.size, files * 3);
      assert.ok(requests <= 40, `${requests} requests`);
    } finally {
      proxy.close();
      proxy.closeAllConnections();
      await collector.close();
    }
  }));

/** Follows the logs of a folder until so many events are delivered. */
async function shipUntil(
  folder: string,
  yaml: string,
  clock: Clock,
  count: number,
): Promise<Awaited<ReturnType<typeof shipOnce>>> {
  const ship = await openTestShip(folder, yaml, { once: false, clock });
  const stop = new AbortController();
  const running = ship.agent.run(stop.signal);
  const { totals } = ship.agent;
  try {
    for (let tries = 0; tries < 3000 && totals.accepted + totals.duplicates < count; tries++)
      await systemClock.sleep(10);
    return totals;
  } finally {
    stop.abort();
    await running;
    await ship.close();
  }
}

test('what is too much for a collector is sent in halves, what it refuses whole as failed', () =>
  inFolder(async (folder) => {
    const collector = await openTestCollector({ eventsMax: 3, bodyBytesMax: 3000 });
    try {
      const long = line(7).replace('/books/t7', `/books/t7?${'x'.repeat(3500)}`);
      await writeFile(join(folder, 'a.log'), lines(0, 10) + long);
      const totals = await shipOnce(folder, yamlFor(collector.url));
      assert.deepEqual([totals.accepted, totals.failed], [10, 1]);
    } finally {
      await collector.close();
    }
  }));

test('a wrong key ends one-off work with what to do; the offsets stay', () =>
  inFolder(async (folder) => {
    const collector = await openTestCollector({
      authorize: (key) => (key === 'right' ? { source: 'web' } : undefined),
    });
    try {
      await writeFile(join(folder, 'a.log'), lines(0, 3));
      await assert.rejects(shipOnce(folder, yamlFor(collector.url), { key: 'wrong' }), (error) =>
        hasCode(error, 'ship_refused'),
      );
      const totals = await shipOnce(folder, yamlFor(collector.url), { key: 'right' });
      assert.equal(totals.accepted, 3);
    } finally {
      await collector.close();
    }
  }));

test('reading stops when too much waits, and a stop does not wait for a collector that is away', () =>
  inFolder(async (folder) => {
    const count = 30_000;
    await writeFile(join(folder, 'a.log'), lines(0, count));
    const yaml = `${yamlFor('http://127.0.0.1:9')}queue_bytes: 1000000\n`;
    const ship = await openTestShip(folder, yaml, { once: false });
    const stop = new AbortController();
    const running = ship.agent.run(stop.signal);
    try {
      while (ship.agent.totals.bytes < 1_000_000) await systemClock.sleep(10);
      await systemClock.sleep(50);
      assert.ok(ship.agent.totals.bytes <= 1_000_000 + 300_000, `${ship.agent.totals.bytes} bytes were read`);
      assert.ok((ship.agent.lags[0]?.lagBytes ?? 0) > 2_000_000);
    } finally {
      stop.abort();
      await running;
      await ship.close();
    }
    const collector = await openTestCollector();
    try {
      await appendFile(join(folder, 'a.log'), line(count));
      const totals = await shipOnce(folder, yamlFor(collector.url));
      assert.equal(totals.accepted, count + 1);
      assert.match(await readFile(join(folder, 'octavo-ship', 'state.json'), 'utf8'), /"offset":\d+/);
    } finally {
      await collector.close();
    }
  }));

test('waits double with a random part, and answers can ask for longer ones', () => {
  const backoff = { firstMs: 100, longestMs: 1000 };
  assert.deepEqual(
    [0, 1, 2, 9].map((attempt) => waitMs(backoff, attempt, () => 1)),
    [100, 200, 400, 1000],
  );
  assert.equal(
    waitMs(backoff, 0, () => 0),
    25,
  );
  const clock = manualClock(Date.UTC(2026, 0, 1));
  assert.equal(retryAfterMs('3', clock), 3000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', clock), 5000);
  assert.equal(retryAfterMs('soon', clock), undefined);
});
