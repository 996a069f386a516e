/** A title and what it counts on one list. */
export interface RankedCount {
  readonly itemId: string;
  readonly rank: number;
  readonly count: number;
}

/** Why a title stands elsewhere than before; places up are positive, and the parts add up to the whole. */
export interface ChangeParts {
  readonly previousRank: number;
  readonly rank: number;
  /** Through its own sales: where it would stand among the others as they were. */
  readonly own: number;
  /** Through the sales of others. */
  readonly others: number;
  /** Through rules that are others now; nothing can be told apart then. */
  readonly rules: number;
  /** Through a correction of the list before: it stood elsewhere when this one was made. */
  readonly corrections: number;
}

/**
 * Splits a title's change between two lists. Undefined when it was not on the list before.
 * Equal counts share a rank, as on the lists themselves.
 */
export function splitChange(change: {
  readonly now: RankedCount;
  /** The list before, as it is known today. */
  readonly before: readonly RankedCount[];
  /** The rank before, as it was known when this list was made. */
  readonly toldRank: number | null;
  readonly sameRules: boolean;
}): ChangeParts | undefined {
  const { now, before, sameRules } = change;
  const was = before.find(({ itemId }) => itemId === now.itemId);
  if (was === undefined) return undefined;
  const previousRank = change.toldRank ?? was.rank;
  const corrections = previousRank - was.rank;
  const whole = { previousRank, rank: now.rank, corrections };
  if (!sameRules) return { ...whole, own: 0, others: 0, rules: was.rank - now.rank };
  const alone = 1 + before.filter(({ itemId, count }) => itemId !== now.itemId && count > now.count).length;
  return { ...whole, own: was.rank - alone, others: alone - now.rank, rules: 0 };
}
