import { activityAt, liveTraffic, sendEvents } from '../simulate/index.ts';
import { OctavoError } from '../base/index.ts';
import type { SimulatedStore } from './history.ts';
import type { Platform } from './platform.ts';

/** How much happens: as in the store's history, the busy hours too, or so many events a second. */
export type LiveRate = 'natural' | number;

/**
 * Sends the store's live events over HTTP, as its pages and apps would, until the signal aborts. At the natural rate it
 * begins where the running day's orders end, so that the day is as full as those before it.
 */
export async function sendLiveTraffic(options: {
  readonly platform: Platform;
  readonly store: SimulatedStore;
  readonly url: string;
  readonly key: string;
  readonly rate: LiveRate;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { platform, store, url, key, rate, signal } = options;
  const { calendar, clock, log } = platform;
  if (rate === 0) return;
  const natural = rate === 'natural';
  for await (const batch of liveTraffic({
    world: store.world,
    shop: store.shop,
    clock,
    eventsPerSecond: natural
      ? (atMs) => (store.eventsPerDay / secondsOfDay) * activityAt(calendar, atMs)
      : () => rate,
    ...(natural ? { fromMs: goesOnAt(platform, store) } : {}),
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

const secondsOfDay = 86_400;

function goesOnAt({ calendar, clock }: Platform, { shop }: SimulatedStore): number {
  const nowMs = clock.now();
  const { startMs } = calendar.intervalOf(calendar.dayOf(nowMs));
  const newest = shop.newestOrderAt();
  return newest === undefined ? startMs : Math.min(nowMs, Math.max(startMs, Date.parse(newest)));
}
