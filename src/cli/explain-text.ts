import type { RankExplanation } from '../bestseller/index.ts';
import type { Edition } from '../serving/index.ts';
import { tableText } from './table-text.ts';

/** An entry of a bestseller list, as `explain` shows it. */
export interface ExplainedEntry {
  readonly rank: number;
  readonly item_id: string;
  readonly title: string;
  readonly count: number;
  readonly previous_rank: number | null;
  readonly days_on_list: number;
  readonly peak_rank: number;
  readonly explanation: RankExplanation;
}

/** Why a title has its rank, for people: the sum that leads to its count, and what it is apart from its neighbours. */
export function explainText(
  entry: ExplainedEntry,
  at: { readonly edition: Edition; readonly category: string },
): string {
  const { explanation: why } = entry;
  const before = entry.previous_rank === null ? 'new on the list' : `${entry.previous_rank} the day before`;
  const span = why.window.from === why.window.to ? why.window.to : `${why.window.from} to ${why.window.to}`;
  const sum = [
    { what: `copies sold in ${countOf(why.lines, 'line')}`, copies: why.gross_copies },
    ...Object.entries(why.minus).map(([reason, copies]) => ({ what: reasonOf(reason), copies: -copies })),
    { what: 'counted', copies: why.counted },
  ];
  const days = why.per_day.length > 1 ? ['', tableText(why.per_day.map((day) => ({ ...day }))).text] : [];
  return [
    `${entry.title} (${entry.item_id})`,
    `rank ${entry.rank} of '${at.edition.name}' (${at.category}) on ${at.edition.business_day}: ${before}, best rank ` +
      `${entry.peak_rank}, ${countOf(entry.days_on_list, 'day')} on the list`,
    '',
    tableText(sum, ['what', 'copies']).text,
    '',
    `counted are the business days ${span}`,
    ...neighbours(why),
    ...days,
  ].join('\n');
}

function neighbours(why: RankExplanation): readonly string[] {
  const { copies_to_rank_above: above, copies_to_rank_below: below } = why;
  const equal = why.titles_with_equal_count - 1;
  return [
    above === null ? 'nothing stands above it' : `${above} fewer than the title above`,
    below === null ? 'nothing stands below it' : `${below} more than the title below`,
    ...(equal > 0 ? [`${countOf(equal, 'other title')} with the same count`] : []),
  ];
}

function reasonOf(reason: string): string {
  const [kind, detail] = reason.split(':');
  if (kind === 'repeat') return 'more of the same buyer';
  if (kind === 'not_countable') return `not countable: ${detail ?? ''}`;
  return kind === 'kind' ? `of another kind: ${detail ?? ''}` : reason;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
