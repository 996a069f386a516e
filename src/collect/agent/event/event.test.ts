import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom } from '../../../base/index.ts';
import { isEventError, validateEvent, type EventInput } from '../../../event/index.ts';
import { parseShipConfig } from '../parse-config.ts';
import { compileInput, type Input } from '../input.ts';
import { isLineFailure } from '../line/log-request.ts';
import { globMatch } from './glob.ts';
import { eventText, lineEvent } from './line-event.ts';
import { Sessions } from './sessions.ts';
import { visitKey } from './visit-key.ts';

function inputOf(more = ''): Input {
  const { inputs } = parseShipConfig(
    `to: { url: 'http://x/' }\ninputs: [{ files: a, drop: [assets, health]${more} }]\n`,
    'ship.yaml',
  );
  const [input] = inputs;
  if (input === undefined) throw new Error('no input');
  return compileInput(input, true);
}

/** The event of a request, the rule that drops it, or undefined. */
function eventOf(input: Input, request: string, status = 200, user = '-'): EventInput | string | undefined {
  const parsed = input.parse(
    `203.0.113.77 - ${user} [17/May/2015:10:05:14 +0900] "${request} HTTP/1.1" ${status} 10 "-" "Mozilla/5.0"`,
  );
  if (isLineFailure(parsed)) throw new Error(parsed.message);
  const line = lineEvent(input.rules, parsed);
  if (typeof line !== 'object') return line;
  const text = eventText(input.rules, line, 'b70dc903-f0a5-87ef-bef1-000000001d8d', 's1');
  // What the collector may take from a server's key beside the envelope.
  const {
    user_agent: agent,
    ip,
    ...event
  } = JSON.parse(text) as EventInput & { user_agent: string; ip: string };
  assert.deepEqual([agent, ip], ['Mozilla/5.0', '203.0.113.77']);
  const checked = validateEvent(event);
  if (isEventError(checked)) throw new Error(checked.message);
  return checked;
}

function kindOf(input: Input, request: string, status = 200, user = '-'): string | undefined {
  const event = eventOf(input, request, status, user);
  return typeof event === 'object' ? event.kind : event;
}

test("the store's addresses become kinds, items, search terms and progress", () => {
  const input = inputOf(", site: 'https://books.example/'");
  assert.deepEqual(eventOf(input, 'GET /books/9788998%2F1?from=home'), {
    id: 'b70dc903-f0a5-87ef-bef1-000000001d8d',
    kind: 'view_item',
    occurred_at: '2015-05-17T10:05:14+09:00',
    session_id: 's1',
    page: { url: 'https://books.example/books/9788998%2F1?from=home' },
    items: [{ item_id: '9788998/1' }],
    properties: { method: 'GET', status: 200, bytes: 10 },
  });
  const search = eventOf(input, 'GET /search?page=2&q=%EC%B1%85+%26+dog') as EventInput;
  assert.deepEqual([search.kind, search.properties?.['search_term']], ['search', '책 & dog']);
  const progress = eventOf(
    input,
    'POST /read/t1/progress?progress=0.25&seconds=30',
    204,
    'kim',
  ) as EventInput;
  assert.deepEqual(
    [progress.kind, progress.reader_id, progress.items?.[0]?.item_id, progress.properties?.['progress']],
    ['read_progress', 'kim', 't1', 0.25],
  );
});

test('a route whose kind would lack something does not apply, nothing is lost by it', () => {
  const input = inputOf();
  assert.equal(kindOf(input, 'GET /search'), 'page_view');
  assert.equal(kindOf(input, 'POST /read/t1/progress?progress=0.25', 204), 'api_request');
  assert.equal(kindOf(input, 'POST /read/t1/progress?progress=7', 204, 'kim'), 'api_request');
  assert.equal(kindOf(input, 'GET /books/1', 404), 'api_request');
  assert.equal(kindOf(input, 'GET /api/cart'), 'api_request');
  assert.equal(kindOf(input, 'GET /about'), 'page_view');
});

