import type { Evaluation } from './evaluate.ts';
import { type Interval, resamples } from './interval.ts';

/** The evaluation as a table for people, with what was read and judged by. */
export function printEvaluation(evaluation: Evaluation): string {
  const { k, trainTo, testTo, readers, interactions, rows } = evaluation;
  const later = Math.max(0, ...rows.map(({ unreachable }) => unreachable));
  const about = [
    `Learned from ${interactions.train} interactions to ${trainTo}; judged by what ${readers} readers newly took of`,
    `${interactions.test} interactions after it to ${testTo}. Full catalogue as released on ${trainTo}: up to`,
    `${(100 * later).toFixed(1)} % of what they took was not in it and is left out. Intervals: 95 %, ${resamples} resamplings of`,
    'readers; "ahead by" is the difference to the baseline, reader by reader. No parameter was chosen here.',
  ];
  const header = [
    'recommender',
    'readers',
    `recall@${k}`,
    '95 %',
    'ahead by',
    `nDCG@${k}`,
    '95 %',
    'ahead by',
    'hit rate',
    'coverage',
    'series share',
  ];
  const cells = rows.map((row) => [
    row.recommender,
    String(row.readers),
    decimal(row.recall.mean),
    range(row.recall),
    row.difference === undefined ? 'baseline' : range(row.difference.recall),
    decimal(row.ndcg.mean),
    range(row.ndcg),
    row.difference === undefined ? 'baseline' : range(row.difference.ndcg),
    decimal(row.hitRate),
    decimal(row.coverage),
    decimal(row.continuation),
  ]);
  return [...about, '', ...alignColumns([header, ...cells])].join('\n');
}

/** Lines with the cells of each column below each other. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** An interval as `low..high`. */
export function range({ low, high }: Interval): string {
  return `${decimal(low)}..${decimal(high)}`;
}

/** Four places. */
export function decimal(value: number): string {
  return value.toFixed(4);
}
