import type { Clock } from '../../../base/index.ts';

/** How long to wait between tries. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Doubling from the first to the longest, each time a random part of it, at least a quarter. */
export function waitMs(backoff: Backoff, attempt: number, random: () => number): number {
  const most = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(attempt, doublingsMax));
  return Math.round(most * (0.25 + 0.75 * random()));
}

const doublingsMax = 20;

/** The wait that an answer asks for, in milliseconds; both forms of `Retry-After`. */
export function retryAfterMs(header: string | null | undefined, clock: Clock): number | undefined {
  if (header === null || header === undefined) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - clock.now();
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), retryAfterMax) : undefined;
}

/** No answer makes the agent wait longer. */
const retryAfterMax = 10 * 60 * 1000;
