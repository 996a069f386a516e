import { clientIp, type ClientRule } from './client-ip.ts';
import { lineFailure, type LineFailure, type LogRequest } from './log-request.ts';
import type { TimeParser } from './log-time.ts';

/** What a field of a line can be. */
export const fieldNames = [
  'time',
  'ip',
  'forwarded_for',
  'forwarded',
  'user',
  'request',
  'method',
  'target',
  'query',
  'status',
  'bytes',
  'seconds',
  'referrer',
  'agent',
  'host',
] as const;
export type FieldName = (typeof fieldNames)[number];

/** Text of a field; `-` and nothing mean that there is none. */
export type FieldText = (field: FieldName) => string | undefined;

/** Puts a request together from the texts of its fields. */
export function requestOf(
  format: string,
  text: FieldText,
  options: {
    readonly time: TimeParser;
    readonly client: ClientRule;
    /** Whether the line has a place for what was asked for, be it empty. */
    readonly asked: boolean;
    readonly extra?: Readonly<Record<string, unknown>> | undefined;
  },
): LogRequest | LineFailure {
  const written = text('time');
  if (written === undefined) return lineFailure(format, 'the line has no time');
  const time = options.time(written);
  if (time === undefined)
    return lineFailure(format, `the time '${written.slice(0, shownMax)}' cannot be read`);
  const answered = text('status');
  if (answered !== undefined && !isStatus(answered))
    return lineFailure(format, `the status '${answered.slice(0, shownMax)}' is no number`);
  const status = answered === undefined ? undefined : Math.max(0, Number(answered));
  let method = text('method')?.toUpperCase();
  let target = text('target');
  const line = target === undefined ? text('request') : undefined;
  if (line !== undefined) ({ method = method, target } = splitRequest(line));
  const query = text('query');
  if (target !== undefined && query !== undefined && query !== '?' && !target.includes('?'))
    target = query.startsWith('?') ? target + query : `${target}?${query}`;
  const isWhole = target !== undefined && (method !== undefined || status !== undefined);
  const isShown = status !== undefined && status >= 200 && status < 400;
  const isBroken = status !== undefined && (line !== undefined || (options.asked && !isShown));
  return {
    timeMs: time.timeMs,
    instant: time.instant,
    asks: isWhole ? 'something' : isBroken ? 'garbage' : 'nothing',
    ip: clientIp(options.client, text),
    user: text('user'),
    method,
    target,
    status,
    bytes: wholeOf(text('bytes')),
    seconds: secondsOf(text('seconds')),
    referrer: text('referrer'),
    agent: text('agent'),
    host: text('host'),
    extra: options.extra,
  };
}

/** Whether a text is a status; HAProxy writes -1 for none. */
export function isStatus(text: string): boolean {
  if (text === '-1') return true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0 && text.length < 10;
}

/** `GET /books/1 HTTP/1.1`: the method, and what is asked for. What is no request (a TLS greeting, scans) has neither. */
export function splitRequest(line: string): { method?: string; target?: string } {
  const first = line.indexOf(' ');
  if (first <= 0 || first > methodMax) return {};
  for (let at = 0; at < first; at++) {
    const code = line.charCodeAt(at);
    if (code < 65 || code > 90) return {};
  }
  const last = line.lastIndexOf(' ');
  const end = last > first && line.startsWith('HTTP/', last + 1) ? last : line.length;
  const target = line.slice(first + 1, end);
  return target === '' ? {} : { method: line.slice(0, first), target };
}

const methodMax = 20;
const shownMax = 60;

function wholeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** A number of seconds, or of the unit that stands behind it. */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  let value = Number(text);
  if (Number.isNaN(value)) {
    const [, digits = text, unit = 's'] = /^([\d.]+)(ns|us|µs|ms|s)$/.exec(text) ?? [];
    value = Number(digits) / (perSecond[unit] ?? 1);
  }
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

const perSecond: Readonly<Record<string, number>> = { ns: 1e9, us: 1e6, µs: 1e6, ms: 1e3, s: 1 };
