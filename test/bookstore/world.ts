import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runGoals, type TaskRef } from '../../src/batch/index.ts';
import type { BusinessDay } from '../../src/base/index.ts';
import { simulateHistory } from '../../src/cli/history.ts';
import { openPlatform, type Platform } from '../../src/cli/platform.ts';
import { runnerOf } from '../../src/cli/run-plan.ts';

/** The example's store after its last simulated morning, and the shop's own database beside it. */
export interface Bookstore {
  readonly platform: Platform;
  readonly days: readonly BusinessDay[];
  readonly shop: DatabaseSync;
  /** What the simulator planted, by day. */
  readonly truth: readonly DayTruth[];
  /** Events as they lie in the event log, duplicates among them. */
  readonly logged: readonly LoggedEvent[];
  close(): Promise<void>;
}

export interface DayTruth {
  readonly day: BusinessDay;
  readonly manipulation: {
    readonly kind: string;
    readonly itemId: string;
    readonly readerIds: readonly string[];
    readonly copies: number;
  } | null;
}

export interface LoggedEvent {
  readonly id: string;
  readonly kind: string;
  readonly occurred_at: string;
  readonly device_id?: string;
  readonly session_id?: string;
  readonly user_agent?: string;
  readonly reader_id?: string;
}

let shared: Promise<Bookstore> | undefined;

/** The store of all suites of this folder: made once, closed by `closeShared`. */
export function sharedBookstore(): Promise<Bookstore> {
  return (shared ??= makeBookstore({ days: 12, scale: 0.4, seed: 7 }));
}

/** Closes the shared store, when it was made. */
export async function closeShared(): Promise<void> {
  await (await shared?.catch(() => undefined))?.close();
}

/** Simulates the days, reads the event log, and runs the cycle of every day. */
async function makeBookstore(request: {
  readonly days: number;
  readonly scale: number;
  readonly seed: number;
}): Promise<Bookstore> {
  const root = await mkdtemp(join(tmpdir(), 'octavo-bookstore-'));
  const platform = await openPlatform({
    projectDirectory: join(import.meta.dirname, '../../examples/bookstore'),
    dataDirectory: root,
    environment: { OCTAVO_LOG_LEVEL: 'error' },
    workingDirectory: root,
    json: true,
    own: true,
  });
  const silent = { progress: () => undefined, count: () => undefined, skip: () => undefined };
  const { shop: written, days } = await simulateHistory(platform, request, silent);
  written.close();
  const logged = await readLog(platform);
  await platform.loadAll();
  const daily = platform.registry.tasks.filter((task) => task.daily && !task.name.startsWith('recommend:'));
  const last = platform.registry.tasks.filter((task) => task.name.startsWith('recommend:'));
  const goals: TaskRef[] = days.flatMap((day) =>
    [...daily, ...(day === days.at(-1) ? last : [])].map(({ name }) => ({ task: name, parameters: { day } })),
  );
  const result = await runGoals({ ...runnerOf(platform), registry: platform.registry }, goals);
  const [failure] = result.failed;
  if (failure !== undefined) throw new Error(`${failure.taskId}: ${failure.message}`);
  const shop = new DatabaseSync(join(root, 'shop.db'), { readOnly: true });
  return {
    platform,
    days,
    shop,
    truth: await readTruth(join(root, 'truth')),
    logged,
    close: async () => {
      shop.close();
      await platform.close();
      await rm(root, { recursive: true });
    },
  };
}

async function readLog(platform: Platform): Promise<readonly LoggedEvent[]> {
  const log = platform.ownership?.logs.events;
  if (log === undefined) throw new Error('the platform does not own its log');
  const events: LoggedEvent[] = [];
  for (let partition = 0; partition < log.partitions; partition++) {
    for (let offset = 0; offset < (await log.end(partition));) {
      const batch = await log.read(partition, offset, { recordsMax: 10_000, bytesMax: 2 ** 26 });
      for (const record of batch.records) events.push(JSON.parse(record.toString('utf8')) as LoggedEvent);
      offset = batch.nextOffset;
    }
  }
  return events;
}

async function readTruth(folder: string): Promise<readonly DayTruth[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('day-')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const truth = JSON.parse(await readFile(join(folder, name), 'utf8')) as DayTruth;
      return { ...truth, day: name.slice('day-'.length, -'.json'.length) };
    }),
  );
}
