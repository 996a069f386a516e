import { namesOf } from './field-sources.ts';
import type { FieldName } from './fields.ts';

/** How the lines of a well-known writer are recognised and read. */
export interface RecordShape {
  readonly name: string;
  /** Names that only its lines have: all of one of these. */
  readonly marks: readonly (readonly string[])[];
  /** Names of the fields, the best first; those that are not there have the usual ones. */
  readonly fields: Readonly<Partial<Record<FieldName, readonly string[]>>>;
  /** How many of the units of its durations are a second. Default 1, or what the name says. */
  readonly perSecond?: number;
}

/** Headers as Go's servers and as Node's write them, below a name. */
function headers(below: string): RecordShape['fields'] {
  const both = (name: string): readonly string[] => [`${below}.${name}`, `${below}.${name.toLowerCase()}`];
  return {
    agent: both('User-Agent'),
    referrer: both('Referer'),
    forwarded_for: both('X-Forwarded-For'),
    forwarded: both('Forwarded'),
  };
}

/** The writers that are known without `fields`, as they write when nobody changed it. */
export const recordShapes: readonly RecordShape[] = [
  {
    name: 'Elastic Common Schema',
    marks: [
      ['http.request.method', '@timestamp'],
      ['url.original', '@timestamp'],
      ['url.path', '@timestamp'],
    ],
    fields: {
      time: ['@timestamp'],
      ip: ['client.ip', 'source.ip', 'client.address', 'source.address'],
      forwarded_for: ['http.request.headers.x-forwarded-for', 'http.request.headers.X-Forwarded-For'],
      user: ['user.id', 'user.name'],
      request: [],
      method: ['http.request.method'],
      target: ['url.original', 'url.full', 'url.path'],
      query: ['url.query'],
      status: ['http.response.status_code'],
      bytes: ['http.response.body.bytes', 'http.response.bytes'],
      seconds: ['event.duration'],
      referrer: ['http.request.referrer'],
      agent: ['user_agent.original'],
      host: ['url.domain', 'destination.domain'],
    },
    perSecond: 1e9,
  },
  {
    name: 'Caddy',
    marks: [['request.uri'], ['request.method', 'request.proto'], ['request.method', 'request.remote_ip']],
    fields: {
      ...headers('request.headers'),
      time: ['ts', 'time', 'timestamp', '@timestamp'],
      ip: ['request.client_ip', 'request.remote_ip', 'request.remote_addr'],
      user: ['user_id'],
      request: [],
      method: ['request.method'],
      target: ['request.uri'],
      status: ['status'],
      bytes: ['size'],
      seconds: ['duration'],
      host: ['request.host'],
    },
  },
  {
    name: 'pino-http',
    marks: [['req.method'], ['req.url']],
    fields: {
      ...headers('req.headers'),
      time: ['time', 'timestamp', '@timestamp', 'ts'],
      ip: ['req.remoteAddress', 'req.ip'],
      user: ['req.user.id', 'userId', 'user_id', 'user.id'],
      request: [],
      method: ['req.method'],
      target: ['req.url', 'req.originalUrl'],
      query: [],
      status: ['res.statusCode', 'statusCode', 'res.status'],
      bytes: ['res.headers.content-length', 'res.headers.Content-Length', 'res.contentLength'],
      seconds: ['responseTime'],
      host: ['req.headers.host', 'req.headers.Host', 'req.host'],
    },
  },
  {
    name: 'Traefik',
    marks: [['RequestPath'], ['RequestMethod', 'DownstreamStatus']],
    fields: {
      time: ['StartUTC', 'StartLocal', 'time'],
      ip: ['ClientHost', 'ClientAddr'],
      forwarded_for: ['request_X-Forwarded-For'],
      forwarded: ['request_Forwarded'],
      user: ['ClientUsername'],
      request: [],
      method: ['RequestMethod'],
      target: ['RequestPath'],
      status: ['DownstreamStatus', 'OriginStatus'],
      bytes: ['DownstreamContentSize', 'OriginContentSize'],
      seconds: ['Duration'],
      referrer: ['request_Referer'],
      agent: ['request_User-Agent'],
      host: ['RequestAddr', 'RequestHost'],
    },
    perSecond: 1e9,
  },
  {
    name: 'Envoy',
    marks: [['start_time', 'response_code']],
    fields: {
      time: ['start_time'],
      ip: ['downstream_remote_address', 'downstream_direct_remote_address'],
      forwarded_for: ['x_forwarded_for'],
      user: ['user_id'],
      request: [],
      method: ['method'],
      target: ['path', 'x_envoy_original_path'],
      status: ['response_code'],
      bytes: ['bytes_sent'],
      seconds: ['duration'],
      referrer: ['referer'],
      agent: ['user_agent'],
      host: ['authority'],
    },
    perSecond: 1e3,
  },
  {
    name: 'HAProxy',
    marks: [
      ['frontend_name'],
      ['frontend.name'],
      ['haproxy_clientIP'],
      ['name.frontend', 'network.client_ip'],
    ],
    fields: {
      time: namesOf(`request.start_gmt datetime_gmt haproxy_dateTime request_date date_time datetime
    timestamp time date`),
      ip: ['client_ip', 'client.ip', 'haproxy_clientIP', 'network.client_ip', 'remote_addr'],
      request: ['http_request', 'request'],
      method: ['http_method', 'method', 'request.method'],
      target: ['uri', 'url', 'http_uri', 'request.uri', 'request.hu', 'path', 'http_path', 'request.hp'],
      query: ['query', 'http_query', 'request.hq'],
      status: ['status_code', 'status', 'response.status_code'],
      bytes: ['bytes_read', 'haproxy_bytesRead', 'bytes_sent', 'bytes.read'],
      seconds: [],
      host: ['http_host', 'request.header.host'],
      agent: ['user_agent', 'http_user_agent', 'request.header.user_agent'],
      referrer: ['referer', 'http_referer', 'request.header.referer'],
      forwarded_for: ['x_forwarded_for', 'http_x_forwarded_for', 'request.header.xforwardfor'],
    },
  },
  {
    name: 'Google Cloud load balancer',
    marks: [['httpRequest.requestUrl'], ['httpRequest.requestMethod']],
    fields: {
      time: ['timestamp', 'receiveTimestamp'],
      ip: ['httpRequest.remoteIp'],
      request: [],
      method: ['httpRequest.requestMethod'],
      target: ['httpRequest.requestUrl'],
      status: ['httpRequest.status'],
      bytes: ['httpRequest.responseSize'],
      seconds: ['httpRequest.latency'],
      referrer: ['httpRequest.referer'],
      agent: ['httpRequest.userAgent'],
    },
  },
  {
    name: 'Cloudflare',
    marks: [['ClientRequestURI'], ['ClientRequestMethod', 'EdgeResponseStatus']],
    fields: {
      time: ['EdgeStartTimestamp', 'EdgeEndTimestamp'],
      ip: ['ClientIP'],
      request: [],
      method: ['ClientRequestMethod'],
      target: ['ClientRequestURI', 'ClientRequestPath'],
      status: ['EdgeResponseStatus'],
      bytes: ['EdgeResponseBytes'],
      seconds: [],
      referrer: ['ClientRequestReferer'],
      agent: ['ClientRequestUserAgent'],
      host: ['ClientRequestHost'],
    },
  },
];
