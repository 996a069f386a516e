import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLineFailure, type LineParser, type LogRequest } from './log-request.ts';
import { clfTime, epochTime, isoTime, patternTime } from './log-time.ts';
import { combinedPattern, commonPattern, patternLine } from './pattern-line.ts';
import { compileExpression, expressionLine, jsonLine, logfmtLine } from './record-line.ts';

const combined = patternLine(combinedPattern, { format: 'combined', time: () => clfTime() });

function read(parse: LineParser, line: string): LogRequest {
  const request = parse(line);
  if (isLineFailure(request)) throw new Error(request.message);
  return request;
}

test('a combined line is taken apart, dashes are nothing', () => {
  const line =
    '93.114.45.13 - kim [17/May/2015:10:05:14 +0900] "GET /books/7?a=b HTTP/1.1" 200 18848 "-" "Mozilla/5.0 (X11)"';
  assert.deepEqual(read(combined, line), {
    timeMs: Date.UTC(2015, 4, 17, 1, 5, 14),
    instant: '2015-05-17T10:05:14+09:00',
    asks: 'something',
    ip: '93.114.45.13',
    user: 'kim',
    method: 'GET',
    target: '/books/7?a=b',
    status: 200,
    bytes: 18848,
    seconds: undefined,
    referrer: undefined,
    agent: 'Mozilla/5.0 (X11)',
    host: undefined,
    extra: undefined,
  });
});

test('escaped quotes and bytes of Apache and nginx are read', () => {
  const line = String.raw`::1 - - [01/Mar/2026:00:00:00 +0000] "GET /search?q=\xEC\xB1\x85 HTTP/1.1" 404 - "-" "a \"b\" \\ c"`;
  const { target, agent, bytes, ip } = read(combined, line);
  assert.deepEqual([target, agent, bytes, ip], ['/search?q=책', String.raw`a "b" \ c`, undefined, '::1']);
});

test('what is no request has no method, what is no line fails with a reason', () => {
  const scan = String.raw`1.2.3.4 - - [01/Mar/2026:00:00:00 +0000] "\x16\x03\x01" 400 150 "-" "-"`;
  const { method, target, status } = read(combined, scan);
  assert.deepEqual([method, target, status], [undefined, undefined, 400]);
  for (const [line, why] of [
    ['hello', /'\[' is missing|' ' is missing/],
    ['1.2.3.4 - - [32/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"', /the time '32\/May/],
    ['1.2.3.4 - - [31/Jun/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "-"', /the time '31\/Jun/],
    [
      '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "no end',
      /'"' is missing for \$http_user_agent/,
    ],
  ] as const) {
    const failure = combined(line);
    assert.ok(isLineFailure(failure), line);
    assert.match(failure.message, why);
  }
});

test("nginx's own variables, in any order, with fields that are kept", () => {
  const parse = patternLine(
    '$msec|$request_time|$host|"$request"|$status|$upstream_cache_status|$remote_addr',
    {
      format: 'nginx',
      time: () => epochTime,
      keep: ['upstream_cache_status'],
    },
  );
  const { instant, seconds, host, target, extra } = read(
    parse,
    '1772323200.250|0.012|books.example|"GET /a|b HTTP/2.0"|200|HIT|10.0.0.1',
  );
  assert.deepEqual(
    [instant, seconds, host, target, extra],
    ['2026-03-01T00:00:00.250Z', 0.012, 'books.example', '/a|b', { upstream_cache_status: 'HIT' }],
  );
  assert.throws(
    () => patternLine('$remote_addr$status', { format: 'nginx', time: () => clfTime() }),
    /nothing stands between/,
  );
  assert.throws(
    () => patternLine('$remote_addr $status', { format: 'nginx', time: () => clfTime() }),
    /has no time/,
  );
});

test('the common format ends with the bytes', () => {
  const parse = patternLine(commonPattern, { format: 'common', time: () => clfTime() });
  assert.equal(read(parse, '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 200 12').bytes, 12);
});

test('JSON and logfmt are read by the usual names, or by declared ones', () => {
  const json = jsonLine({ time: isoTime('UTC'), fields: { user: 'who.id' }, keep: ['shop'] });
  const line =
    '{"time":"2026-03-01T10:00:00.5+0900","who":{"id":7},"request":"POST /v1/x HTTP/1.1","status":201,"shop":"a"}';
  const { instant, user, method, target, status, extra } = read(json, line);
  assert.deepEqual(
    [instant, user, method, target, status, extra],
    ['2026-03-01T10:00:00.5+09:00', '7', 'POST', '/v1/x', 201, { shop: 'a' }],
  );
  assert.ok(isLineFailure(json('[1]')));
  assert.ok(isLineFailure(json('{"a":')));
  const logfmt = logfmtLine({ time: isoTime('Asia/Seoul') });
  const second = read(
    logfmt,
    String.raw`ts="2026-03-01 10:00:00" method=GET path=/x agent="a \"b\"" flag user_id=r1`,
  );
  assert.deepEqual([second.instant, second.agent, second.user], ['2026-03-01T10:00:00+09:00', 'a "b"', 'r1']);
  const escaped = String.raw`ts=2026-03-01T10:00:00Z path="/s?q=\xEC\x86\x8C" agent="\x22\u20ac\ud83d\ude00\\x22\n"`;
  const third = read(logfmt, escaped);
  assert.deepEqual([third.target, third.agent], ['/s?q=소', String.raw`"€😀\x22` + '\n']);
});

test('an expression of one’s own matches in time that grows with the line', () => {
  const parse = expressionLine(String.raw`^(?<time>\S+) (?<method>[A-Z]+) (?<target>\S+) (?P<status>\d+)$`, {
    time: isoTime('UTC'),
  });
  assert.equal(read(parse, '2026-03-01T10:00:00Z GET /books/1 200').status, 200);
  // Takes hours with an engine that tries every way.
  const evil = compileExpression('^(a+)+$');
  assert.equal(evil.matcher(`${'a'.repeat(5000)}b`).matches(), false);
  assert.throws(() => expressionLine('(?<a>', { time: epochTime }), /the expression/);
  assert.throws(() => expressionLine('a', { time: epochTime }), /no named groups/);
});

test('local times follow their zone over the changes of its clocks', () => {
  const local = isoTime('Europe/Berlin');
  assert.equal(local('2026-03-29T01:59:59')?.instant, '2026-03-29T01:59:59+01:00');
  assert.equal(local('2026-03-29T03:00:00')?.instant, '2026-03-29T03:00:00+02:00');
  const written = patternTime('%d/%b/%Y %H:%M:%S', 'Asia/Seoul');
  assert.deepEqual(written('01/Mar/2026 06:00:00'), {
    timeMs: Date.UTC(2026, 1, 28, 21),
    instant: '2026-03-01T06:00:00+09:00',
  });
  assert.equal(written('1 March'), undefined);
  assert.equal(clfTime()('17/May/2015:10:05:60 +0000')?.instant, '2015-05-17T10:05:59+00:00');
  assert.equal(isoTime('UTC')('2026-02-30T00:00:00Z'), undefined);
});
