import { lineFailure, type LineFailure, type LogRequest } from './log-request.ts';
import type { TimeParser } from './log-time.ts';

/** What a field of a line can be. */
export const fieldNames = [
  'time',
  'ip',
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

/** Names under which servers and log libraries write each field. */
const aliases: Readonly<Record<FieldName, readonly string[]>> = {
  time: ['time', 'timestamp', '@timestamp', 'ts', 'time_local', 'time_iso8601', 'msec', 'datetime'],
  ip: ['remote_addr', 'client_ip', 'remote_ip', 'ip', 'client', 'clientip', 'remote_host'],
  user: ['remote_user', 'user_id', 'user', 'reader_id', 'auth'],
  request: ['request', 'request_line'],
  method: ['request_method', 'method', 'http_method', 'verb'],
  target: ['request_uri', 'target', 'url', 'uri', 'path'],
  query: ['query_string', 'args', 'query'],
  status: ['status', 'status_code', 'response', 'code'],
  bytes: ['body_bytes_sent', 'bytes', 'bytes_sent', 'size', 'response_size'],
  seconds: ['request_time', 'duration_seconds', 'seconds', 'duration', 'elapsed'],
  referrer: ['http_referer', 'referer', 'referrer'],
  agent: ['http_user_agent', 'user_agent', 'agent', 'useragent'],
  host: ['http_host', 'host', 'server_name', 'vhost'],
};

/** The field that a name commonly stands for. */
export function fieldOfName(name: string): FieldName | undefined {
  return fieldNames.find((field) => aliases[field].includes(name));
}

/** Which names of a line hold the fields: what is declared, else the usual names, the first that is there. */
export function sourcesOf(
  declared: Readonly<Partial<Record<FieldName, string>>>,
): Readonly<Record<FieldName, readonly string[]>> {
  return Object.fromEntries(
    fieldNames.map((field) => {
      const name = declared[field];
      return [field, name === undefined ? aliases[field] : [name]];
    }),
  ) as Record<FieldName, readonly string[]>;
}

/** Text of a field; `-` and nothing mean that there is none. */
export type FieldText = (field: FieldName) => string | undefined;

/** Puts a request together from the texts of its fields. */
export function requestOf(
  format: string,
  text: FieldText,
  options: { readonly time: TimeParser; readonly extra?: Readonly<Record<string, unknown>> | undefined },
): LogRequest | LineFailure {
  const written = text('time');
  if (written === undefined) return lineFailure(format, 'the line has no time');
  const time = options.time(written);
  if (time === undefined)
    return lineFailure(format, `the time '${written.slice(0, shownMax)}' cannot be read`);
  let method = text('method');
  let target = text('target');
  const line = target === undefined ? text('request') : undefined;
  if (line !== undefined) ({ method = method, target } = splitRequest(line));
  const query = text('query');
  if (target !== undefined && query !== undefined && !target.includes('?')) target = `${target}?${query}`;
  return {
    timeMs: time.timeMs,
    instant: time.instant,
    ip: text('ip'),
    user: text('user'),
    method,
    target,
    status: wholeOf(text('status')),
    bytes: wholeOf(text('bytes')),
    seconds: numberOf(text('seconds')),
    referrer: text('referrer'),
    agent: text('agent'),
    host: text('host'),
    extra: options.extra,
  };
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

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
