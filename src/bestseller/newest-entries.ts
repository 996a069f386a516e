import type { PreviousEntry } from './entry.ts';

/** What an edition says of its titles, by part and title. */
export type EntriesByPart = ReadonlyMap<string, ReadonlyMap<string, PreviousEntry>>;

/** What the newest edition of each list says, as this process published it: the day after compares with it. */
export interface NewestEntries {
  /** Undefined for an edition that is not kept; it is read from the store then. */
  of(editionId: string): EntriesByPart | undefined;
  /** In the place of what was kept of the list; nothing is kept of an edition with too many entries. */
  keep(list: string, editionId: string, entries: EntriesByPart): void;
}

export function createNewestEntries(): NewestEntries {
  const kept = new Map<string, { readonly editionId: string; readonly entries: EntriesByPart }>();
  return {
    of: (editionId) => [...kept.values()].find((one) => one.editionId === editionId)?.entries,
    keep: (list, editionId, entries) => {
      kept.delete(list);
      const count = [...entries.values()].reduce((sum, part) => sum + part.size, 0);
      if (count <= entriesMax) kept.set(list, { editionId, entries });
    },
  };
}

/** Of one list; an entry takes about a hundred bytes. */
const entriesMax = 200_000;
