import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  createCollector,
  httpLimits,
  type Collector,
  type EventFeed,
  type HttpLimits,
} from '../collect/index.ts';
import { hasCode, lockFolder, OctavoError, type FolderLock } from '../base/index.ts';
import { enrichOptionsOf } from './enrich-options.ts';
import type { Platform } from './platform.ts';

/** The collector of a platform, over its logs and its keys. */
export async function openCollector(platform: Platform, feed?: EventFeed): Promise<Collector> {
  const { ownership, config, clock, log, keys, storage, dataFolder } = platform;
  if (ownership === undefined)
    throw new OctavoError('internal', 'a collector needs the event log for itself');
  const { bodyBytesMax, eventsMax, eventBytesMax, queueBytesMax, eventsPerSecondMax } = config.collect;
  const claimed = claimFolder(join(dataFolder, 'ids'));
  const collector = await createCollector({
    ...ownership.logs,
    clock,
    ...(feed === undefined ? {} : { feed }),
    logger: log,
    bodyBytesMax,
    eventsMax,
    eventBytesMax,
    queueBytesMax,
    ...(eventsPerSecondMax === 0 ? {} : { eventsPerSecondMax }),
    ids: { storage, directory: claimed.directory },
    enrich: await enrichOptionsOf(platform),
    pixel: {
      secret: config.collect.pixel.secret?.reveal(),
      unsignedKeys: config.collect.pixel.unsignedKeys,
    },
    bodyTimeoutMs: config.http.requestTimeoutMs,
    authorize: (token) => {
      const key = keys.verify(token);
      if (key?.scopes.includes('events:write') !== true) return undefined;
      return {
        source: key.name,
        origins: key.origins ?? undefined,
        eventsPerSecondMax: key.events_per_second_max ?? undefined,
      };
    },
    knowsOrigin: (origin) => keys.knowsOrigin(origin),
  }).catch((error: unknown) => {
    claimed.lock.release();
    throw error;
  });
  return {
    ...collector,
    close: async () => {
      try {
        await collector.close();
      } finally {
        claimed.lock.release();
      }
    },
  };
}

/** Each collector that runs beside others has ids of its own: the first folder below that nobody holds. Errors: `locked`. */
function claimFolder(root: string): { readonly directory: string; readonly lock: FolderLock } {
  for (let number = 0; ; number++) {
    const directory = join(root, String(number).padStart(2, '0'));
    mkdirSync(directory, { recursive: true });
    try {
      return {
        directory,
        lock: lockFolder(join(directory, 'lock.db'), { pid: process.pid, command: 'ids' }),
      };
    } catch (error) {
      if (!hasCode(error, 'locked') || number === collectorsMax) throw error;
    }
  }
}

/** Collectors that share a data folder. */
const collectorsMax = 99;

/** How much of the server one client may hold. */
export function limitsOf({ config }: Pick<Platform, 'config'>): HttpLimits {
  const { connectionsMax } = config.collect;
  // A body has its own clock, with an answer that says so; the server's comes after it.
  return { ...httpLimits, connectionsMax, requestTimeoutMs: config.http.requestTimeoutMs + 5_000 };
}
