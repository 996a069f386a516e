import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { metricChannel, type Clock, type MetricSample } from '../base/index.ts';
import type { Traffic } from './status-schemas.ts';

/** Events that were loaded, by minute; asked of the warehouse, for the time before this process began. */
export interface PastTraffic {
  readonly minutes: readonly { readonly atMs: number; readonly events: number }[];
  /** Median from event to arrival over that time; undefined without events. */
  readonly delaySeconds: number | undefined;
}

/** Counts what the collector of this process takes. */
export interface TrafficMeter {
  read(): Promise<Traffic>;
  close(): void;
}

const minuteMs = 60_000;
const minutesKept = 120;
/** The past is asked for again this often, for the delay and for what other processes collect. */
const pastKeptMs = 60_000;

const counted = {
  octavo_collect_received_total: 'received',
  octavo_collect_duplicates_total: 'duplicates',
  octavo_collect_failed_total: 'failed',
} as const;
type Minute = { received: number; duplicates: number; failed: number };

/** Begins to count. */
export function createTrafficMeter(options: {
  readonly clock: Clock;
  readonly past?: (fromMs: number) => Promise<PastTraffic>;
}): TrafficMeter {
  const { clock, past } = options;
  const minutes = new Map<number, Minute>();
  let known: { readonly atMs: number; readonly past: PastTraffic } | undefined;
  const take = (message: unknown): void => {
    const { name, value } = message as MetricSample;
    const field = counted[name as keyof typeof counted];
    if (field === undefined) return;
    const atMs = clock.now() - (clock.now() % minuteMs);
    const minute = minutes.get(atMs) ?? { received: 0, duplicates: 0, failed: 0 };
    minute[field] += value;
    minutes.set(atMs, minute);
    for (const old of minutes.keys()) if (old < atMs - minutesKept * minuteMs) minutes.delete(old);
  };
  subscribe(metricChannel, take);
  const pastOf = async (fromMs: number): Promise<PastTraffic | undefined> => {
    if (past === undefined) return undefined;
    if (known === undefined || clock.now() - known.atMs >= pastKeptMs)
      known = { atMs: clock.now(), past: await past(fromMs) };
    return known.past;
  };
  return {
    read: async () => {
      const nowMs = clock.now();
      const openMs = nowMs - (nowMs % minuteMs);
      const fromMs = openMs - (minutesKept - 1) * minuteMs;
      const before = await pastOf(fromMs);
      const loaded = new Map(before?.minutes.map(({ atMs, events }) => [atMs, events]));
      const all = Array.from({ length: minutesKept }, (_, index) => {
        const atMs = fromMs + index * minuteMs;
        const mine = minutes.get(atMs) ?? { received: 0, duplicates: 0, failed: 0 };
        // What was loaded is what was received without duplicates and failures; whichever saw more is right.
        const received = Math.max(mine.received, (loaded.get(atMs) ?? 0) + mine.duplicates + mine.failed);
        return { at: new Date(atMs).toISOString(), ...mine, received };
      });
      const [last = 0, open = 0] = all.slice(-2).map(({ received }) => received);
      const share = (nowMs - openMs) / minuteMs;
      return {
        minutes: all,
        per_second: (open + last * (1 - share)) / 60,
        delay_seconds: before?.delaySeconds ?? null,
      };
    },
    close: () => {
      unsubscribe(metricChannel, take);
    },
  };
}
