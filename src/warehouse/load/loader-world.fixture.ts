import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCalendar,
  fileStorage,
  metricChannel,
  seededRandom,
  silentLogger,
  systemClock,
  type MetricSample,
} from '../../base/index.ts';
import { openJournal, type EventLog } from '../../collect/index.ts';
import type { Warehouse } from '../warehouse-port.ts';
import { openWarehouse } from '../warehouse.ts';
import { createLoader, type Loader } from './loader.ts';

/** A warehouse with both topics, and a loader between them. */
export interface LoaderWorld {
  readonly warehouse: Warehouse;
  readonly events: EventLog;
  readonly failed: EventLog;
  readonly loader: Loader;
}

/** Runs in a world of its own, which is removed after it. @param partitions - of each topic */
export async function inLoaderWorld(
  run: (world: LoaderWorld) => Promise<void>,
  partitions = 1,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-loader-'));
  const storage = fileStorage();
  const warehouse = await openWarehouse({
    root,
    storage,
    clock: systemClock,
    random: seededRandom(1),
    calendar: createCalendar(),
    memory: '400MB',
    processesMax: 1,
  });
  const open = (name: string): Promise<EventLog> =>
    openJournal({ directory: join(root, name), storage, partitions });
  const [events, failed] = [await open('events'), await open('failed')];
  try {
    const loader = createLoader({ warehouse, events, failed, log: silentLogger });
    await run({ warehouse, events, failed, loader });
  } finally {
    await Promise.all([events.close(), failed.close()]);
    await warehouse.close();
    await rm(root, { recursive: true });
  }
}

/** The ways in which batches were loaded meanwhile. */
export async function waysOf(run: () => Promise<void>): Promise<readonly string[]> {
  const ways: string[] = [];
  const listen = (message: unknown): void => {
    const { name, labels } = message as MetricSample;
    if (name === 'octavo_warehouse_load_batches_total') ways.push(String(labels['way']));
  };
  subscribe(metricChannel, listen);
  try {
    await run();
  } finally {
    unsubscribe(metricChannel, listen);
  }
  return ways;
}
