import {
  createCollector,
  httpLimits,
  type Collector,
  type EventFeed,
  type HttpLimits,
} from '../collect/index.ts';
import { OctavoError } from '../base/index.ts';
import { enrichOptionsOf } from './enrich-options.ts';
import type { Platform } from './platform.ts';

/** The collector of a platform, over its logs and its keys. */
export async function openCollector(platform: Platform, feed?: EventFeed): Promise<Collector> {
  const { ownership, config, clock, log, keys } = platform;
  if (ownership === undefined)
    throw new OctavoError('internal', 'a collector needs the event log for itself');
  const { bodyBytesMax, eventsMax, eventBytesMax, queueBytesMax, eventsPerSecondMax } = config.collect;
  return createCollector({
    ...ownership.logs,
    clock,
    ...(feed === undefined ? {} : { feed }),
    logger: log,
    bodyBytesMax,
    eventsMax,
    eventBytesMax,
    queueBytesMax,
    ...(eventsPerSecondMax === 0 ? {} : { eventsPerSecondMax }),
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
  });
}

/** How much of the server one client may hold. */
export function limitsOf({ config }: Pick<Platform, 'config'>): HttpLimits {
  const { connectionsMax } = config.collect;
  // A body has its own clock, with an answer that says so; the server's comes after it.
  return { ...httpLimits, connectionsMax, requestTimeoutMs: config.http.requestTimeoutMs + 5_000 };
}
