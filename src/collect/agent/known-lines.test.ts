import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import Fastify from 'fastify';
import { compileInput, type Input } from './input.ts';
import { eventText, lineEvent, noRequest } from './event/line-event.ts';
import { parseShipConfig } from './parse-config.ts';
import { isLineFailure } from './line/log-request.ts';
import { valuePath } from './line/value-path.ts';

function inputOf(more = '', format = 'json'): Input {
  const { inputs } = parseShipConfig(
    `to: { url: 'http://x/' }\ninputs: [{ files: a, format: ${format}${more} }]\n`,
    'ship.yaml',
  );
  const [config] = inputs;
  assert.ok(config !== undefined);
  return compileInput(config, true);
}

/** The event of a line, or why it is none. */
function eventOf(line: string | object, input = inputOf()): Readonly<Record<string, unknown>> | string {
  const request = input.parse(typeof line === 'string' ? line : JSON.stringify(line));
  if (isLineFailure(request)) return request.message;
  const made = lineEvent(input.rules, request);
  if (typeof made !== 'object') return made ?? noRequest.message;
  const text = eventText(input.rules, made, 'b70dc903-f0a5-87ef-bef1-000000001d8d', undefined);
  const { id: _id, ...event } = JSON.parse(text) as Record<string, unknown>;
  return event;
}

const agent = 'Mozilla/5.0 (X11; Linux x86_64)';
const caddy = {
  level: 'info',
  ts: 1772326800.5241024,
  logger: 'http.log.access.log0',
  msg: 'handled request',
  request: {
    remote_ip: '203.0.113.9',
    remote_port: '41342',
    client_ip: '203.0.113.9',
    proto: 'HTTP/2.0',
    method: 'GET',
    host: 'books.example',
    uri: '/books/7?a=b',
    headers: { 'User-Agent': [agent], Accept: ['*/*'], Referer: ['https://books.example/'] },
    tls: { resumed: false, version: 772, server_name: 'books.example' },
  },
  bytes_read: 0,
  user_id: '',
  duration: 0.25,
  size: 10900,
  status: 200,
  resp_headers: { Server: ['Caddy'] },
};
const ecs = {
  '@timestamp': '2026-03-01T01:00:00.524Z',
  'ecs.version': '8.10.0',
  message: 'GET /books/7',
  agent: { type: 'filebeat' },
  host: { name: 'web1' },
  http: {
    request: { method: 'get', referrer: 'https://books.example/' },
    response: { status_code: 200, body: { bytes: 10900 } },
  },
  url: { original: '/books/7?a=b', path: '/books/7', query: 'a=b', domain: 'books.example' },
  client: { ip: '203.0.113.9' },
  user_agent: { original: agent },
  event: { duration: 250_000_000 },
};
const pino = {
  level: 30,
  time: 1_772_326_800_524,
  pid: 7,
  hostname: 'web1',
  req: {
    id: 1,
    method: 'GET',
    url: '/books/7?a=b',
    query: { a: 'b' },
    headers: { host: 'books.example', 'user-agent': agent, referer: 'https://books.example/' },
    remoteAddress: '203.0.113.9',
    remotePort: 41342,
  },
  res: { statusCode: 200, headers: { 'content-length': '10900' } },
  responseTime: 250,
  msg: 'request completed',
};
const traefik = {
  ClientAddr: '203.0.113.9:41342',
  ClientHost: '203.0.113.9',
  ClientPort: '41342',
  ClientUsername: '-',
  DownstreamContentSize: 10900,
  DownstreamStatus: 200,
  Duration: 250_000_000,
  OriginStatus: 200,
  RequestAddr: 'books.example',
  RequestHost: 'books.example',
  RequestMethod: 'GET',
  RequestPath: '/books/7?a=b',
  RequestProtocol: 'HTTP/2.0',
  StartLocal: '2026-03-01T10:00:00.524102400+09:00',
  StartUTC: '2026-03-01T01:00:00.524Z',
  entryPointName: 'websecure',
  level: 'info',
  msg: '',
  'request_User-Agent': agent,
  request_Referer: 'https://books.example/',
  time: '2026-03-01T01:00:01Z',
};
const envoy = {
  authority: 'books.example',
  bytes_received: 0,
  bytes_sent: 10900,
  downstream_local_address: '10.0.0.5:8443',
  downstream_remote_address: '203.0.113.9:41342',
  duration: 250,
  method: 'GET',
  path: '/books/7?a=b',
  protocol: 'HTTP/2',
  referer: 'https://books.example/',
  request_id: 'f2a6c9e8',
  response_code: 200,
  response_flags: '-',
  start_time: '2026-03-01T01:00:00.524Z',
  upstream_cluster: 'outbound|80||shop',
  user_agent: agent,
  x_forwarded_for: null,
};
const haproxy = {
  datetime: '01/Mar/2026:01:00:00.524',
  client_ip: '203.0.113.9',
  client_port: 41342,
  frontend_name: 'fe_main',
  backend_name: 'shop',
  http_request: 'GET /books/7?a=b HTTP/1.1',
  status_code: 200,
  bytes_read: 10900,
  request_time: 250,
  user_agent: agent,
  referer: 'https://books.example/',
  http_host: 'books.example',
};
const google = {
  timestamp: '2026-03-01T01:00:00.524Z',
  httpRequest: {
    requestMethod: 'GET',
    requestUrl: 'https://books.example/books/7?a=b',
    responseSize: '10900',
    status: 200,
    userAgent: agent,
    remoteIp: '203.0.113.9',
    referer: 'https://books.example/',
    latency: '0.250s',
  },
};
const cloudflare = {
  ClientIP: '203.0.113.9',
  ClientRequestHost: 'books.example',
  ClientRequestMethod: 'GET',
  ClientRequestReferer: 'https://books.example/',
  ClientRequestURI: '/books/7?a=b',
  ClientRequestUserAgent: agent,
  EdgeResponseBytes: 10900,
  EdgeResponseStatus: 200,
  EdgeStartTimestamp: '2026-03-01T01:00:00.524Z',
};

