import type { Language } from './messages.ts';
import { once } from './once.ts';

/** Numbers and dates as the design writes them, in one language and one time zone. */
export interface Format {
  /** `21,480`. */
  number(value: number, digits?: number): string;
  /** `9,007.199254740993` of a number or its text: every digit, grouped from five on, for query results. */
  exact(value: number | string): string;
  /** `1.2만`, `12 K`: where space is short. */
  short(value: number): string;
  /** `1.84억 원`, `₩184.2 M`; whole below 만 or a million. */
  money(value: number): string;
  /** `₩12,300`, `12,300원`, to the last unit. */
  moneyExact(value: number): string;
  /** `3.2 %` of a ratio. */
  percent(ratio: number, digits?: number): string;
  /** `+3.2 %`, `−4.1 %`. */
  change(ratio: number): string;
  /** `+12`, `−3`. */
  signed(value: number): string;
  /** `11월 23일 (월)`, `Mon 23 Nov`. */
  day(day: string): string;
  /** `11월 23일`, `23 Nov`. */
  dayShort(day: string): string;
  /** `2026년 11월 23일`, `23 November 2026`. */
  dayLong(day: string): string;
  /** `11월`, `November`, with its year where it is not this one. */
  month(day: string): string;
  /** `월요일`, `Monday`. */
  weekday(day: string): string;
  /** `11월 22일 06:00 – 23일 06:00` of business days, the last one included. */
  span(from: string, through: string): string;
  /** `06:41` of an instant in the store's time zone. */
  time(instant: number | string): string;
  /** `06:41:09`. */
  timeExact(instant: number | string): string;
  /** `11월 23일 06:41`, `23 Nov 06:41`. */
  moment(instant: number | string): string;
  /** `2026-11-23 06:41:09` in the store's time zone, for query results. */
  stamp(instant: number | string): string;
  /** `8분 12초`, `8 min 12 s`. */
  duration(seconds: number): string;
  /** `812 B`, `4.2 MB`, in powers of a thousand. */
  bytes(count: number): string;
}

const tags = { ko: 'ko-KR', en: 'en-GB' } as const;
const space = ' ';
const minus = '−';
const noon = 'T12:00:00Z';

/** Makes the formats. Formatters of `Intl` cost milliseconds each, so each is made when it is first used. */
export function createFormat(
  language: Language,
  locale: { readonly timeZone: string; readonly dayStart: string; readonly currency: string },
): Format {
  const tag = tags[language];
  const digits = new Map<number, Intl.NumberFormat>();
  const number = (value: number, fraction = 0): string => {
    let formatter = digits.get(fraction);
    if (formatter === undefined) {
      formatter = new Intl.NumberFormat(tag, {
        minimumFractionDigits: fraction,
        maximumFractionDigits: fraction,
      });
      digits.set(fraction, formatter);
    }
    return formatter.format(value).replace('-', minus);
  };
  // British English writes `m` for a million, which reads as metres.
  const compact = once(
    () =>
      new Intl.NumberFormat(language === 'ko' ? tag : 'en-US', {
        notation: 'compact',
        useGrouping: 'always',
        ...(language === 'ko'
          ? { maximumSignificantDigits: 3 }
          : { maximumSignificantDigits: 4, maximumFractionDigits: 2, roundingPriority: 'lessPrecision' }),
      }),
  );
  const symbolOf = once(() => currencySymbol(tag, locale.currency));
  const short = (value: number): string => {
    const parts = compact().formatToParts(value);
    const text = parts.map((part) =>
      part.type === 'compact' && language === 'en' ? space + part.value : part.value,
    );
    return text.join('').replace('-', minus);
  };
  const withCurrency = (text: string): string => {
    if (locale.currency === 'KRW' && language === 'ko') return `${text}${/\d$/.test(text) ? '' : space}원`;
    const symbol = symbolOf();
    return text.startsWith(minus) ? `${minus}${symbol}${text.slice(1)}` : `${symbol}${text}`;
  };
  const sign = (text: string): string => (text.startsWith(minus) ? text : `+${text}`);
  const shortFrom = language === 'ko' ? 10_000 : 1_000_000;
  return {
    number,
    exact: exactText,
    short,
    money: (value) => withCurrency(Math.abs(value) >= shortFrom ? short(value) : number(value)),
    moneyExact: (value) => withCurrency(number(value)),
    percent: (ratio, fraction = 1) => `${number(ratio * 100, fraction)}${space}%`,
    change: (ratio) => `${sign(number(ratio * 100, 1))}${space}%`,
    signed: (value) => (value === 0 ? '0' : sign(number(value))),
    ...dayFormats(language, locale.dayStart),
    ...timeFormats(language, locale.timeZone),
    duration: (seconds) => durationText(language, seconds, number),
    bytes: (count) => bytesText(count, number),
  };
}

