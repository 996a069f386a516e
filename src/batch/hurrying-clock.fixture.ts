import { setImmediate as turn } from 'node:timers/promises';
import { type Clock } from '../base/index.ts';

/** A clock that moves to the next sleeper whenever nothing else is left to do, so that tests wait for nothing. */
export interface HurryingClock extends Clock {
  /** Sets the clock forward or back; sleepers keep the time they still have to wait. */
  set(nowMs: number): void;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop without which the clock does not move. */
const turnsBetween = 5;

/** @param startMs - the first instant, epoch milliseconds */
export function hurryingClock(startMs: number): HurryingClock {
  // Sleepers count on a time of their own, which is never set back, as timers do.
  let elapsedMs = 0;
  let offsetMs = startMs;
  let sleepers: readonly Sleeper[] = [];
  let hurrying = false;
  const hurry = async (): Promise<void> => {
    hurrying = true;
    while (sleepers.length > 0) {
      for (let done = 0; done < turnsBetween; done++) await turn();
      const [next] = sleepers.toSorted((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      sleepers = sleepers.filter((sleeper) => sleeper !== next);
      elapsedMs = Math.max(elapsedMs, next.dueMs);
      next.wake();
    }
    hurrying = false;
  };
  return {
    now: () => offsetMs + elapsedMs,
    set: (nowMs) => {
      offsetMs = nowMs - elapsedMs;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper = { dueMs: elapsedMs + milliseconds, wake: resolve };
        sleepers = [...sleepers, sleeper];
        const leave = (): void => {
          sleepers = sleepers.filter((one) => one !== sleeper);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', leave, { once: true });
        if (!hurrying) void hurry();
      }),
  };
}
