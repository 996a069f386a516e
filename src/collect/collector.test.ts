import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fileStorage, systemClock } from '../base/index.ts';
import { createCollector, openJournal } from './index.ts';

const event = (last: number, more: object = {}) => ({
  id: `0192f0c1-7e2a-7c3d-9a4b-${String(last).padStart(12, '0')}`,
  kind: 'page_view',
  occurred_at: '2026-03-01T10:00:00Z',
  ...more,
});

test('each event of a request gets its outcome, and duplicates are found after a restart', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-collect-'));
  const run = async (
    use: (post: (body: unknown, headers?: Record<string, string>) => Promise<Response>) => Promise<void>,
  ) => {
    const journal = (name: string) =>
      openJournal({ storage: fileStorage(), directory: join(root, name), partitions: 2 });
    const [events, failed] = await Promise.all([journal('events'), journal('failed')]);
    const authorize = (token: string) => (token === 'good' ? { source: 'web' } : undefined);
    const collector = await createCollector({ events, failed, authorize, clock: systemClock });
    const server = createServer((request, response) => void collector.handle(request, response)).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`;
    await use((body, headers = {}) => {
      const bytes =
        body instanceof Uint8Array
          ? body
          : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      return fetch(url, {
        method: 'POST',
        body: new Uint8Array(bytes),
        headers: { authorization: 'Bearer good', ...headers },
      });
    });
    server.closeAllConnections();
    server.close();
    await collector.close();
    await Promise.all([events.close(), failed.close()]);
    const { received, stored, duplicates, failed: refused } = collector.status();
    assert.equal(received, stored + duplicates + refused);
  };
  await run(async (post) => {
    const mixed = await post({ events: [event(1), event(1), event(2, { kind: 'NO' })] });
    const answer = (await mixed.json()) as { results: { status: string; error?: { path: string } }[] };
    assert.deepEqual(
      answer.results.map((one) => one.status),
      ['accepted', 'duplicate', 'failed'],
    );
    assert.equal(answer.results[2]?.error?.path, '/kind');
    const zipped = await post(gzipSync(JSON.stringify(event(3))), { 'content-encoding': 'gzip' });
    assert.equal(((await zipped.json()) as { accepted: number }).accepted, 1);
    const broken = await post('{"events": [');
    assert.deepEqual([broken.status, broken.headers.get('content-type')], [400, 'application/problem+json']);
    assert.equal((await post(event(4), { authorization: 'Bearer bad' })).status, 401);
    assert.equal(
      (await post({ events: Array.from({ length: 2501 }, (_, index) => event(index)) })).status,
      413,
    );
  });
  await run(async (post) => {
    const answer = (await (await post({ events: [event(1), event(5)] })).json()) as {
      accepted: number;
      duplicates: number;
    };
    assert.deepEqual([answer.accepted, answer.duplicates], [1, 1]);
  });
  await rm(root, { recursive: true, force: true });
});
