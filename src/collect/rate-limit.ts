import { OctavoError, type Clock } from '../base/index.ts';
import type { Caller } from './gate.ts';

/** Bounds how many events a second each key brings: a bucket that fills steadily and holds some seconds' worth. */
export interface RateLimit {
  /** Refuses while the bucket is empty. Errors: `collect_rate_limited` with the seconds to wait. */
  assertRoom(caller: Caller): void;
  /** Takes from the bucket what a request brought; it may go below nothing by one request. */
  charge(caller: Caller, events: number): void;
}

/** Seconds of a key's rate that it may send at once. */
const burstSeconds = 5;

interface Bucket {
  level: number;
  atMs: number;
}

/** Makes the buckets, one a key; those without a limit of their own have the given one. */
export function createRateLimit(clock: Clock, eventsPerSecondMax: number | undefined): RateLimit {
  const buckets = new Map<string, Bucket>();
  const filled = (source: string, rate: number): Bucket => {
    const nowMs = clock.now();
    const bucket = buckets.get(source) ?? { level: rate * burstSeconds, atMs: nowMs };
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * rate;
    bucket.level = Math.min(rate * burstSeconds, bucket.level + gained);
    bucket.atMs = nowMs;
    buckets.set(source, bucket);
    return bucket;
  };
  return {
    assertRoom: ({ source, eventsPerSecondMax: rate = eventsPerSecondMax }) => {
      if (rate === undefined) return;
      const { level } = filled(source, rate);
      if (level >= 1) return;
      const seconds = Math.ceil((1 - level) / rate);
      throw new OctavoError('collect_rate_limited', `'${source}' may send ${rate} events a second`, {
        details: { retry_after_seconds: seconds },
      });
    },
    charge: ({ source, eventsPerSecondMax: rate = eventsPerSecondMax }, events) => {
      if (rate !== undefined) filled(source, rate).level -= events;
    },
  };
}
