import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, systemClock } from '../base/index.ts';
import type { StoredEvent } from '../event/index.ts';
import {
  createCollector,
  openJournal,
  type Collector,
  type CollectorOptions,
  type EventLog,
} from './index.ts';

/** A collector over real files and HTTP, for tests. */
export interface TestCollector {
  /** Of its server, without a path. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly collector: Collector;
  readonly logs: { readonly events: EventLog; readonly failed: EventLog };
  stored(): Promise<readonly StoredEvent[]>;
  failed(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
  /** Lets the files go without a word to the collector, as if its process had been killed. */
  kill(): Promise<void>;
}

/** A valid event; the number makes its id. */
export function testEvent(number: number, more: object = {}): Record<string, unknown> {
  const id = `0192f0c1-7e2a-7c3d-9a4b-${String(number).padStart(12, '0')}`;
  return { id, kind: 'page_view', occurred_at: '2026-03-01T10:00:00Z', ...more };
}

/** Opens one; `directory` keeps its files over a restart, else they are removed at the end. */
export async function openTestCollector(
  options: Partial<CollectorOptions> & { readonly directory?: string } = {},
): Promise<TestCollector> {
  const { directory, ...given } = options;
  const root = directory ?? (await mkdtemp(join(tmpdir(), 'octavo-collector-')));
  const journal = (name: string): Promise<EventLog> =>
    openJournal({
      storage: fileStorage(),
      directory: join(root, name),
      partitions: 1,
      segmentBytes: 64 * 1024,
    });
  const logs = { events: await journal('events'), failed: await journal('failed') };
  const collector = await createCollector({
    ...logs,
    clock: systemClock,
    authorize: () => ({ source: 'web' }),
    ...given,
  });
  const server = createServer((request, response) => void collector.handle(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const read = async <T>(log: EventLog): Promise<readonly T[]> => {
    const { records } = await log.read(0, 0, { recordsMax: 100_000, bytesMax: 1 << 26 });
    return records.map((record) => JSON.parse(record.toString()) as T);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    collector,
    logs,
    stored: () => read(logs.events),
    failed: () => read(logs.failed),
    kill: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([logs.events.close(), logs.failed.close()]);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await collector.close();
      await Promise.all([logs.events.close(), logs.failed.close()]);
      if (directory === undefined) await rm(root, { recursive: true });
    },
  };
}
