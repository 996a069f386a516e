import { watchEngagement } from './automatic/engagement.ts';
import { watchErrors } from './automatic/errors.ts';
import { watchImpressions } from './automatic/impressions.ts';
import { watchOutbound } from './automatic/outbound.ts';
import { watchPages } from './automatic/pages.ts';
import { watchVitals } from './automatic/vitals.ts';
import type { Automatic, TrackerOptions } from './options.ts';
import { createCore, type Tracker, type Watched } from './tracker.ts';

export type * from './kinds.ts';
export type * from './options.ts';
export type { BookstoreHelpers, Title } from './bookstore.ts';
export type { Properties } from './recorder.ts';
export type { TrackArguments, Tracker } from './tracker.ts';

/** A call that was made before the tracker had loaded: its time, the method, the arguments. */
export type EarlyCall = readonly [ms: number, method: string, ...values: readonly unknown[]];

/** Starts the tracker in a page: it watches what is not switched off, and sends. */
export function createTracker(options: TrackerOptions, early: readonly EarlyCall[] = []): Tracker {
  const { tracker, watched, at } = createCore(options, () => new Date().getTime());
  // What a reader agreed to, or who he is, holds for the page view too.
  const settings = ({ 1: method }: EarlyCall): boolean => 'consent identify reset'.includes(method);
  const replay = (call: EarlyCall): void => {
    const [ms, method, ...values] = call;
    at(ms, () =>
      (tracker as unknown as Record<string, (...all: readonly unknown[]) => void>)[method]?.(...values),
    );
  };
  early.filter(settings).forEach(replay);
  // What this browser has no means for must not keep the rest from its work.
  const start = (watch: (watched: Watched, ...on: boolean[]) => void, ...parts: Automatic[]): void => {
    const on = parts.map((part) => !options.off?.includes(part));
    if (on.includes(true)) watched.guard(watch)(watched, ...on);
  };
  start(watchVitals, 'vitals');
  start(watchErrors, 'errors');
  start(watchEngagement, 'engagement', 'scroll');
  start(watchImpressions, 'impressions');
  start(watchOutbound, 'outbound');
  start(watchPages, 'pages');
  early.filter((call) => !settings(call)).forEach(replay);
  return tracker;
}
