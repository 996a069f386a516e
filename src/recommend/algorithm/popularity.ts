import type { ReaderHistory } from '../interactions.ts';

/** Ranges and defaults. */
export const popularityParameters = {
  /** Days up to the day of the list whose readers count. */
  windowDays: { default: 28, min: 1, max: 3650, search: [7, 180], whole: true },
} as const;

/**
 * Readers with signal per item whose latest interaction lies in the window that ends with `day`: the non-personalised baseline of
 * Cremonesi et al., "Performance of Recommender Algorithms on Top-N Recommendation Tasks", RecSys 2010, with a window.
 */
export function countPopularity(history: ReaderHistory, day: number, windowDays: number): Float64Array {
  const { known, days } = history;
  const readers = new Float64Array(known.columnCount);
  for (let at = 0; at < known.columns.length; at++) {
    if (known.values[at]! > 0 && days[at]! > day - windowDays && days[at]! <= day)
      readers[known.columns[at]!]!++;
  }
  return readers;
}

/** Items that anybody has in the window, the most popular first; equal ones by number. */
export function popularOrder(readers: Float64Array): Int32Array {
  const present = Int32Array.from(readers.keys()).filter((item) => readers[item]! > 0);
  return present.sort((a, b) => readers[b]! - readers[a]! || a - b);
}
