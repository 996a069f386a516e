import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../base/index.ts';
import { parseShipConfig } from '../parse-config.ts';
import { compileInput } from '../input.ts';
import { isLineFailure, type LineParser, type LogRequest } from './log-request.ts';
import { anyTime } from './log-time.ts';
import { patternLine } from './pattern-line.ts';

function parser(pattern: string, more: Partial<Parameters<typeof patternLine>[1]> = {}): LineParser {
  return patternLine(pattern, { format: 'nginx', time: () => anyTime('UTC'), ...more });
}

function read(parse: LineParser, line: string): LogRequest {
  const request = parse(line);
  if (isLineFailure(request)) throw new Error(request.message);
  return request;
}

const time = '01/Mar/2026:10:00:00 +0900';

test('a list with blanks, out of quotes, moves no column: X-Forwarded-For, and servers that were asked in turn', () => {
  const parse = parser(
    '$http_x_forwarded_for $host [$time_local] "$request" $status $upstream_addr $upstream_status $upstream_response_time $request_time',
    { keep: ['upstream_addr', 'upstream_status', 'upstream_response_time', 'http_x_forwarded_for'] },
  );
  const tail = `books.example [${time}] "GET /books/1 HTTP/2.0" 200`;
  for (const [chain, upstream] of [
    [
      '203.0.113.9, 10.0.0.2',
      ['10.0.0.1:80, 10.0.0.2:80 : 10.1.0.1:80', '502, 504 : 200', '0.001, - : 0.250'],
    ],
    ['203.0.113.9,10.0.0.2,  10.0.0.3', ['unix:/run/app.sock', '200', '0.010']],
    ['-', ['-', '-', '-']],
    ['2001:db8::1, 2001:db8::2', ['[::1]:80, [::2]:80', '504, 200', '1.000, 0.002']],
    // What a client may send.
    ['who knows', ['10.0.0.1:80', '200', '0.250']],
  ] as const) {
    const { host, target, status, seconds, extra } = read(
      parse,
      `${chain} ${tail} ${upstream.join(' ')} 0.251`,
    );
    assert.deepEqual([host, target, status, seconds], ['books.example', '/books/1', 200, 0.251]);
    const shown = (text: string | undefined): string | undefined => (text === '-' ? undefined : text);
    assert.deepEqual(extra, {
      http_x_forwarded_for: shown(chain),
      upstream_addr: shown(upstream[0]),
      upstream_status: shown(upstream[1]),
      upstream_response_time: shown(upstream[2]),
    });
  }
});

test('requests, times and user agents are read out of quotes too where the rest fits only so', () => {
  const parse = parser(
    '$time_local $remote_addr $request $status $body_bytes_sent $http_user_agent $request_time',
  );
  const line = `${time} ::1 GET /a b HTTP/1.1 404 12 Mozilla/5.0 (X11; Linux x86_64) 0.003`;
  const { instant, ip, target, status, bytes, agent, seconds } = read(parse, line);
  assert.deepEqual(
    [instant, ip, target, status, bytes, agent, seconds],
    ['2026-03-01T10:00:00+09:00', '::1', '/a b', 404, 12, 'Mozilla/5.0 (X11; Linux x86_64)', 0.003],
  );
  const garbage = read(parse, String.raw`${time} ::1 \x16\x03 \x01 400 150 - 0.000`);
  assert.deepEqual([garbage.asks, garbage.method, garbage.status], ['garbage', undefined, 400]);
  assert.equal(read(parse, `${time} ::1 - 408 0 - 60.000`).asks, 'garbage');
});

test('what cannot be a column is refused with the place, and nothing is moved into another', () => {
  const parse = parser('$remote_addr [$time_local] "$request" $status $request_time');
  for (const [line, why] of [
    [`1.2.3.4 5.6.7.8 [${time}] "GET / HTTP/1.1" 200 0.1`, /'1.2.3.4 5.6.7.8' is no \$remote_addr/],
    [
      `1.2.3.4 [${time}] "GET / HTTP/1.1" 200 0.1 more of it`,
      /goes on|'0.1 more of it' is no \$request_time/,
    ],
    [`1.2.3.4 [${time}] "GET / HTTP/1.1" OK 0.1`, /'OK' is no \$status/],
    [`1.2.3.4 [${time}] "GET / HTTP/1.1`, /after column 39 '" ' is missing for \$request/],
  ] as const) {
    const failure = parse(line);
    if (isLineFailure(failure)) assert.match(failure.message, why);
    else assert.deepEqual([failure.seconds, line.includes('more')], [0.1, true]);
  }
});

