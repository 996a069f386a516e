import { OctavoError } from '../../../base/index.ts';

/** An instant of a log. */
export interface LogTime {
  readonly timeMs: number;
  /** RFC 3339 in the log's zone. */
  readonly instant: string;
}

/** Reads a time; undefined when the text is none. */
export type TimeParser = (text: string) => LogTime | undefined;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `17/May/2015:10:05:03 +0900`, as Apache and nginx (`$time_local`) write it. The minute is remembered: most lines share it. */
export function clfTime(): TimeParser {
  let known = '';
  let minuteMs = 0;
  let head = '';
  let zone = '';
  return (text) => {
    if (text.length !== clfLength) return undefined;
    const second = digits(text, 18);
    if (second < 0 || second > 60) return undefined;
    if (!(known !== '' && text.startsWith(known) && text.endsWith(zone))) {
      const parsed = clfMinute(text);
      if (parsed === undefined) return undefined;
      known = text.slice(0, 18);
      zone = text.slice(20);
      ({ minuteMs, head } = parsed);
    }
    // A leap second is written as the last second of its minute: no RFC 3339 reader of ours takes 60.
    const shown = second === 60 ? '59' : text.slice(18, 20);
    const offset = `${zone.slice(1, 4)}:${zone.slice(4)}`;
    return { timeMs: minuteMs + Math.min(second, 59) * 1000, instant: `${head}${shown}${offset}` };
  };
}

const clfLength = '17/May/2015:10:05:03 +0900'.length;

function clfMinute(text: string): { readonly minuteMs: number; readonly head: string } | undefined {
  const match = /^(\d\d)\/(\w{3})\/(20\d\d):(\d\d):(\d\d):\d\d [+-]\d{4}$/.exec(text);
  const month = months.indexOf(match?.[2] ?? '');
  if (match === null || month < 0) return undefined;
  const [, day = '', , year = '', hour = '', minute = ''] = match;
  const head = `${year}-${String(month + 1).padStart(2, '0')}-${day}T${hour}:${minute}:`;
  const minuteMs = Date.parse(`${head}00${text.slice(21, 24)}:${text.slice(24)}`);
  // Date.parse takes the 31st of a short month for the first of the next.
  const valid =
    Number.isFinite(minuteMs) && Number(day) <= new Date(Date.UTC(Number(year), month + 1, 0)).getUTCDate();
  return valid ? { minuteMs, head } : undefined;
}

