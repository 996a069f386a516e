import type { AnswerCell, AnswerColumn } from '../page/answer.ts';

/** The language of a message. */
export type Language = 'ko' | 'en';

/** Values as messages write them. */
export interface MessageFormat {
  readonly language: Language;
  value(value: AnswerCell, unit: string | null): string;
  cell(
    value: AnswerCell,
    column: Pick<AnswerColumn, 'type' | 'unit'> & Partial<Pick<AnswerColumn, 'role'>>,
  ): string;
  /** `+3.2 %`; of a share in points. */
  change(change: number, unit: string | null): string;
  /** `11월 23일 (월)`, `Mon 23 Nov`. */
  day(day: string): string;
}

const tags = { ko: 'ko-KR', en: 'en-GB' } as const;

/** Numbers and days in one language, after the rules of the console. */
export function messageFormat(language: Language): MessageFormat {
  const tag = tags[language];
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const exact = new Intl.NumberFormat(tag, { maximumFractionDigits: 2 });
  const tenth = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const days = new Intl.DateTimeFormat(tag, {
    timeZone: 'UTC',
    month: language === 'ko' ? 'long' : 'short',
    day: 'numeric',
    weekday: 'short',
  });
  const months = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', year: 'numeric', month: 'long' });
  const money = (value: number, currency: string): string =>
    new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
      value,
    );
  const number = (value: number, unit: string | null): string => {
    if (unit === 'share' || unit === 'points') return `${tenth.format(value * 100)}\u00a0%`;
    if (unit === 'KRW' && language === 'ko') return `${whole.format(value)}원`;
    if (unit !== null && /^[A-Z]{3}$/.test(unit)) return money(value, unit);
    return Number.isInteger(value) ? whole.format(value) : exact.format(value);
  };
  const day = (text: string): string => days.format(new Date(`${text}T12:00:00Z`));
  const value = (cell: AnswerCell, unit: string | null): string => {
    if (cell === null) return '–';
    return typeof cell === 'number' ? number(cell, unit) : String(cell);
  };
  const change = (by: number, unit: string | null): string => {
    const sign = by > 0 ? '+' : by < 0 ? '−' : '±';
    return `${sign}${tenth.format(Math.abs(by) * 100)}\u00a0%${unit === 'share' ? 'p' : ''}`;
  };
  return {
    language,
    value,
    day,
    cell: (cell, { type, unit, role }) => {
      if (role === 'change' && typeof cell === 'number')
        return change(cell, unit === 'points' ? 'share' : null);
      if (typeof cell === 'string' && (type === 'day' || type === 'week')) return day(cell);
      if (typeof cell === 'string' && type === 'month') return months.format(new Date(`${cell}T12:00:00Z`));
      return value(cell, unit);
    },
    change,
  };
}
