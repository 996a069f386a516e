import type { DropReason } from './outbox.ts';
import type { Properties } from './recorder.ts';
import type { Store } from './store.ts';

/** What had to be given up, counted by its reason. */
export interface Drops {
  drop(reason: DropReason, events?: number): void;
  /** Reports it, also what tabs that are gone could no longer report. */
  onSent(): void;
  /** Leaves it for another page to report. */
  leave(): void;
}

/** @param start - what the names of those counts in the store begin with */
export function createDrops(
  storeNow: () => Store,
  start: string,
  uuid: () => string,
  report: (properties: Properties) => void,
): Drops {
  let drops: Record<string, number> = {};
  const drop = (reason: DropReason, events = 1): void => {
    drops[reason] = (drops[reason] ?? 0) + events;
  };
  return {
    drop,
    onSent: () => {
      const store = storeNow();
      for (const name of store.names().filter((one) => one.startsWith(start))) {
        const left = JSON.parse(store.get(name) ?? '{}') as Record<string, number>;
        for (const reason in left) drop(reason as DropReason, left[reason]);
        store.remove(name);
      }
      const reasons = drops;
      drops = {};
      const dropped = Object.values(reasons).reduce((a, b) => a + b, 0);
      if (dropped) report({ dropped, reasons });
    },
    leave: () => {
      const unreported = JSON.stringify(drops);
      if (unreported !== '{}') storeNow().set(start + uuid(), unreported);
      drops = {};
    },
  };
}
