import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, silentLogger, systemClock, type Clock, type Storage } from '../../base/index.ts';
import type { StoredEvent } from '../../event/index.ts';
import { openJournal } from '../journal/open-journal.ts';
import { parseShipConfig } from './parse-config.ts';
import { openShip, type Ship } from './open-ship.ts';

/** Runs with a folder that is removed at the end. */
export async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-ship-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Opens the agent that a configuration in YAML describes; its paths start at the folder. */
export async function openTestShip(
  folder: string,
  yaml: string,
  options: {
    readonly once?: boolean;
    readonly clock?: Clock;
    readonly key?: string;
    readonly storage?: Storage;
  } = {},
): Promise<Ship> {
  return await openShip({
    config: parseShipConfig(yaml, 'ship.yaml'),
    hostName: 'web1',
    key: options.key ?? 'key',
    workingDirectory: folder,
    storage: options.storage ?? fileStorage(),
    clock: options.clock ?? systemClock,
    random: () => 0.5,
    logger: silentLogger,
    once: options.once ?? true,
  });
}

/** Sends everything that is there, once; gives the totals. */
export async function shipOnce(
  folder: string,
  yaml: string,
  options: { readonly clock?: Clock; readonly key?: string } = {},
): Promise<Ship['agent']['totals']> {
  const ship = await openTestShip(folder, yaml, options);
  try {
    await ship.agent.run(new AbortController().signal);
    return ship.agent.totals;
  } finally {
    await ship.close();
  }
}

/** What the agents of a folder wrote into its journal `log`, in no order. */
export async function journalOf(folder: string): Promise<{
  readonly events: readonly StoredEvent[];
  readonly failed: readonly Readonly<Record<string, unknown>>[];
}> {
  const read = async <T>(topic: string, partitions: number): Promise<readonly T[]> => {
    const directory = join(folder, 'log', topic);
    const log = await openJournal({ storage: fileStorage(), directory, partitions, logger: silentLogger });
    const all: T[] = [];
    for (let partition = 0; partition < partitions; partition++) {
      const end = await log.end(partition);
      for (let next = await log.start(partition); next < end;) {
        const batch = await log.read(partition, next, { recordsMax: 10_000, bytesMax: 1 << 24 });
        all.push(...batch.records.map((record) => JSON.parse(record.toString()) as T));
        next = batch.nextOffset;
      }
    }
    await log.close();
    return all;
  };
  return { events: await read('events', 2), failed: await read('failed', 1) };
}

/** A line of the combined format about the title of this number. */
export function shipLine(number: number): string {
  return `203.0.113.${number % 200} - - [01/Mar/2026:10:00:00 +0900] "GET /books/t${number} HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n`;
}

/** Lines from a number to before another. */
export function shipLines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => shipLine(from + index)).join('');
}

/** The numbers of the lines that events are made of, each as often as it came, in order. */
export function numbersOf(events: readonly StoredEvent[]): readonly number[] {
  return events.map((event) => Number(event.items?.[0]?.item_id.slice(1))).toSorted((a, b) => a - b);
}