const expected = {
  kind: 'view_item',
  occurred_at: '2026-03-01T01:00:00.524Z',
  page: { url: 'https://books.example/books/7?a=b', referrer: 'https://books.example/' },
  items: [{ item_id: '7' }],
  properties: { method: 'GET', status: 200, bytes: 10900, seconds: 0.25 },
  user_agent: agent,
  ip: '203.0.113.9',
};

/** HAProxy's times say no zone. */
function zulu(event: ReturnType<typeof eventOf>): unknown {
  return typeof event === 'string'
    ? event
    : { ...event, occurred_at: String(event['occurred_at']).replace('+00:00', 'Z') };
}

/** An object whose inner names are written with dots. */
function flat(value: object, before = ''): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]: [string, unknown]): (readonly [string, unknown])[] =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.entries(flat(inner, `${before}${name}.`))
        : [[`${before}${name}`, inner]],
    ),
  );
}

test('the JSON of well-known servers and libraries needs no fields', () => {
  const shapes = { caddy, ecs, pino, traefik, envoy, google };
  const input = inputOf();
  for (const [name, line] of Object.entries(shapes)) {
    assert.deepEqual(eventOf(line, input), expected, name);
    assert.deepEqual(eventOf(flat(line), input), expected, `${name}, flat`);
  }
  const { seconds: _none, ...untimed } = expected.properties;
  for (const line of [haproxy, cloudflare])
    assert.deepEqual(zulu(eventOf(line, input)), { ...expected, properties: untimed });
  const docker = { log: `${JSON.stringify(caddy)}\n`, stream: 'stdout', time: '2026-03-01T09:00:00Z' };
  assert.deepEqual(eventOf(docker, input), expected);
  const half = {
    ...ecs,
    http: undefined,
    'http.request': ecs.http.request,
    'http.response': { status_code: 200, 'body.bytes': 10900 },
  };
  assert.deepEqual(eventOf(half, input), expected);
});

test('what Fastify writes of a request is one, what it writes of an answer alone is none', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(...chunk.toString().trim().split('\n'));
      done();
    },
  });
  const server = Fastify({ logger: { stream } });
  server.get('/books/:id', () => 'a book');
  await server.inject({ url: '/books/7?a=b', headers: { host: 'books.example' } });
  await server.close();
  const events = lines.map((line) => eventOf(line));
  const [asked] = events.filter((event) => typeof event === 'object');
  assert.deepEqual(
    [asked?.['kind'], asked?.['page']],
    ['view_item', { url: 'https://books.example/books/7?a=b' }],
  );
  assert.ok(events.includes(noRequest.message));
  assert.equal(events.filter((event) => typeof event === 'object').length, 1);
});

