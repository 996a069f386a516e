import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { manualClock } from '../base/index.ts';
import { openTestCollector, testEvent, type TestCollector } from './collector.fixture.ts';
import { createCollectServer, httpLimits, type CollectServer } from './index.ts';

let taking: TestCollector;
let server: CollectServer;
let port: number;
const connectionsMax = 300;
const clock = manualClock(Date.parse('2026-03-01T10:00:00Z'));

before(async () => {
  taking = await openTestCollector({
    clock,
    bodyTimeoutMs: 200,
    bodyBytesMax: 1 << 20,
    eventsMax: 50,
    authorize: (key) => ({ source: key, ...(key === 'slow' ? { eventsPerSecondMax: 2 } : {}) }),
  });
  const limits = {
    ...httpLimits,
    connectionsMax,
    headTimeoutMs: 200,
    idleTimeoutMs: 500,
    requestTimeoutMs: 2_000,
  };
  server = await createCollectServer({
    collector: taking.collector,
    limits,
    host: '127.0.0.1',
    port: 0,
    version: 'test',
  });
  port = Number(new URL(server.url).port);
});
after(async () => {
  await server.close(1_000);
  await taking.close();
});

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${server.url}/v1/events`, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer web', ...headers },
  });
const codeOf = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // A cut connection is no failure here: its close is what is waited for.
  const ended = new Promise((done) => socket.on('error', done).once('connect', done));
  await ended;
  return socket;
}

/** Everything that comes until the other side closes, whether it ends or cuts. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  if (!socket.closed) await new Promise((done) => socket.once('close', done));
  return text;
}

const head = 'POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer web\r\n';

test('whoever sends his head slowly, or nothing, is answered 408 and cut off', async () => {
  const [silent, slow] = [await open(), await open()];
  slow.write(head);
  const drip = setInterval(() => slow.write('x: y\r\n'), 20);
  assert.match(await untilClosed(slow), /^HTTP\/1\.1 408 [^]*http_request_timeout/);
  clearInterval(drip);
  assert.match(await untilClosed(silent), /^(HTTP\/1\.1 408 .*)?/s);
});

test('whoever sends his body slowly is answered 408 with a code', async () => {
  const socket = await open();
  socket.write(`${head}content-length: 1000\r\n\r\n{"events":`);
  const drip = setInterval(() => socket.write(' '), 20);
  const answer = await untilClosed(socket);
  clearInterval(drip);
  assert.match(answer, /^HTTP\/1\.1 408 [^]*collect_body_timeout/);
});

test('a head that is too large is refused', async () => {
  const socket = await open();
  socket.write(`${head}x: ${'y'.repeat(httpLimits.headBytesMax)}\r\n\r\n`);
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 431 [^]*http_head_too_large/);
});

test('bodies are bounded as sent, as declared, and inflated; events by number and depth', async () => {
  assert.deepEqual(await codeOf(await post('x'.repeat((1 << 20) + 1))), [413, 'collect_too_large']);
  const bomb = gzipSync(Buffer.alloc(64 << 20, 0x20));
  assert.ok(bomb.length < 100_000);
  assert.deepEqual(await codeOf(await post(new Uint8Array(bomb), { 'content-encoding': 'gzip' })), [
    413,
    'collect_too_large',
  ]);
  const many = Array.from({ length: 51 }, (_, index) => testEvent(index));
  assert.deepEqual(await codeOf(await post(JSON.stringify({ events: many }))), [413, 'collect_too_large']);
  const deep = '[{"a":'.repeat(20_000) + '1' + '}]'.repeat(20_000);
  const events = `{"events":[${deep},${JSON.stringify(testEvent(1)).slice(0, -1)},"properties":{"a":${deep}}},${JSON.stringify(testEvent(2))}]}`;
  const answer = (await (await post(events)).json()) as { results: { status: string }[] };
  assert.deepEqual(
    answer.results.map(({ status }) => status),
    ['failed', 'failed', 'accepted'],
  );
});

test('many idle connections don’t keep others from sending, and go', async () => {
  const idle = await Promise.all(Array.from({ length: 200 }, open));
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => post(JSON.stringify(testEvent(100 + index)))),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  await Promise.all(idle.map(untilClosed));
});

test('more connections than allowed are closed at once', async () => {
  const sockets = await Promise.all(Array.from({ length: connectionsMax + 20 }, open));
  await Promise.all(sockets.map(untilClosed));
  assert.equal((await post(JSON.stringify(testEvent(3)))).status, 200);
});

test('a key that sends faster than it may is told when to come back', async () => {
  const send = (first: number, count: number): Promise<Response> => {
    const events = Array.from({ length: count }, (_, index) => testEvent(first + index));
    return post(JSON.stringify({ events }), { authorization: 'Bearer slow' });
  };
  assert.equal((await send(1000, 14)).status, 200);
  const refused = await send(1100, 1);
  assert.equal(refused.headers.get('retry-after'), '3');
  assert.deepEqual(await codeOf(refused), [429, 'collect_rate_limited']);
  assert.equal((await post(JSON.stringify(testEvent(1200)))).status, 200, 'other keys go on');
  clock.advance(3_000);
  assert.equal((await send(1100, 1)).status, 200);
});

test('a stop answers what was accepted, and says no to what comes', async () => {
  const other = await createCollectServer({
    collector: { ...taking.collector, close: async () => undefined },
    limits: httpLimits,
    host: '127.0.0.1',
    port: 0,
    version: 'test',
  });
  const health = (await (await fetch(`${other.url}/v1/health`)).json()) as { status: string };
  assert.equal(health.status, 'ok');
  assert.match(await (await fetch(`${other.url}/metrics`)).text(), /^(#|$)/);
  assert.equal((await fetch(`${other.url}/else`)).status, 404);
  const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
  const body = JSON.stringify(testEvent(5));
  socket.write(`${head}content-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`);
  await once(other.server, 'request');
  const closed = other.close(5_000);
  socket.write(body.slice(20));
  assert.match(await untilClosed(socket), /^HTTP\/1\.1 200 [^]*"accepted":1/);
  await closed;
  await assert.rejects(fetch(other.url));
});
