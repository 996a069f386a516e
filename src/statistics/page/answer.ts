import type { BusinessDay } from '../../base/index.ts';
import type { Grain } from '../grain.ts';
import type { ComparedDay } from './comparison.ts';
import type { PageProblem } from './page.ts';
import type { Text } from './spec.ts';

/** A cell of an answer. Numbers beyond 2^53 are texts. */
export type AnswerCell = string | number | boolean | null;

/** A column of a block's answer. */
export interface AnswerColumn {
  readonly name: string;
  /** Null: the name, or the name of the member that it is. */
  readonly title: Text | null;
  /** `member` is a text with a label; days are `YYYY-MM-DD`, of a week or month its first. */
  readonly type: 'day' | 'week' | 'month' | 'instant' | 'member' | 'text' | 'number' | 'boolean';
  /** A currency, `count`, `share` or what the metric says; null where there is none. */
  readonly unit: string | null;
  readonly role: 'axis' | 'value' | 'comparison' | 'forecast' | 'share' | 'change';
  readonly bar: boolean;
  /** Whose readers see the column; absent: all. */
  readonly language?: 'ko' | 'en' | undefined;
}

/** What is to know of a row: a period that is not over, one that was not counted, one that is foretold. */
export type AnswerMark = 'partial' | 'missing' | 'forecast' | null;

/** A value held against another. */
export interface AnswerComparison extends ComparedDay {
  readonly value: number | null;
  /** The relative change; of a share the difference; null where there is nothing to hold against. */
  readonly change: number | null;
}

/** A number with what it is held against. */
export interface AnswerNumber {
  readonly metric: string;
  readonly title: Text;
  readonly unit: string;
  readonly grain: Grain;
  readonly value: number | null;
  readonly period: BusinessDay;
  readonly through: BusinessDay;
  readonly complete: boolean;
  readonly comparisons: readonly AnswerComparison[];
  /** The values before it, oldest first, itself last. */
  readonly trend: readonly (number | null)[];
}

/** What a time chart marks. */
export interface Annotation {
  readonly day: BusinessDay;
  readonly until?: BusinessDay | undefined;
  readonly title: Text;
  /** Absent: on every chart. */
  readonly metrics?: readonly string[] | undefined;
}

/** A block's rows. */
export interface BlockAnswer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly AnswerCell[])[];
  /** One for each row; empty when there is nothing to know. */
  readonly marks: readonly AnswerMark[];
  /** Last line of a table; null where a column does not add up. */
  readonly total: readonly AnswerCell[] | null;
  readonly numbers: readonly AnswerNumber[];
  readonly annotations: readonly Annotation[];
  /** How the forecast was made. */
  readonly forecast: 'same_weekdays' | null;
  /** True when there were more rows than are kept. */
  readonly truncated: boolean;
}

/** A value inside of a text. */
export type ValueAnswer =
  | { readonly value: AnswerCell; readonly type: AnswerColumn['type']; readonly unit: string | null }
  | { readonly comparison: AnswerComparison; readonly unit: string }
  | { readonly problem: PageProblem };

/** A block's answer, or why it has none. */
export type BlockOutcome = BlockAnswer | { readonly problem: PageProblem };

const nothing = {
  rows: [],
  marks: [],
  total: null,
  numbers: [],
  annotations: [],
  forecast: null,
  truncated: false,
} as const;

/** An answer with what is given, and nothing else. */
export function toAnswer(given: Partial<BlockAnswer> & Pick<BlockAnswer, 'columns'>): BlockAnswer {
  return { ...nothing, ...given };
}

/** A column with what is given. */
export function toColumn(given: Partial<AnswerColumn> & Pick<AnswerColumn, 'name' | 'type'>): AnswerColumn {
  return { title: null, unit: null, role: 'value', bar: false, ...given };
}

/** What of an answer the readers of a language see: without the columns that are written for others. */
export function answerIn(answer: BlockAnswer, language: 'ko' | 'en'): BlockAnswer {
  const seen = answer.columns.map((column) => (column.language ?? language) === language);
  if (!seen.includes(false)) return answer;
  const cut = <T>(cells: readonly T[]): readonly T[] => cells.filter((_cell, place) => seen[place]);
  const { columns, rows, total } = answer;
  return { ...answer, columns: cut(columns), rows: rows.map(cut), total: total === null ? null : cut(total) };
}
