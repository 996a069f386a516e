import type { BestsellerList } from './list.ts';
import type { DayRange } from './window.ts';

/** A sale line as the oracle takes it. */
export interface SaleLine {
  readonly business_day: string;
  readonly line_id: string;
  readonly order_id: string;
  readonly buyer_id: string | null;
  readonly item_id: string;
  readonly kind: string;
  readonly copies: number;
  readonly paid: number;
  readonly sold_at: string;
  readonly countable: boolean;
  readonly not_counted_reason: string | null;
}

/** A refund of a sale line. */
export interface Refund {
  readonly business_day: string;
  readonly line_id: string;
  readonly copies: number;
}

/**
 * The counting rules in plain loops, for tests and for anyone who wants to check a list: the counts of
 * one part's titles and their order. Slow, and in no way derived from the SQL.
 */
export function bruteForceList(
  list: BestsellerList,
  window: DayRange,
  data: { readonly lines: readonly SaleLine[]; readonly refunds: readonly Refund[] },
  members: ReadonlySet<string> | undefined,
): readonly { readonly item_id: string; readonly count: number; readonly rank: number }[] {
  const within = (day: string): boolean => day >= window.from && day <= window.to;
  const titles = new Map<string, { count: number; kept: number; firstAt: string; buyers: Set<string> }>();
  for (const line of data.lines) {
    if (!within(line.business_day) || !line.countable || !list.kinds.includes(line.kind) || line.copies <= 0)
      continue;
    if (list.price !== 'any' && (list.price === 'paid') !== line.paid > 0) continue;
    if (line.buyer_id === null && list.without_buyer === 'leave_out') continue;
    if (members !== undefined && !members.has(line.item_id)) continue;
    let kept = line.copies;
    for (const refund of data.refunds) {
      if (refund.line_id === line.line_id && within(refund.business_day)) kept -= refund.copies;
    }
    if (kept <= 0) continue;
    const title = titles.get(line.item_id) ?? { count: 0, kept: 0, firstAt: line.sold_at, buyers: new Set() };
    title.buyers.add(line.buyer_id === null ? `order ${line.order_id}` : `buyer ${line.buyer_id}`);
    title.kept += kept;
    title.count = list.count === 'buyers' ? title.buyers.size : title.kept;
    if (line.sold_at < title.firstAt) title.firstAt = line.sold_at;
    titles.set(line.item_id, title);
  }
  const ordered = [...titles]
    .filter(([, title]) => title.count >= list.min_count)
    .toSorted(([leftId, left], [rightId, right]) => {
      const numbers =
        right.count - left.count || right.buyers.size - left.buyers.size || right.kept - left.kept;
      if (numbers !== 0) return numbers;
      if (left.firstAt !== right.firstAt) return left.firstAt < right.firstAt ? -1 : 1;
      return leftId < rightId ? -1 : 1;
    });
  return ordered.slice(0, list.size).map(([item_id, { count }]) => ({
    item_id,
    count,
    rank: 1 + ordered.filter(([, other]) => other.count > count).length,
  }));
}
