import type { RankedCount } from '../bestseller/index.ts';
import type { Edition, EditionEntry, ServingStore } from '../serving/index.ts';

/** What an edition says of its titles, kept: editions never change. */
export interface ListRanks {
  /** The titles of a part in order; undefined when the edition has no such part. */
  of(edition: Edition, part: string): Promise<readonly RankedCount[] | undefined>;
}

const partsKeptMax = 3_000;
/** Longer lists than this are cut. */
export const titlesMax = 1_000;

export function createListRanks(store: ServingStore): ListRanks {
  const kept = new Map<string, readonly RankedCount[]>();
  return {
    of: async (edition, part) => {
      const key = `${edition.id} ${part}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const read = await store.read(edition.id, part, { from: 0, limit: titlesMax });
      if (read === undefined) return undefined;
      const ranks = read.entries.map(rankOf);
      if (kept.size >= partsKeptMax) for (const oldest of [...kept.keys()].slice(0, 100)) kept.delete(oldest);
      kept.set(key, ranks);
      return ranks;
    },
  };
}

/** An entry's rank and count. */
export function rankOf({ key, body }: EditionEntry): RankedCount {
  return { itemId: key, rank: Number(body['rank']), count: Number(body['count']) };
}

/** Whether two counts differ by more than chance makes of equal ones, one time in twenty (Poisson). */
export function areDistinguishable(one: number, other: number): boolean {
  return Math.abs(one - other) > 1.96 * Math.sqrt(one + other);
}
