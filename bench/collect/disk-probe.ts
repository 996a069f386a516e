import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** What the disk itself needs while others are measured: a little is written and synced again and again, in a thread of its own. */
export interface DiskProbe {
  /** The longest write with its sync since the last call, in milliseconds. */
  slowestMs(): Promise<number>;
  stop(): Promise<void>;
}

/** Begins to probe the disk of a folder. */
export function probeDisk(folder: string): DiskProbe {
  const worker = new Worker(new URL(import.meta.url), { workerData: join(folder, 'disk-probe') });
  return {
    slowestMs: async () => {
      worker.postMessage('take');
      const [slowestMs] = (await once(worker, 'message')) as [number];
      return slowestMs;
    },
    stop: async () => void (await worker.terminate()),
  };
}

const everyMs = 50;
const bytes = Buffer.alloc(4096, 1);

async function probe(path: string): Promise<never> {
  const file = openSync(path, 'w');
  let slowestMs = 0;
  parentPort?.on('message', () => {
    parentPort?.postMessage(slowestMs);
    slowestMs = 0;
  });
  process.on('exit', () => {
    closeSync(file);
    rmSync(path, { force: true });
  });
  for (;;) {
    const startedAt = performance.now();
    writeSync(file, bytes, 0, bytes.length, 0);
    fdatasyncSync(file);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    await setTimeout(everyMs);
  }
}

if (!isMainThread && typeof workerData === 'string') await probe(workerData);
