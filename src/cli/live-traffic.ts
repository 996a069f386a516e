import { liveTraffic, sendEvents } from '../simulate/index.ts';
import { OctavoError } from '../base/index.ts';
import type { SimulatedStore } from './history.ts';
import type { Platform } from './platform.ts';

/** Sends the store's live events over HTTP, as its pages and apps would, until the signal aborts. */
export async function sendLiveTraffic(options: {
  readonly platform: Platform;
  readonly store: SimulatedStore;
  readonly url: string;
  readonly key: string;
  readonly eventsPerSecond: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { platform, store, url, key, eventsPerSecond, signal } = options;
  const { clock, log } = platform;
  if (eventsPerSecond === 0) return;
  for await (const batch of liveTraffic({
    world: store.world,
    shop: store.shop,
    clock,
    eventsPerSecond,
    signal,
  })) {
    try {
      await sendEvents({ url, key, events: batch.events, fetch: globalThis.fetch, clock, signal });
    } catch (error) {
      if (signal.aborted) return;
      log.warn('live events could not be sent', {
        error: error instanceof OctavoError ? error.message : String(error),
      });
    }
  }
}
