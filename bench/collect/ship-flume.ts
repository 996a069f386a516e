import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installFlume, startFlume } from '../../services/flume/agent.ts';
import { missingForJava, needLine } from '../../services/needs.ts';
import { skipped } from '../broker.ts';
import { costOf } from './process-cost.ts';

/** What Flume did at the same file. */
export interface FlumeRun {
  readonly linesPerSecond: number;
  /** Undefined where the system doesn't tell. */
  readonly linesPerCpuSecond: number | undefined;
}

/**
 * Apache Flume over the lines of a file, from its taildir source into its file channel: it reads the lines as they are, without
 * looking into them. The file gets its name when Flume waits for it, and time counts from the first stored lines on, so that
 * neither its start nor its waiting is in the figure. Says in a line why when it cannot be had.
 */
export async function measureFlume(options: {
  readonly folder: string;
  /** The file; it is moved. */
  readonly file: string;
  readonly lines: number;
  readonly batchLines: number;
}): Promise<FlumeRun | undefined> {
  const { folder, file, lines, batchLines } = options;
  const reasons = missingForJava().map(needLine);
  try {
    if (reasons.length === 0) installFlume();
  } catch (error) {
    reasons.push((error as Error).message);
  }
  if (reasons.length > 0) {
    skipped('Apache Flume', reasons);
    return undefined;
  }
  const flume = await startFlume({ folder, files: join(folder, 'logs', String.raw`.*\.log`), batchLines });
  try {
    const before = costOf([flume.pid]);
    renameSync(file, join(folder, 'logs', 'access.log'));
    let first: { readonly atMs: number; readonly stored: number } | undefined;
    const deadlineMs = performance.now() + longestMs;
    while (performance.now() < deadlineMs) {
      const stored = await flume.stored();
      const atMs = performance.now();
      if (stored > 0) first ??= { atMs, stored };
      if (stored >= lines && first !== undefined) {
        const after = costOf([flume.pid]);
        const cpuSeconds = (after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0);
        return {
          linesPerSecond: (stored - first.stored) / ((atMs - first.atMs) / 1000),
          linesPerCpuSecond: cpuSeconds > 0 ? lines / cpuSeconds : undefined,
        };
      }
      await delay(pollMs);
    }
    throw new Error(`Flume did not store ${lines} lines within ${longestMs / 1000} s`);
  } finally {
    await flume.stop();
  }
}

const pollMs = 20;
const longestMs = 600_000;