test('lines without what an event needs are refused, each with its reason; broken requests are told as such', () => {
  const input = inputOf();
  const without = (line: Readonly<Record<string, unknown>>, ...names: readonly string[]): object =>
    Object.fromEntries(Object.entries(line).filter(([name]) => !names.includes(name)));
  for (const [line, why] of [
    [without(caddy, 'request'), /has no request: nothing in it/],
    [{ ...caddy, request: without(caddy.request, 'uri') }, /has no request: nothing in it/],
    [without(traefik, 'RequestPath'), /has no request: nothing in it/],
    [without(ecs, '@timestamp'), /no time|no request/],
    [{ level: 30, time: 1_772_326_800_524, msg: 'listening' }, /has no request/],
    [{ time: '2026-03-01T01:00:00Z', path: '/var/tmp/x', msg: 'written' }, /has no request/],
    [{ ...caddy, ts: 'soon' }, /the time 'soon' cannot be read/],
    [{ time: 'x' }, /the time 'x' cannot be read/],
    [{}, /no time/],
    [{ log: 'no JSON', stream: 'stderr', time: '2026-03-01T01:00:00Z' }, /not valid JSON/],
  ] as const) {
    const reason = eventOf(line, input);
    assert.ok(typeof reason === 'string', JSON.stringify(reason));
    assert.match(reason, why);
  }
  const nginx = { time: '2026-03-01T01:00:00Z', request: '', status: '400', remote_addr: '203.0.113.9' };
  const broken = { ...envoy, method: null, path: null, response_code: 400 };
  for (const line of [nginx, { ...nginx, request: '\u0016\u0003\u0001' }, broken]) {
    const event = eventOf(line, input);
    assert.deepEqual(typeof event === 'object' && event['kind'], 'api_request');
  }
  const own = eventOf(
    { level: 30, time: 1_772_326_800_524, msg: 'listening', shop: 'a' },
    inputOf(', kind: app_log, keep: [shop]'),
  );
  assert.deepEqual(own, {
    kind: 'app_log',
    occurred_at: '2026-03-01T01:00:00.524Z',
    properties: { shop: 'a' },
  });
});

test('names in camel case, in lists, and declared ones beside a known shape', () => {
  const plain = {
    timestamp: 1_772_326_800_524_102,
    method: 'post',
    url: '/cart',
    statusCode: 201,
    userId: 'kim',
    userAgent: 'a',
    responseTime: 12,
    response: 'created',
  };
  const event = eventOf(plain) as typeof expected & { readonly reader_id: string };
  assert.deepEqual(
    [event.reader_id, event.properties, event.user_agent, event.occurred_at],
    ['kim', { method: 'POST', status: 201, seconds: 0.012 }, 'a', '2026-03-01T01:00:00.524Z'],
  );
  const declared = inputOf(
    ", fields: { user: 'request.headers.X-Reader[0]' }, keep: ['request.headers.Accept[0]']",
  );
  const headers = { ...caddy.request.headers, 'X-Reader': ['lee'] };
  const second = eventOf({ ...caddy, request: { ...caddy.request, headers } }, declared);
  assert.deepEqual(
    [(second as typeof event).reader_id, (second as typeof event).properties],
    ['lee', { ...expected.properties, request_headers_Accept_0: '*/*' }],
  );
  const logfmt = inputOf('', 'logfmt');
  const line = `ts=2026-03-01T01:00:00.524Z method=GET path=/books/7 host=books.example fwd="203.0.113.9" status=200 bytes=13 duration=18ms`;
  assert.deepEqual((eventOf(line, logfmt) as typeof event).properties, {
    method: 'GET',
    status: 200,
    bytes: 13,
    seconds: 0.018,
  });
  for (const [path, value] of [
    ['a.b.c', 1],
    ['x[1]', 3],
    ['x[0]', 2],
    ['y[0]', 'one'],
    ['y[1]', undefined],
    ['a.b', { c: 1 }],
    ['d.e.f.g', 5],
    ['z[0].n', 6],
    ['toString', undefined],
    ['a.b.c.d', undefined],
  ] as const)
    assert.deepEqual(
      valuePath(path)({ 'a.b': { c: 1 }, x: [2, 3], y: 'one', d: { 'e.f': { g: 5 }, e: 0 }, z: [{ n: 6 }] }),
      value,
      path,
    );
});

