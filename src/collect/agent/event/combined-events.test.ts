import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../base/index.ts';
import { parseShipConfig } from '../parse-config.ts';
import { splitLines } from '../file/split-lines.ts';
import { placeAfter, TrackedFile } from '../file/tracked-file.ts';
import { compileInput, type Input } from '../input.ts';
import { eventsOf, lineBatch } from '../line-batch.ts';
import { BytePool } from '../deliver/byte-pool.ts';
import { bytesOf } from '../deliver/event-pack.ts';
import { Sessions } from './sessions.ts';

/** What lines become, with the short way or without it. */
function shipped(input: Input, content: Buffer, withVisits: boolean): unknown {
  const start = placeAfter(0, Buffer.alloc(0), false);
  const place = { path: 'a.log', device: 0, inode: 0, seenMs: 0 };
  const head = { lengthBytes: 0, hash: '' };
  const file = new TrackedFile({ seed: 'b70dc903-f0a5-87ef-bef1-', head, cuts: [], ...place, ...start });
  const split = splitLines(content, input.split, { inside: false, last: true, settled: true, cuts: [] });
  const sessions = withVisits ? new Sessions({ idleMs: 60_000, reorderMs: 0, salt: 's' }) : undefined;
  const stretch = file.advance(start);
  const batch = lineBatch({ stretch, from: 0xfffffe, split, content, bytes: content.length }, input, {
    sessions,
    pool: new BytePool(0),
    readMs: 0,
  });
  const pack = eventsOf(batch, sessions);
  const text = bytesOf({ pack, from: 0, to: pack.count }).toString();
  const { oldestMs, newestMs, refused } = batch;
  return { text: text.replaceAll('},{"id"', '},\n{"id"'), refused, broken: split.broken, oldestMs, newestMs };
}

const pieces: Readonly<Record<string, readonly string[]>> = {
  ip: [
    '203.0.113.9',
    '10.0.0.256',
    '1.2.3',
    '2001:db8::7',
    '::ffff:10.1.2.3',
    '-',
    '',
    'host.example',
    '01.2.3.4',
  ],
  ident: ['-', 'ident', ''],
  user: ['-', 'kim', 'john doe', '', 'a"b', 'Ünal', 'x'.repeat(201), String.raw`q\"q`],
  time: [
    '17/May/2015:10:05:03 +0900',
    '17/May/2015:10:05:04 +0900',
    '17/May/2015:01:05:03 +0000',
    '17/May/2015:01:05:03 -0000',
    '31/Feb/2015:10:05:03 +0900',
    '17/May/2015:23:59:60 +0000',
    '-',
  ],
  method: ['GET', 'POST', 'PUT', 'GETS', 'get', '', 'GXX', 'A'.repeat(21)],
  target: [
    '/books/9',
    '/books/9%2F1?from=home',
    '/books/%EC%B1%85',
    '/books/',
    '/list/3',
    '/api/x',
    '/api',
    '/v2/x',
    '//api/x',
    '/',
    '/?q=1',
    '/search?q=dog+cat',
    '/search',
    '/read/7/progress?reader=r1&progress=0.5',
    '/cart',
    '/list/a.css',
    '/x/y.png?v=1',
    '/list#top',
    '/a b/c',
    '*',
    'http://other.example/books/1',
    `/long/${'z'.repeat(3000)}`,
    '/책',
    String.raw`/\x22`,
    '/he"y',
    '/health',
  ],
  protocol: ['HTTP/1.1', 'HTTP/2.0', '', 'FTP'],
  status: ['200', '304', '404', '099', '-', '20', '2000', '101'],
  size: ['0', '18848', '-', '007', '9'.repeat(17), '1.5', ''],
  referrer: ['-', '', 'https://books.example/', 'https://x/?"', 'https://책', String.raw`https://\"x`],
  agent: [
    '-',
    '',
    'Mozilla/5.0 (X11; Linux x86_64)',
    'kube-probe/1.2',
    String.raw`say \"hi\"`,
    'x'.repeat(1001),
    'é',
  ],
  rest: ['', ' 0.123', ' "x"', ' \\', ' \u00e9', '\r'],
};

const settings = [
  '',
  ', drop: [assets, health]',
  ", site: 'https://b.example/', app: 'vi\"ewer'",
  ', site: "https://책"',
  ", api: ['/list/*', '*.json']",
  ", routes: [{ path: '/*', kind: page_view, reader: '$user' }]",
  ", routes: [{ path: '/:a/:b', kind: view_item, item: ':b' }]",
  ', kind: log_line',
  ", encoding: 'euc-kr'",
];

/** A line whose pieces are mostly the usual ones. */
function randomLine(random: ReturnType<typeof seededRandom>, combined: boolean): string {
  const pick = (name: string): string => {
    const all = pieces[name] ?? [];
    return (random.below(12) === 0 || name === 'target' ? all[random.below(all.length)] : all[0]) ?? '';
  };
  const request = `${pick('method')} ${pick('target')} ${pick('protocol')}`;
  const head = `${pick('ip')} ${pick('ident')} ${pick('user')} [${pick('time')}] "${request}" ${pick('status')} ${pick('size')}`;
  let line = combined
    ? `${head} "${pick('referrer')}" "${pick('agent')}"${pick('rest')}`
    : `${head}${pick('rest')}`;
  const fault = random.below(20);
  if (fault === 0) line = line.slice(0, random.below(line.length));
  if (fault === 1)
    line = line.replace(random.pick([' ', '"', '[', ']']), random.pick(['', '  ', '\t', '"', '\0']));
  return line;
}

for (const format of ['combined', 'common'] as const)
  test(`random lines of the ${format} format become the same by the short way and the general one`, (context) => {
    const random = seededRandom(format.length);
    let [short, lines] = [0, 0];
    for (let turn = 0; turn < 120; turn++) {
      const more = random.pick(settings);
      const { inputs } = parseShipConfig(
        `to: { url: 'http://x/' }\ninputs: [{ files: a, format: ${format}${more} }]\n`,
        'a',
      );
      const [config] = inputs;
      assert.ok(config !== undefined);
      const input = compileInput(config, random.below(2) === 0);
      const content = Buffer.from(
        Array.from({ length: 40 }, () => randomLine(random, format === 'combined')).join('\n'),
      );
      if (random.below(4) === 0) content[random.below(content.length)] = random.below(256);
      const withVisits = random.below(2) === 0;
      const { combined } = input;
      if (combined !== undefined) {
        const scan = combined.take.bind(combined);
        combined.take = (...line) => {
          const taken = scan(...line);
          if (taken) short += 1;
          return taken;
        };
      }
      const general = shipped({ ...input, combined: undefined }, content, withVisits);
      assert.deepEqual(shipped(input, content, withVisits), general);
      lines += 40;
    }
    assert.ok(short > lines / 10 && short < lines);
    context.diagnostic(`${lines} lines, ${short} by the short way`);
  });
