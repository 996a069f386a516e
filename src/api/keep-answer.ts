import type { Clock } from '../base/index.ts';

/** How many times the time that an answer took it is kept at least: what is dear is made seldom. */
const costFactor = 20;
/** How long an answer is kept while what it says changes. */
const changingKeptMs = 1_000;

/** Keeps an answer for a while, so that many who look ask once. What fails is not kept. */
export function keepAnswer<T>(
  make: (key: string) => Promise<T>,
  {
    clock,
    keptMs,
    isChanging = () => false,
  }: {
    readonly clock: Clock;
    readonly keptMs: number;
    /** While it changes what an answer says is soon not true any more, however dear it was. Default never. */
    readonly isChanging?: () => boolean;
  },
): (key: string) => Promise<T> {
  let kept:
    | { readonly key: string; readonly atMs: number; readonly answer: Promise<T>; untilMs: number }
    | undefined;
  return async (key) => {
    const nowMs = clock.now();
    const isOver =
      kept !== undefined &&
      (nowMs >= kept.untilMs ||
        nowMs < kept.atMs ||
        (kept.untilMs < Number.POSITIVE_INFINITY && isChanging() && nowMs >= kept.atMs + changingKeptMs));
    if (kept === undefined || kept.key !== key || isOver)
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