test('behind proxies the address is the one that they tell, as far as they are trusted', () => {
  const ipOf = (line: string | object, input: Input): unknown => (eventOf(line, input) as { ip?: string }).ip;
  const pattern = `'$remote_addr "$http_x_forwarded_for" [$time_local] "$request" $status'`;
  const nginx = (more: string): Input => inputOf(`, pattern: ${JSON.stringify(pattern)}${more}`, 'nginx');
  const line = (remote: string, chain: string): string =>
    `${remote} "${chain}" [01/Mar/2026:10:00:00 +0900] "GET /books/1 HTTP/1.1" 200`;
  const plain = nginx('');
  const declared = nginx(', fields: { ip: http_x_forwarded_for }');
  const trusted = nginx(", trusted_proxies: [private, '198.51.100.7']");
  const both = nginx(", fields: { ip: http_x_forwarded_for }, trusted_proxies: ['10.0.0.0/8']");
  for (const [remote, chain, ips] of [
    ['10.0.0.1', '203.0.113.9, 10.0.0.2', ['10.0.0.1', '203.0.113.9', '203.0.113.9', '203.0.113.9']],
    [
      '10.0.0.1',
      '6.6.6.6, 203.0.113.9, 198.51.100.7',
      ['10.0.0.1', '198.51.100.7', '203.0.113.9', '198.51.100.7'],
    ],
    ['10.0.0.1', '-', ['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.1']],
    ['10.0.0.1', 'unknown', ['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.1']],
    ['10.0.0.1', '[2001:db8::1]:443', ['10.0.0.1', '2001:db8::1', '2001:db8::1', '2001:db8::1']],
    // Who is no proxy may write what he wants.
    ['203.0.113.66', '203.0.113.9', ['203.0.113.66', '203.0.113.9', '203.0.113.66', '203.0.113.66']],
    ['unix:', '203.0.113.9', [undefined, '203.0.113.9', '203.0.113.9', '203.0.113.9']],
  ] as const)
    assert.deepEqual(
      [plain, declared, trusted, both].map((input) => ipOf(line(remote, chain), input)),
      ips,
      `${remote} ${chain}`,
    );
  const visit = (input: Input, remote: string, chain: string): number => {
    const request = input.parse(line(remote, chain));
    const made = isLineFailure(request) ? undefined : lineEvent(input.rules, request);
    return typeof made === 'object' ? made.visit : assert.fail('no event');
  };
  // Another balancer, the same reader; the same balancer, another reader.
  assert.equal(
    visit(trusted, '10.0.0.1', '203.0.113.9'),
    visit(trusted, '10.0.0.2', '203.0.113.9, 10.0.0.1'),
  );
  assert.notEqual(visit(trusted, '10.0.0.1', '203.0.113.9'), visit(trusted, '10.0.0.1', '203.0.113.8'));
  const chained = { ...caddy.request, client_ip: undefined, remote_ip: '10.0.0.1' };
  const behind = {
    ...caddy,
    request: {
      ...chained,
      headers: { ...caddy.request.headers, 'X-Forwarded-For': ['203.0.113.77', '10.0.0.9'] },
    },
  };
  assert.equal(ipOf(behind, inputOf(', trusted_proxies: private')), '203.0.113.77');
  assert.equal(ipOf(behind, inputOf()), '10.0.0.1');
  assert.equal(
    ipOf(
      {
        ...pino,
        req: {
          ...pino.req,
          remoteAddress: '::ffff:10.0.0.1',
          headers: { forwarded: 'for="[2001:db8::7]:1"' },
        },
      },
      inputOf(', trusted_proxies: private'),
    ),
    '2001:db8::7',
  );
  assert.throws(() => inputOf(', trusted_proxies: [10.0.0.0/99]'), /'10.0.0.0\/99' is no address/);
  assert.throws(() => inputOf(', trusted_proxies: private', 'combined'), /no \$http_x_forwarded_for/);
  assert.throws(
    () => nginx(', fields: { ip: http_x_real_ip }'),
    /has no \$http_x_real_ip for the field 'ip'/,
  );
});

test('the combined format may have its host before it, as vhost_combined does; an address of version 6 is none', () => {
  const rest = '- frank [01/Mar/2026:10:00:00 +0900] "GET /books/t1 HTTP/1.1" 200 5 "-" "Mozilla/5.0"';
  const input = inputOf('', 'combined');
  for (const [address, url] of [
    ['books.example:443 203.0.113.9', 'https://books.example/books/t1'],
    ['books.example:80 2001:db8::1', 'https://books.example/books/t1'],
    ['2001:db8::1', '/books/t1'],
    ['::1', '/books/t1'],
    ['client.example.org', '/books/t1'],
  ] as const) {
    const event = eventOf(`${address} ${rest}`, input);
    assert.ok(typeof event === 'object', String(event));
    const [ip] = address.split(' ').toReversed();
    assert.deepEqual(
      [event['reader_id'], event['page'], event['ip']],
      ['frank', { url }, ip === 'client.example.org' ? undefined : ip],
    );
  }
});
