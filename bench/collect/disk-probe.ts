import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** What the disk itself needs while others are measured: a little is written and synced again and again, in a thread of its own. */
export interface DiskProbe {
  /** The longest write with its sync since the last call, in milliseconds. */
  slowestMs(): number;
  stop(): Promise<void>;
}

/** Of the thread: the file, and where the microseconds of the slowest write are told. */
interface ProbeData {
  readonly path: string;
  readonly slowest: Int32Array;
}

/** Begins to probe the disk of a folder. */
export function probeDisk(folder: string): DiskProbe {
  const data: ProbeData = {
    path: join(folder, 'disk-probe'),
    slowest: new Int32Array(new SharedArrayBuffer(4)),
  };
  const worker = new Worker(new URL(import.meta.url), { workerData: data });
  return {
    slowestMs: () => Atomics.exchange(data.slowest, 0, 0) / 1000,
    stop: async () => {
      await worker.terminate();
      rmSync(data.path, { force: true });
    },
  };
}

const everyMs = 50;
const bytes = Buffer.alloc(4096, 1);

async function probe({ path, slowest }: ProbeData): Promise<never> {
  const file = openSync(path, 'w');
  process.on('exit', () => closeSync(file));
  for (;;) {
    const startedAt = performance.now();
    writeSync(file, bytes, 0, bytes.length, 0);
    fdatasyncSync(file);
    const microseconds = Math.round((performance.now() - startedAt) * 1000);
    if (microseconds > Atomics.load(slowest, 0)) Atomics.store(slowest, 0, microseconds);
    await setTimeout(everyMs);
  }
}

if (!isMainThread) await probe(workerData as ProbeData);
