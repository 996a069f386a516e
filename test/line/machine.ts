import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { cpSync, existsSync, globSync, rmSync, truncateSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  faultyStorage,
  fileStorage,
  metricChannel,
  seededRandom,
  type FaultPlan,
  type LeftFile,
  type MetricSample,
  type Storage,
} from '../../src/base/index.ts';

/** When a machine loses its power. */
export interface PowerCut {
  readonly seed: string;
  /** At this changing file operation since the start, which happens not at all, in part, or whole. */
  readonly operation?: number;
  /** After this transaction of the embedded databases since the start. */
  readonly transaction?: number;
}

/** What a machine has done since its start. */
export interface Steps {
  readonly operations: number;
  readonly transactions: number;
}

/** A machine with one data folder, whose power can be cut at any step. */
export interface Machine {
  readonly storage: Storage;
  readonly data: string;
  readonly crashed: boolean;
  readonly steps: Steps;
  /** Starts the machine; after a power cut, on what was left on its disk. */
  start(cut: PowerCut): Promise<void>;
  /** Lets the disk refuse operations, counted from now; nothing given: none any more. */
  disturb(trouble?: Pick<FaultPlan, 'at' | 'fault' | 'times' | 'every'>): void;
  close(): void;
}

/**
 * A power cut is an instant: the data folder is copied as it is then, open files cut to what was synced and some of
 * the rest, files of the SQL engine that nobody synced lost or torn. What the doomed process still does changes
 * nothing of the copy, which takes the folder's place at the next start.
 */
export function createMachine(data: string): Machine {
  const real = fileStorage();
  const synced = new Set<string>();
  const left = `${data}.left`;
  const inner: Storage = {
    ...real,
    sync: async (paths) => {
      await real.sync(paths);
      for (const path of paths) synced.add(path);
    },
  };
  const storage = faultyStorage(inner, { seed: 0 });
  let [transactions, random] = [0, seededRandom(0)];
  let cutAfter: number | undefined;
  const freeze = (open: readonly LeftFile[]): void => {
    cpSync(data, left, { recursive: true, filter: (path) => !path.endsWith('-shm') });
    const inLeft = (path: string): string => path.replace(data, left);
    for (const { path, sizeBytes } of open) {
      if (existsSync(inLeft(path))) truncateSync(inLeft(path), sizeBytes);
    }
    for (const name of globSync('**/*.parquet', { cwd: left })) {
      if (!synced.has(join(data, name))) tear(join(left, name));
    }
  };
  const tear = (path: string): void => {
    const what = random.below(3);
    if (what === 0) rmSync(path);
    if (what === 1) truncateSync(path, random.below(500));
  };
  const onSample = (message: unknown): void => {
    if ((message as MetricSample).name !== 'octavo_base_transactions_total' || storage.crashed) return;
    transactions += 1;
    if (transactions === cutAfter) void storage.crash();
  };
  subscribe(metricChannel, onSample);
  return {
    storage,
    data,
    get crashed() {
      return storage.crashed;
    },
    get steps() {
      return { operations: storage.operations, transactions };
    },
    start: async ({ seed, operation, transaction }) => {
      if (storage.crashed) {
        await rm(data, { recursive: true });
        await rename(left, data);
      }
      [transactions, random, cutAfter] = [0, seededRandom(seed), transaction];
      storage.restart({ seed, onCrash: freeze, ...(operation === undefined ? {} : { at: operation }) });
    },
    disturb: (trouble = {}) => storage.restart({ seed: 'trouble', ...trouble }),
    close: () => {
      unsubscribe(metricChannel, onSample);
      rmSync(left, { recursive: true, force: true });
    },
  };
}
