import type { EditionEntry } from '../serving/index.ts';
import type { CountedTitle, Place } from './counted-title.ts';
import type { DayRange } from './window.ts';

/** Why a title has its count and its rank: `gross_copies` minus everything in `minus` is `counted`. */
export interface RankExplanation {
  readonly window: DayRange;
  readonly lines: number;
  readonly gross_copies: number;
  /** Copies that do not count, by reason: `refunded`, `repeat`, `free`, `kind:rental`, `not_countable:staff`, `filter`, … */
  readonly minus: Readonly<Record<string, number>>;
  readonly counted: number;
  readonly per_day: readonly { readonly business_day: string; readonly count: number }[];
  readonly copies_to_rank_above: number | null;
  readonly copies_to_rank_below: number | null;
  readonly titles_with_equal_count: number;
}

/** What a title's entry on the day before said. */
export interface PreviousEntry {
  readonly rank: number;
  readonly days_on_list: number;
  readonly peak_rank: number;
}

/** The entry of a title on one part. */
export function entryOf(options: {
  readonly title: CountedTitle;
  readonly place: Place;
  readonly previous: PreviousEntry | undefined;
  readonly window: DayRange;
}): EditionEntry {
  const { title, place, previous, window } = options;
  const body = {
    rank: place.rank,
    item_id: title.itemId,
    title: title.title ?? title.itemId,
    count: title.counted,
    previous_rank: previous?.rank ?? null,
    title_en: title.titleEn,
    author: title.author,
    ...(title.authorEn === null ? {} : { author_en: title.authorEn }),
    list_price: title.listPrice,
    copies: title.kept,
    buyers: title.buyers,
    is_new: previous === undefined,
    change: previous === undefined ? null : previous.rank - place.rank,
    days_on_list: (previous?.days_on_list ?? 0) + 1,
    peak_rank: Math.min(previous?.peak_rank ?? place.rank, place.rank),
    explanation: explanationOf(title, place, window),
  };
  return { key: title.itemId, body };
}

function explanationOf(title: CountedTitle, place: Place, window: DayRange): RankExplanation {
  const minus: Record<string, number> = {};
  if (title.copies > title.kept) minus['refunded'] = title.copies - title.kept;
  if (title.kept > title.counted) minus['repeat'] = title.kept - title.counted;
  for (const { reason, copies } of title.leftOut) minus[reason] = copies;
  const leftOut = title.leftOut.reduce((sum, one) => sum + one.copies, 0);
  return {
    window,
    lines: title.lineCount + title.leftOut.reduce((sum, one) => sum + one.lines, 0),
    gross_copies: title.copies + leftOut,
    minus,
    counted: title.counted,
    per_day: title.days,
    copies_to_rank_above: place.toAbove,
    copies_to_rank_below: place.toBelow,
    titles_with_equal_count: place.tied,
  };
}
