import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** Generous: a machine may be busy with other things. Below what the runner gives a test. */
export const patienceMs = 180_000;
const pollMs = 50;

/**
 * Resolves when something holds. Where it does not within minutes it fails with what `about` says then, which is asked
 * for only then.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  about: () => unknown = () => 'what was waited for did not come',
): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs)
      assert.fail(`not within ${patienceMs / 1000} s: ${String(await about())}`);
    await delay(pollMs);
  }
}
