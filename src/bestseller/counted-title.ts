import type { SqlValue } from '../warehouse/index.ts';

/** A title's place on one part of a list. */
export interface Place {
  readonly category: string;
  /** 1-based, in the order in which the list is shown. */
  readonly place: number;
  /** Equal counts share a rank: 1, 2, 2, 4. */
  readonly rank: number;
  /** Copies that the title above has more; null for the first. */
  readonly toAbove: number | null;
  /** Copies that the title below (on the list or not) has less; null for the last. */
  readonly toBelow: number | null;
  /** Titles of this part with the same count, itself among them. */
  readonly tied: number;
}

/** A title with its count and what was left out of it. */
export interface CountedTitle {
  readonly itemId: string;
  readonly title: string | null;
  readonly titleEn: string | null;
  readonly author: string | null;
  readonly authorEn: string | null;
  readonly listPrice: string | null;
  readonly counted: number;
  readonly buyers: number;
  /** Copies of the lines that may count, after refunds. */
  readonly kept: number;
  /** Copies of the lines that may count, before refunds. */
  readonly copies: number;
  readonly lineCount: number;
  readonly places: readonly Place[];
  readonly days: readonly { readonly business_day: string; readonly count: number }[];
  readonly leftOut: readonly { readonly reason: string; readonly copies: number; readonly lines: number }[];
}

/** A row of the counting query. */
export function toCountedTitle(row: Readonly<Record<string, SqlValue>>): CountedTitle {
  return {
    itemId: String(row['item_id']),
    title: textOf(row['title']),
    titleEn: textOf(row['title_en']),
    author: textOf(row['author']),
    authorEn: textOf(row['author_en']),
    listPrice: textOf(row['list_price']),
    counted: Number(row['counted']),
    buyers: Number(row['buyers']),
    kept: Number(row['kept']),
    copies: Number(row['copies']),
    lineCount: Number(row['line_count']),
    places: tuples(row['places']).map(([category, place, rank, toAbove, toBelow, tied]) => ({
      category: category ?? '',
      place: Number(place),
      rank: Number(rank),
      toAbove: numberOf(toAbove),
      toBelow: numberOf(toBelow),
      tied: Number(tied),
    })),
    days: tuples(row['days']).map(([day, count]) => ({ business_day: day ?? '', count: Number(count) })),
    leftOut: tuples(row['left_out']).map(([reason, copies, lines]) => ({
      reason: reason ?? '',
      copies: Number(copies),
      lines: Number(lines),
    })),
  };
}

function textOf(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOf(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}

function tuples(value: SqlValue | undefined): readonly (readonly (string | null)[])[] {
  if (value === null || value === undefined) return [];
  return JSON.parse(String(value)) as readonly (readonly (string | null)[])[];
}
