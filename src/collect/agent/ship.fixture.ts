import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage, silentLogger, systemClock, type Clock } from '../../base/index.ts';
import { parseShipConfig } from './config.ts';
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
  options: { readonly once?: boolean; readonly clock?: Clock; readonly key?: string } = {},
): Promise<Ship> {
  return await openShip({
    config: parseShipConfig(yaml, 'ship.yaml'),
    hostName: 'web1',
    key: options.key ?? 'key',
    workingDirectory: folder,
    storage: fileStorage(),
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
