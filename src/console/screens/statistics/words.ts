import { useMemo } from 'react';
import type { PageData } from '../../../api/index.ts';
import type { Format } from '../../i18n/format.ts';
import { useFormat, useLanguage, useText } from '../../i18n/language.tsx';
import type { Language, Say } from '../../i18n/messages.ts';
import { messages } from './messages.ts';
import type { BlockComparison, Cell, Column, Words } from './page-types.ts';

/** Says what a page's data means, in the reader's language. */
export interface PageWords {
  readonly say: Say<typeof messages>;
  readonly format: Format;
  readonly language: Language;
  text(words: Words | null | undefined): string;
  /** A member by its label. */
  member(member: string): string;
  /** A column's head, with its unit where cells are bare. */
  head(column: Column): string;
  /** A value where space is short. */
  value(value: number | null, unit: string | null): string;
  /** A cell of a table: exact, its unit in the head. */
  cell(cell: Cell, column: Pick<Column, 'type' | 'unit' | 'role'>): string;
  change(change: number, unit: string): string;
  comparison(comparison: BlockComparison, unit: string, grain: 'day' | 'week' | 'month'): string;
  /** A day, week or month on an axis. */
  period(day: string, grain: string): string;
}

export const otherMember = '(other)';

export function usePageWords(labels: PageData['labels'] | undefined): PageWords {
  const say = useText(messages);
  const format = useFormat();
  const { language } = useLanguage();
  return useMemo(
    () => createWords({ say, format, language, labels: labels ?? {} }),
    [say, format, language, labels],
  );
}

function createWords(
  base: Pick<PageWords, 'say' | 'format' | 'language'> & { readonly labels: PageData['labels'] },
): PageWords {
  const { say, format, language, labels } = base;
  const text: PageWords['text'] = (words) =>
    words === null || words === undefined
      ? ''
      : typeof words === 'string'
        ? words
        : (words[language] ?? words['en'] ?? words['ko'] ?? '');
  const member: PageWords['member'] = (name) => {
    if (name === otherMember) return say('other');
    const label = labels[name];
    return label === undefined ? (name === '' ? say('none') : name) : text(label);
  };
  const period: PageWords['period'] = (day, grain) =>
    grain === 'month' ? format.month(day) : format.dayShort(day);
  const change: PageWords['change'] = (by, unit) => {
    const said = isEven(by) ? format.percent(0) : format.change(by);
    return unit === 'share' ? said.replace('%', '%p') : said;
  };
  return {
    say,
    format,
    language,
    text,
    member,
    period,
    change,
    head: (column) => {
      const own = column.title === null ? headOf(column, say, member) : text(column.title);
      return isCurrency(column.unit) && column.role !== 'change'
        ? `${own} (${currencyName(column.unit, language)})`
        : own;
    },
    value: (value, unit) => {
      if (value === null) return '–';
      if (unit === 'share') return format.percent(value);
      if (isCurrency(unit)) return format.money(value);
      return Number.isInteger(value)
        ? format.number(value)
        : format.number(value, Math.abs(value) < 100 ? 2 : 1);
    },
    cell: (cell, column) => {
      if (cell === null) return '–';
      if (typeof cell === 'number') {
        if (column.role === 'change') return change(cell, column.unit === 'points' ? 'share' : '');
        if (column.unit === 'share') return format.percent(cell);
        return Number.isInteger(cell) ? format.number(cell) : format.number(cell, 2);
      }
      if (typeof cell === 'boolean') return cell ? '✓' : '–';
      if (column.type === 'day') return format.day(cell);
      if (column.type === 'week') return format.dayShort(cell);
      if (column.type === 'month') return format.month(cell);
      if (column.type === 'instant') return format.moment(cell);
      return column.type === 'member' ? member(cell) : cell;
    },
    comparison: ({ change: by, day, note, holiday }, unit, grain) => {
      const on = format.day(day);
      if (by === null) return say('noComparison', { day: on });
      const said = say(grain === 'day' ? 'on' : 'onToDate', { day: on, change: change(by, unit) });
      const why = noteOf(note, holiday, say);
      return why === undefined ? said : `${said}, ${why}`;
    },
  };
}

const shownDigits = 1_000;

/** Whether a change is shown as none. */
export function isEven(change: number): boolean {
  return Math.round(change * shownDigits) === 0;
}

/** A change's class: up, down, or neither. */
export function directionOf(change: number | null): 'up' | 'down' | '' {
  if (change === null || isEven(change)) return '';
  return change > 0 ? 'up' : 'down';
}

/** Why another day than the usual was compared with. */
export function noteOf(
  note: string | undefined,
  holiday: string | undefined,
  say: PageWords['say'],
): string | undefined {
  const known = holidayNotes.find((each) => each === note);
  return known === undefined ? undefined : say(known, { holiday: holiday ?? '' });
}

const holidayNotes = ['holiday_skipped', 'same_holiday', 'holiday_here', 'holiday_there'] as const;

function headOf(column: Column, say: PageWords['say'], member: PageWords['member']): string {
  if (column.role === 'share') return say('share');
  if (column.role === 'change') return say('change');
  if (column.name === 'day' || column.name === 'week' || column.name === 'month') return say(column.name);
  return member(column.name);
}

/** ISO 4217. */
function isCurrency(unit: string | null): unit is string {
  return unit !== null && /^[A-Z]{3}$/.test(unit);
}

function currencyName(unit: string, language: Language): string {
  if (unit === 'KRW') return language === 'ko' ? '원' : '₩';
  return unit;
}