test('a log_format is taken as it stands in nginx.conf', () => {
  const line = `203.0.113.9 - kim [${time}] "GET /books/7 HTTP/1.1" 200 5 "-" "it's; {a}" "b"`;
  const text = [
    `'$remote_addr - $remote_user [$time_local] "$request" '`,
    `    '$status $body_bytes_sent "$http_referer" ' # who asks`,
    ` '"$http_user_agent" "$http_x_id"'`,
  ].join('\n');
  for (const given of [
    `log_format  main  ${text};`,
    `log_format main escape=default ${text} ;\n`,
    `main ${text};`,
    text,
    `${text};`,
    `log_format main "${text.replaceAll(/'\n? *(?:#.*\n *)?'?/g, '').replaceAll('"', String.raw`\"`)}";`,
    `log_format main $remote_addr' - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_id"';`.replace(
      "$remote_addr'",
      "'$remote_addr",
    ),
    text.replaceAll(/'\n? *(?:#.*\n *)?'?/g, ''),
  ]) {
    const { ip, user, target, agent } = read(parser(given), line);
    assert.deepEqual([ip, user, target, agent], ['203.0.113.9', 'kim', '/books/7', "it's; {a}"], given);
  }
  const yaml = (pattern: string): string =>
    `to: { url: 'http://x/' }\ninputs:\n  - files: a\n    format: nginx\n    pattern: |\n${pattern.replaceAll(/^/gm, '      ')}\n`;
  const { inputs } = parseShipConfig(yaml(`log_format main ${text};`), 'ship.yaml');
  const [config] = inputs;
  assert.ok(config !== undefined);
  assert.equal(read(compileInput(config, true).parse, line).agent, "it's; {a}");
  for (const [wrong, why] of [
    ["log_format main 'a $time_local", /the quote of ''a \$time_local' is not closed/],
    ["log_format a '$time_local $request'; log_format b '$time_local';", /give one log_format/],
    ["log_format a escape=xml '$time_local';", /escape=xml/],
    ['log_format a;', /no text/],
    ["'$time_local $remote_addr'", /has no request/],
  ] as const)
    assert.throws(() => parseShipConfig(yaml(wrong), 'ship.yaml'), why);
});

test('values are read as each escape of nginx writes them', () => {
  const json = parser(
    `log_format j escape=json '{"t":"$time_iso8601","r":"$request","s":$status,"ua":"$http_user_agent","ref":"$http_referer","u":"$remote_user"}';`,
  );
  const { target, agent, referrer, user } = read(
    json,
    String.raw`{"t":"2026-03-01T10:00:00+09:00","r":"GET /search?q=책 HTTP/1.1","s":200,"ua":"a \"b\" \\x22 \u001F\t","ref":"","u":""}`,
  );
  assert.deepEqual(
    [target, agent, referrer, user],
    ['/search?q=책', 'a "b" \\x22 \u001f\t', undefined, undefined],
  );
  const none = parser(`log_format n escape=none '[$time_local] "$request" $status "$http_user_agent"';`);
  const plain = read(none, String.raw`[${time}] "GET /a"b HTTP/1.1" 200 "say \x22 "x""`);
  assert.deepEqual([plain.target, plain.status, plain.agent], ['/a"b', 200, String.raw`say \x22 "x"`]);
});

test('of several variables for a field the best that has a value counts', () => {
  const parse = parser('[$time_local] $msec $uri "$request" $host $http_host');
  const of = (line: string): readonly unknown[] => {
    const { target, host, instant } = read(parse, line);
    return [target, host, instant];
  };
  const asked = `[${time}] 1772326800.123 /index.html "GET /books/7 HTTP/1.1"`;
  assert.deepEqual(of(`${asked} a.example b.example`), [
    '/books/7',
    'b.example',
    '2026-03-01T10:00:00+09:00',
  ]);
  assert.deepEqual(of(`${asked} a.example -`), ['/books/7', 'a.example', '2026-03-01T10:00:00+09:00']);
});

test('lines of AWS load balancers are read by their name', () => {
  const { inputs } = parseShipConfig(
    "to: { url: 'http://x/' }\ninputs: [{ files: a, format: alb }]\n",
    'ship.yaml',
  );
  const [config] = inputs;
  assert.ok(config !== undefined);
  const { parse } = compileInput(config, true);
  const line = [
    'h2 2026-03-01T10:00:00.186641Z app/shop/50dc6c495c0c9188 203.0.113.9:46532 10.0.0.66:9000 0.000 0.002 0.000 200 200 34',
    '366 "GET https://books.example:443/books/7?a=b HTTP/2.0" "curl/7.46.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2',
    'arn:aws:elasticloadbalancing:eu:1:targetgroup/a/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259"',
    '"books.example" "-" 1 2026-03-01T10:00:00.184000Z "forward" "-" "-" "10.0.0.66:9000" "200" "-" "-" TID_1',
  ].join(' ');
  const { ip, target, method, status, bytes, agent } = read(parse, line);
  assert.deepEqual(
    [ip, method, target, status, bytes, agent],
    ['203.0.113.9', 'GET', 'https://books.example:443/books/7?a=b', 200, 366, 'curl/7.46.0'],
  );
  const broken = line
    .replace('"GET https://books.example:443/books/7?a=b HTTP/2.0"', '"- http://books.example:80- "')
    .replace(' 200 200 ', ' 400 - ');
  assert.equal(read(parse, broken).asks, 'garbage');
});

test('random columns are found again, in any order, whatever their values, in one pass a column', () => {
  const random = seededRandom(11);
  const kinds: Readonly<Record<string, readonly string[]>> = {
    remote_addr: ['10.0.0.1', '::1', 'unix:'],
    http_x_forwarded_for: ['-', '1.2.3.4', '1.2.3.4, 5.6.7.8', 'a, b, c'],
    upstream_addr: ['-', '10.0.0.1:80', '10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80'],
    upstream_response_time: ['-', '0.001', '0.001, 0.200 : -'],
    status: ['200', '404', '000'],
    request_time: ['0.000', '12.345'],
    time_local: [time],
    request: ['GET / HTTP/1.1', 'POST /a b/c?d HTTP/2.0', 'GET /책 HTTP/1.0'],
    host: ['books.example', 'localhost'],
  };
  const names = Object.keys(kinds);
  for (let turn = 0; turn < 400; turn++) {
    const order = names.map((name) => ({ name, at: random.next() })).toSorted((a, b) => a.at - b.at);
    const chosen = order.map(({ name }) => ({ name, value: random.pick(kinds[name] ?? []) }));
    const parse = parser(chosen.map(({ name }) => `$${name}`).join(' '), { keep: names });
    const line = chosen.map(({ value }) => value).join(' ');
    const { extra } = read(parse, line);
    for (const { name, value } of chosen)
      assert.equal(extra?.[name], value === '-' ? undefined : value, line);
  }
  // Takes hours when every way is tried one after the other.
  const parse = parser('$a $b $c $d $e $f $g $h $i $j $status [$time_local] "$request"');
  assert.ok(isLineFailure(parse('x '.repeat(8000))));
});

test('a value with blanks is found in lines of up to 16 KB; in longer ones each ends where it first may', () => {
  const parse = parser('$remote_addr $http_user_agent $status [$time_local] "$request"');
  const line = (agent: string): string => `::1 ${agent} 200 [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1"`;
  assert.equal(read(parse, line(`an agent ${'x'.repeat(10_000)}`)).agent?.length, 10_009);
  assert.ok(isLineFailure(parse(line(`an agent ${'x'.repeat(20_000)}`))));
  assert.equal(read(parse, line('x'.repeat(20_000))).agent?.length, 20_000);
});