/** ISO 8601 with its zone; without one it is in `zone`. A space may stand for the T, a comma for the point. */
export function isoTime(zone: string): TimeParser {
  const local = localTime(zone);
  return (text) => {
    const match =
      /^(20\d\d-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\d* ?(Z|z|[+-]\d\d(?::?\d\d)?)?$/.exec(text);
    if (match === null) return undefined;
    const [, day = '', time = '', fraction, offset] = match;
    const seconds = fraction === undefined ? time : `${time}.${fraction}`;
    if (offset === undefined) return local(`${day}T${seconds}`);
    const written = /^z$/i.test(offset)
      ? 'Z'
      : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
    return checked(`${day}T${seconds}${written}`);
  };
}

/** Seconds since 1970 with or without a fraction, or whole milliseconds, microseconds or nanoseconds. Written in UTC. */
export const epochTime: TimeParser = (text) => {
  if (!/^\d{9,10}(\.\d{1,9})?$|^\d{12,13}(\.\d+)?$|^\d{15,16}$|^\d{18,19}$/.test(text)) return undefined;
  const digits = text.indexOf('.') < 0 ? text.length : text.indexOf('.');
  const value = Number(text);
  return utcTime(digits <= 10 ? value * 1000 : digits <= 13 ? value : value / (digits <= 16 ? 1e3 : 1e6));
};

/** An instant given as epoch milliseconds; undefined outside of the years 2000 to 2099. */
function utcTime(milliseconds: number): LogTime | undefined {
  const timeMs = Math.round(milliseconds);
  if (!(timeMs >= firstMs && timeMs < lastMs)) return undefined;
  return { timeMs, instant: new Date(timeMs).toISOString() };
}

/** What servers write without being told how: ISO 8601, `17/May/2015:10:05:03 +0900`, HAProxy's, or since 1970. */
export function anyTime(zone: string): TimeParser {
  const parsers = [isoTime(zone), clfTime(), epochTime, patternTime('%d/%b/%Y:%H:%M:%S.%f', zone)];
  return (text) => {
    for (const parse of parsers) {
      const read = parse(text);
      if (read !== undefined) return read;
    }
    return undefined;
  };
}

/** A pattern with `%Y %m %d %b %H %M %S %f %z %y %e` and plain letters, as strftime has them; without `%z` it is in `zone`. */
export function patternTime(pattern: string, zone: string): TimeParser {
  const names: string[] = [];
  const source = pattern.replaceAll(/%(.)|[^%\w\s]/g, (found, letter: string | undefined) => {
    if (letter === undefined) return `\\${found}`;
    const form = patternForms[letter];
    if (form === undefined)
      throw new OctavoError('ship_config_invalid', `'%${letter}' of the time '${pattern}' is not known`);
    names.push(letter);
    return form;
  });
  const expression = new RegExp(`^${source}$`);
  const local = localTime(zone);
  return (text) => {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const part = (letter: string): string | undefined => match[names.indexOf(letter) + 1];
    const has = (letter: string): boolean => names.includes(letter);
    const year = has('Y') ? part('Y') : `20${part('y') ?? ''}`;
    const month = has('b') ? months.indexOf(part('b') ?? '') + 1 : Number(part('m'));
    const day = Number(has('e') ? part('e') : part('d'));
    const two = (value: number): string => String(value).padStart(2, '0');
    const fraction = has('f') ? `.${part('f')}` : '';
    const time = [part('H'), part('M'), has('S') ? part('S') : '00'].join(':');
    const written = `${year}-${two(month)}-${two(day)}T${time}${fraction}`;
    const offset = part('z');
    if (!has('z') || offset === undefined) return local(written);
    return checked(`${written}${offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`}`);
  };
}

const patternForms: Readonly<Record<string, string>> = {
  Y: String.raw`(20\d\d)`,
  y: String.raw`(\d\d)`,
  m: String.raw`(\d\d)`,
  d: String.raw`(\d\d)`,
  e: String.raw` ?(\d{1,2})`,
  b: String.raw`(\w{3})`,
  H: String.raw`(\d\d)`,
  M: String.raw`(\d\d)`,
  S: String.raw`(\d\d)`,
  f: String.raw`(\d{1,9})`,
  z: String.raw`(Z|[+-]\d\d:?\d\d)`,
};

/** A wall-clock time of a zone. Twice in the night when clocks go back: the first is taken. */
function localTime(zone: string): TimeParser {
  let known = '';
  let offset = '';
  return (text) => {
    const minute = text.slice(0, 16);
    if (minute !== known) {
      try {
        offset = Temporal.PlainDateTime.from(minute).toZonedDateTime(zone).offset;
        known = minute;
      } catch {
        return undefined;
      }
    }
    return checked(`${text}${offset}`);
  };
}

function checked(instant: string): LogTime | undefined {
  const timeMs = Date.parse(instant);
  if (!(timeMs >= firstMs && timeMs < lastMs)) return undefined;
  const day = Number(instant.slice(8, 10));
  const days = new Date(Date.UTC(Number(instant.slice(0, 4)), Number(instant.slice(5, 7)), 0)).getUTCDate();
  return day <= days ? { timeMs, instant } : undefined;
}

const firstMs = Date.UTC(2000, 0, 2);
const lastMs = Date.UTC(2099, 11, 31);

function digits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 48;
  const ones = text.charCodeAt(index + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}