/** Digits as they are: a text such as `12.50` is not read as a number, which would lose some. */
function exactText(value: number | string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(\D.*|)$/.exec(String(value)) ?? [];
  if (whole === '') return String(value);
  const grouped = whole.length < 5 ? whole : whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${sign === '' ? '' : minus}${grouped}${rest}`;
}

function currencySymbol(tag: string, currency: string): string {
  const parts = new Intl.NumberFormat(tag, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).formatToParts(0);
  return parts.find((part) => part.type === 'currency')?.value ?? currency;
}

type DayFormats = Pick<Format, 'day' | 'dayShort' | 'dayLong' | 'month' | 'weekday' | 'span'>;

function dayFormats(language: Language, dayStart: string): DayFormats {
  const tag = tags[language];
  const part = (options: Intl.DateTimeFormatOptions): ((day: string) => string) => {
    const formatter = once(() => new Intl.DateTimeFormat(tag, { ...options, timeZone: 'UTC' }));
    return (day) => formatter().format(new Date(day + noon));
  };
  const weekdayShort = part({ weekday: 'short' });
  const monthDay = part({ month: 'short', day: 'numeric' });
  const dayShort = monthDay;
  const dayOfMonth = (day: string): string =>
    language === 'ko' ? `${Number(day.slice(8))}일` : monthDay(day);
  const span: Format['span'] = (from, through) => {
    const end = nextDay(through);
    const last = from.slice(0, 7) === end.slice(0, 7) ? dayOfMonth(end) : dayShort(end);
    return language === 'ko'
      ? `${dayShort(from)} ${dayStart} – ${last} ${dayStart}`
      : `${dayShort(from)} ${dayStart} to ${dayShort(end)} ${dayStart}`;
  };
  return {
    day: (day) =>
      language === 'ko' ? `${dayShort(day)} (${weekdayShort(day)})` : `${weekdayShort(day)} ${dayShort(day)}`,
    dayShort,
    dayLong: part({ year: 'numeric', month: 'long', day: 'numeric' }),
    month: part({ year: 'numeric', month: 'long' }),
    weekday: part({ weekday: 'long' }),
    span,
  };
}

function timeFormats(
  language: Language,
  timeZone: string,
): Pick<Format, 'time' | 'timeExact' | 'moment' | 'stamp'> {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const part = (tag: string, options: Intl.DateTimeFormatOptions): ((instant: number | string) => string) => {
    const formatter = once(() => new Intl.DateTimeFormat(tag, { ...options, timeZone }));
    return (instant) => formatter().format(new Date(instant));
  };
  const time = part('en-GB', clock);
  const date = part(tags[language], { month: 'short', day: 'numeric' });
  return {
    // Swedish dates are ISO dates.
    stamp: part('sv-SE', { dateStyle: 'short', timeStyle: 'medium' }),
    time,
    timeExact: part('en-GB', { ...clock, second: '2-digit' }),
    moment: (instant) => `${date(instant)} ${time(instant)}`,
  };
}

function durationText(language: Language, seconds: number, number: Format['number']): string {
  const units = language === 'ko' ? (['시간', '분', '초'] as const) : ([' h', ' min', ' s'] as const);
  if (seconds < 10) return `${number(Math.max(0.1, seconds), 1)}${units[2]}`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const said = [
    ...(hours > 0 ? [`${number(hours)}${units[0]}`] : []),
    ...(minutes > 0 ? [`${minutes}${units[1]}`] : []),
    ...(hours === 0 && (rest > 0 || minutes === 0) ? [`${rest}${units[2]}`] : []),
  ];
  return said.join(' ');
}

function bytesText(count: number, number: Format['number']): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const value = count / 1000 ** power;
  return `${number(value, power === 0 || value >= 100 ? 0 : 1)}${space}${units[power]}`;
}

/** The calendar day after a day, both `YYYY-MM-DD`. */
export function nextDay(day: string): string {
  return addDays(day, 1);
}

/** A calendar day so many days later. */
export function addDays(day: string, days: number): string {
  const date = new Date(day + noon);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