test('assets and health checks are left out by the name of their rule', () => {
  const input = inputOf();
  assert.equal(eventOf(input, 'GET /static/app.9f.JS?v=1'), 'assets');
  assert.equal(eventOf(input, 'GET /healthz'), 'health');
  assert.equal(kindOf(input, 'GET /books.html'), 'page_view');
  assert.ok(globMatch('/a*/{b,c}*d')('/axx/cyd'));
  assert.ok(!globMatch('/a*a')('/a'));
});

test('own routes take the place of the usual ones', () => {
  const input = inputOf(
    ", routes: [{ path: '/e/*', kind: opened, properties: { where: '?w', fixed: yes } }]",
  );
  const event = eventOf(input, 'GET /e/1/2/3?w=x') as EventInput;
  assert.deepEqual(
    [event.kind, event.properties?.['where'], event.properties?.['fixed']],
    ['opened', 'x', 'yes'],
  );
  assert.equal(kindOf(input, 'GET /books/1'), 'page_view');
  assert.throws(() => inputOf(", routes: [{ path: '/a', kind: X }]"), /no name of a kind/);
  assert.throws(() => inputOf(", routes: [{ path: '/a', kind: x, item: ':id' }]"), /has no part ':id'/);
});

/** Letters that something between a line and its event could stumble over. */
const nasty = [
  'a',
  '7',
  ' ',
  '%',
  '?',
  '&',
  '=',
  '/',
  ':',
  '[',
  ']',
  '\\',
  '\\x',
  '\0',
  '\u007f',
  '책',
  '\ud800',
  '😀',
];

test('whatever stands in a line, its event is valid', () => {
  const input = inputOf();
  const weird = fc
    .string({ unit: fc.constantFrom(...nasty), maxLength: 80 })
    .map((text) => text.replaceAll(/["\r\n]/g, ''));
  fc.assert(
    fc.property(weird, weird, weird, (target, agent, user) => {
      const line = `203.0.113.77 - ${user.replaceAll(' ', '')} [17/May/2015:10:05:14 +0900] "GET /${target} HTTP/1.1" 200 1 "${agent}" "a"`;
      const parsed = input.parse(line);
      const made = isLineFailure(parsed) ? undefined : lineEvent(input.rules, parsed);
      if (typeof made !== 'object') return;
      const text = eventText(input.rules, made, 'b70dc903-f0a5-87ef-bef1-000000001d8d', undefined);
      const { user_agent: _agent, ip: _ip, ...event } = JSON.parse(text) as Record<string, unknown>;
      const checked = validateEvent(event);
      if (isEventError(checked)) assert.fail(`${checked.message}: ${line}`);
    }),
    { numRuns: 60 },
  );
});

test('visits are the same whatever order lines lie in, and over a restart', () => {
  const minute = 60_000;
  const options = { idleMs: 30 * minute, reorderMs: minute, salt: 'a' };
  const key = visitKey(undefined, '1.2.3.4', 'Mozilla');
  const times = [0, 10, 39, 69, 99.5, 131, 140].map((at) => at * minute);
  const ids = (order: readonly number[]): readonly string[] => {
    const sessions = new Sessions(options);
    for (const time of order) sessions.see(key, time);
    return times.map((time) => sessions.idAt(key, time));
  };
  const expected = ids(times);
  assert.deepEqual(new Set(expected).size, 3);
  assert.deepEqual(
    expected.map((id) => expected.indexOf(id)),
    [0, 0, 0, 0, 4, 5, 5],
  );
  const random = seededRandom(7);
  for (let turn = 0; turn < 50; turn++) {
    const shuffled = times.map((time) => ({ time, at: random.next() })).toSorted((a, b) => a.at - b.at);
    assert.deepEqual(ids(shuffled.map(({ time }) => time)), expected);
  }
  const first = new Sessions(options);
  for (const time of times.slice(0, 3)) first.see(key, time);
  const before = first.idAt(key, 0);
  const second = new Sessions(options, first.save(times[2] ?? 0));
  second.see(key, 69 * minute);
  assert.equal(second.idAt(key, 69 * minute), before);
  assert.deepEqual(first.save(400 * minute), []);
  assert.notEqual(visitKey('1.2.3.4', undefined, undefined), visitKey(undefined, '1.2.3.4', undefined));
});
