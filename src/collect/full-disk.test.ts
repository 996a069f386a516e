import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultyStorage, fileStorage, systemClock, type FaultyStorage } from '../base/index.ts';
import { createCollector, openJournal, type Collector, type EventLog } from './index.ts';

type Post = (ids: readonly number[]) => Promise<Response>;

interface Scene {
  readonly disk: FaultyStorage;
  readonly log: EventLog;
  readonly collector: Collector;
  readonly post: Post;
}

async function onDisk(play: (scene: Scene) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-full-'));
  const disk = faultyStorage(fileStorage(), { seed: 1 });
  const open = (name: string): Promise<EventLog> =>
    openJournal({ storage: disk, directory: join(root, name), partitions: 1, segmentBytes: 600 });
  const [log, failed] = [await open('events'), await open('failed')];
  const authorize = () => ({ source: 'web' });
  const collector = await createCollector({ events: log, failed, authorize, clock: systemClock });
  const server = createServer((request, response) => void collector.handle(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events`;
  const post: Post = (ids) =>
    fetch(url, { method: 'POST', body: JSON.stringify({ events: ids.map(event) }) });
  try {
    await play({ disk, log, collector, post });
  } finally {
    server.closeAllConnections();
    server.close();
    await collector.close();
    await Promise.all([log.close(), failed.close()]);
    await rm(root, { recursive: true });
  }
}

function event(number: number): object {
  const id = `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`;
  return { id, kind: 'page_view', occurred_at: '2026-03-01T10:00:00Z' };
}

async function stored(log: EventLog): Promise<readonly number[]> {
  const { records, damage } = await log.read(0, 0, { recordsMax: 1000, bytesMax: 1 << 20 });
  assert.deepEqual(damage, []);
  return records.map((record) => Number((JSON.parse(record.toString()) as { id: string }).id.slice(-12)));
}

test('events are refused with 503 while the disk is full, and taken again when there is space, without a restart', async () => {
  await onDisk(async ({ disk, log, collector, post }) => {
    assert.equal((await post([1, 2])).status, 200);
    disk.restart({ seed: 2, at: 1, fault: 'full', times: 100 });
    for (let attempt = 0; attempt < 5; attempt++) {
      const refused = await post([3, 4]);
      assert.equal(refused.status, 503);
      assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
      const problem = (await refused.json()) as { code: string; retryable: boolean };
      assert.deepEqual([problem.code, problem.retryable], ['storage_full', true]);
    }
    assert.deepEqual(await stored(log), [1, 2]);
    disk.restart({ seed: 3 });
    const taken = await post([3, 4, 1]);
    const tally = (await taken.json()) as { accepted: number; duplicates: number };
    assert.deepEqual([taken.status, tally.accepted, tally.duplicates], [200, 2, 1]);
    assert.deepEqual(await stored(log), [1, 2, 3, 4]);
    const { received, stored: kept, duplicates, failed } = collector.status();
    assert.deepEqual([received, kept, duplicates, failed], [5, 4, 1, 0]);
  });
});

test('a disk that is full at any operation refuses whole requests only, and every acknowledged event is there once', async () => {
  for (let at = 1; at <= 12; at++) {
    await onDisk(async ({ disk, log, post }) => {
      const acknowledged = new Set<number>();
      disk.restart({ seed: at, at, fault: 'full', times: 1 + (at % 3) });
      for (let first = 1; first < 24; first += 3) {
        const ids = [first, first + 1, first + 2];
        let attempts = 0;
        for (let status = 0; status !== 200; attempts++) {
          ({ status } = await post(ids));
          assert.ok(status === 200 || status === 503, `${status}`);
          assert.ok(attempts < 10, 'the disk does not heal');
        }
        for (const id of ids) acknowledged.add(id);
      }
      assert.ok(disk.operations > at, 'the fault never came');
      assert.deepEqual(await stored(log), [...acknowledged]);
    });
  }
});
