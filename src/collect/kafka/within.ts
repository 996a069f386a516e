import { setTimeout as delay } from 'node:timers/promises';
import { OctavoError } from '../../base/index.ts';

/** An answer of the client is waited for that long, whatever it tries meanwhile. */
export const answerMaxMs = 60_000;
const closeMaxMs = 5_000;

/** The result, unless it does not come in time. Errors: `log_unavailable`, and what the work throws. */
export async function within<T>(ms: number, about: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = async (): Promise<never> => {
    await delay(ms, undefined, { signal: over.signal });
    throw new OctavoError('log_unavailable', `${about}: no answer within ${ms / 1000} s`);
  };
  const lateness = late();
  lateness.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, lateness]);
  } finally {
    over.abort();
  }
}

/** Waits for a client's end; one that does not come keeps nobody waiting. */
export async function ended(closing: Promise<unknown>): Promise<void> {
  await within(closeMaxMs, 'closing', closing).catch(() => undefined);
}
