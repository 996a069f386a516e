import { fieldNames, type FieldName } from './fields.ts';

/** Names of values by the field that they are, where they are not the usual ones. */
export type DeclaredFields = Readonly<Partial<Record<FieldName, string>>>;

/** Names of the values that can be a field, the best one first. */
export type FieldSources = Readonly<Record<FieldName, readonly string[]>>;

/** Names from a text with blanks between them. */
export function namesOf(text: string): readonly string[] {
  return text.split(/\s+/);
}

/** Names under which servers and log libraries write each field. */
const aliases: FieldSources = {
  time: ['time', 'timestamp', '@timestamp', 'ts', 'time_local', 'time_iso8601', 'msec', 'datetime', 'date'],
  ip: namesOf(`remote_addr client_ip remote_ip ip client clientip remote_host remoteAddr
    remoteAddress remote-addr remote_address clientIp clientIP remoteIp`),
  forwarded_for: namesOf(`http_x_forwarded_for proxy_add_x_forwarded_for x_forwarded_for x-forwarded-for
    X-Forwarded-For xForwardedFor forwarded_for xff fwd headers.x-forwarded-for
    headers.X-Forwarded-For`),
  forwarded: ['http_forwarded', 'headers.forwarded', 'headers.Forwarded'],
  user: [
    'remote_user',
    'user_id',
    'userId',
    'user',
    'reader_id',
    'readerId',
    'remote-user',
    'remoteUser',
    'auth',
  ],
  request: ['request', 'request_line', 'requestLine', 'http_request'],
  method: ['request_method', 'method', 'http_method', 'httpMethod', 'requestMethod', 'verb'],
  target: [
    'request_uri',
    'requestUri',
    'target',
    'originalUrl',
    'url',
    'uri',
    'path',
    'requestUrl',
    'request_path',
  ],
  query: ['query_string', 'queryString', 'args', 'query'],
  status: [
    'status',
    'status_code',
    'statusCode',
    'response',
    'code',
    'http_status',
    'httpStatus',
    'response_code',
  ],
  bytes: namesOf(`body_bytes_sent bytes bytes_sent size response_size bytesSent responseSize
    contentLength content-length bytes_read`),
  seconds: namesOf(`request_time duration_seconds seconds duration elapsed duration_ms durationMs
    responseTime response_time_ms response-time elapsed_ms latency_ms duration_ns
    latency latency_human`),
  referrer: ['http_referer', 'referer', 'referrer', 'headers.referer', 'headers.Referer'],
  agent: namesOf(`http_user_agent user_agent agent useragent userAgent user-agent User-Agent
    headers.user-agent headers.User-Agent`),
  host: ['http_host', 'host', 'server_name', 'vhost', 'headers.host', 'headers.Host'],
};

/** The field that a name commonly stands for. */
export function fieldOfName(name: string): FieldName | undefined {
  return fieldNames.find((field) => aliases[field].includes(name));
}

/** Whether a value is what proxies write: where it is declared as the address, the reader's is in it. */
function isForwarding(name: string): 'forwarded' | 'forwarded_for' | undefined {
  if (/(?:^|[._])forwarded(?:\[0\])?$/i.test(name)) return 'forwarded';
  const isChain = aliases.forwarded_for.includes(name) || /forwarded[-_]?for(?:\[0\])?$/i.test(name);
  return isChain ? 'forwarded_for' : undefined;
}

/** Whether what is declared says that the reader's address is the one that proxies tell. */
export function believesProxies({ ip, forwarded, forwarded_for: chain }: DeclaredFields): boolean {
  return (
    forwarded !== undefined || chain !== undefined || (ip !== undefined && isForwarding(ip) !== undefined)
  );
}

/**
 * Which names of a line hold the fields: what is declared, else what its shape has, else the usual names. An address has the usual
 * names beside a declared one, for lines in which that is empty.
 */
export function sourcesOf(
  declared: DeclaredFields,
  shape: Readonly<Partial<Record<FieldName, readonly string[]>>> = {},
): FieldSources {
  const usual = { ...aliases, ...shape };
  const sources = Object.fromEntries(
    fieldNames.map((field) => {
      const name = declared[field];
      return [field, name === undefined ? usual[field] : [name]];
    }),
  ) as Record<FieldName, readonly string[]>;
  const { ip } = declared;
  if (ip === undefined) return sources;
  const forwarding = isForwarding(ip);
  if (forwarding === undefined) return { ...sources, ip: [ip, ...usual.ip] };
  const none = { forwarded: [], forwarded_for: [] };
  return { ...sources, ...none, ip: usual.ip, [forwarding]: [ip] };
}

/** How many of the units of a value are a second, by its name. */
export function perSecondOf(name: string): number {
  if (/(?:_ms|Ms|-ms|responseTime|response-time)$/.test(name)) return 1e3;
  return /(?:_ns|Ns|-ns)$/.test(name) ? 1e9 : 1;
}

/** Whether nothing tells the unit of a duration: `latency` is nanoseconds in one log (Echo's) and seconds in the next. */
export function isUnitless(name: string, text: string): boolean {
  return name === 'latency' && !Number.isNaN(Number(text));
}
