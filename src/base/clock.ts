import { setTimeout as delay } from 'node:timers/promises';

/** Time, passed in wherever it is needed. Instants are epoch milliseconds (UTC). */
export interface Clock {
  /** The present instant in epoch milliseconds. */
  now(): number;
  /** Resolves after the given milliseconds; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};

/** A clock that moves only when told, for tests and simulations. */
export interface ManualClock extends Clock {
  /** Moves the clock and wakes sleepers whose time has come. */
  advance(milliseconds: number): void;
}

/** @param startMs - the first instant, epoch milliseconds */
export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];
  return {
    now: () => nowMs,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        sleepers.push({ dueMs: nowMs + milliseconds, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    advance: (milliseconds) => {
      nowMs += milliseconds;
      const due = sleepers.filter((sleeper) => sleeper.dueMs <= nowMs);
      sleepers = sleepers.filter((sleeper) => sleeper.dueMs > nowMs);
      for (const sleeper of due) sleeper.wake();
    },
  };
}
