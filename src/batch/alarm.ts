import { type Clock } from '../base/index.ts';

/** Sleeps until an instant or until it is woken, with one timer for many reasons. */
export class Alarm {
  readonly #clock: Clock;
  #dueMs = Number.POSITIVE_INFINITY;
  #timer: AbortController | undefined;
  #waiting = Promise.withResolvers<void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the current or the next wait. */
  readonly wake = (): void => {
    this.#waiting.resolve();
  };

  /** Resolves when woken, or at the instant (epoch milliseconds). */
  async wait(untilMs: number): Promise<void> {
    if (untilMs < this.#dueMs) this.#set(untilMs);
    await this.#waiting.promise;
    this.#waiting = Promise.withResolvers<void>();
  }

  close(): void {
    this.#timer?.abort();
  }

  #set(dueMs: number): void {
    this.#timer?.abort();
    const timer = new AbortController();
    this.#timer = timer;
    this.#dueMs = dueMs;
    const rung = (): void => {
      if (timer.signal.aborted) return;
      this.#dueMs = Number.POSITIVE_INFINITY;
      this.wake();
    };
    const waitMs = Math.min(Math.max(0, dueMs - this.#clock.now()), sleepMsMax);
    this.#clock.sleep(waitMs, timer.signal).then(rung, rung);
  }
}

/** A sleep never lasts longer, so that a clock that was set back delays nothing for long. */
const sleepMsMax = 60_000;
