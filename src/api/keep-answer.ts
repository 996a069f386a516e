import type { Clock } from '../base/index.ts';

/** How many times the time that an answer took it is kept at least: what is dear is made seldom. */
const costFactor = 20;

/** Keeps an answer for a while, so that many who look ask once. What fails is not kept. */
export function keepAnswer<T>(
  make: (key: string) => Promise<T>,
  { clock, keptMs }: { readonly clock: Clock; readonly keptMs: number },
): (key: string) => Promise<T> {
  let kept:
    | { readonly key: string; readonly atMs: number; readonly answer: Promise<T>; untilMs: number }
    | undefined;
  return async (key) => {
    const nowMs = clock.now();
    if (kept === undefined || kept.key !== key || nowMs >= kept.untilMs || nowMs < kept.atMs)
      kept = { key, atMs: nowMs, answer: make(key), untilMs: Number.POSITIVE_INFINITY };
    const mine = kept;
    try {
      const answer = await mine.answer;
      if (mine.untilMs === Number.POSITIVE_INFINITY)
        mine.untilMs = mine.atMs + Math.max(keptMs, (clock.now() - mine.atMs) * costFactor);
      return answer;
    } catch (error) {
      if (kept === mine) kept = undefined;
      throw error;
    }
  };
}
