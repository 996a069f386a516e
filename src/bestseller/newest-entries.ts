import type { PreviousEntry } from './entry.ts';

/** What an edition says of its titles, by part and title. */
export type EntriesByPart = ReadonlyMap<string, ReadonlyMap<string, PreviousEntry>>;

/** What the newest edition of each list says, as this process published it: the day after compares with it. */
export interface NewestEntries {
  /** Undefined for an edition that is not kept; it is read from the store then. */
  of(editionId: string): EntriesByPart | undefined;
  /** In the place of what was kept of the list. What was kept longest goes when there are too many entries. */
  keep(list: string, editionId: string, entries: EntriesByPart): void;
}

export function createNewestEntries(): NewestEntries {
  const kept = new Map<string, Kept>();
  return {
    of: (editionId) => [...kept.values()].find((one) => one.editionId === editionId)?.entries,
    keep: (list, editionId, entries) => {
      kept.delete(list);
      kept.set(list, { editionId, entries });
      let left = [...kept.values()].reduce((sum, one) => sum + countOf(one), 0);
      for (const [oldest, one] of kept) {
        if (left <= entriesMax) break;
        kept.delete(oldest);
        left -= countOf(one);
      }
    },
  };
}

interface Kept {
  readonly editionId: string;
  readonly entries: EntriesByPart;
}

function countOf({ entries }: Kept): number {
  return [...entries.values()].reduce((sum, part) => sum + part.size, 0);
}

/** Of all lists; an entry takes about a hundred bytes. */
const entriesMax = 1_000_000;
