import type { Clock } from '../base/index.ts';

/** Whether refused events were stored a short while ago, so that the tables are about to show it. */
export interface RecentReplays {
  done(): void;
  areRecent(): boolean;
}

/** By then what was replayed is loaded. */
const recentMs = 60_000;

export function createRecentReplays(clock: Clock): RecentReplays {
  let doneMs = Number.NEGATIVE_INFINITY;
  return {
    done: () => {
      doneMs = clock.now();
    },
    areRecent: () => clock.now() - doneMs < recentMs,
  };
}
