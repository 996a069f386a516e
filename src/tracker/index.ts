import { watchEngagement } from './automatic/engagement.ts';
import { watchErrors } from './automatic/errors.ts';
import { watchImpressions } from './automatic/impressions.ts';
import { watchOutbound } from './automatic/outbound.ts';
import { watchPages } from './automatic/pages.ts';
import { watchVitals } from './automatic/vitals.ts';
import type { Automatic, TrackerOptions } from './options.ts';
import { createCore, type Tracker } from './tracker.ts';

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
  const on = (part: Automatic): boolean => !options.off?.includes(part);
  // What a reader agreed to, or who he is, holds for the page view too.
  const settings = ({ 1: method }: EarlyCall): boolean => /^(consent|identify|reset)$/.test(method);
  const replay = (call: EarlyCall): void => {
    const [ms, method, ...values] = call;
    at(ms, () =>
      (tracker as unknown as Record<string, (...all: readonly unknown[]) => void>)[method]?.(...values),
    );
  };
  early.filter(settings).forEach(replay);
  if (on('vitals')) watchVitals(watched);
  if (on('errors')) watchErrors(watched);
  const [time, scroll] = [on('engagement'), on('scroll')];
  if (time || scroll) watchEngagement(watched, { time, scroll });
  if (on('impressions')) watchImpressions(watched);
  if (on('outbound')) watchOutbound(watched);
  if (on('pages')) watchPages(watched);
  early.filter((call) => !settings(call)).forEach(replay);
  return tracker;
}
