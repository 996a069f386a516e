import assert from 'node:assert/strict';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { httpLimits } from '../collect/index.ts';
import { createEventFeed, type EventFeed, type EventLog } from '../collect/index.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

/** The console, the API and its streams on one port, as `octavo start` has them; the collector's own are beside it. */
let shop: TestShop;
let port: number;

before(async () => {
  const empty = { partitions: 0 } as unknown as EventLog;
  const feed: EventFeed = { ...createEventFeed({ events: empty, failed: empty }), newest: async () => none };
  shop = await openTestShop({
    limits: {
      ...httpLimits,
      headTimeoutMs: 300,
      requestTimeoutMs: 600,

      unreadTimeoutMs: 300,
    },
    context: { feed },
  });
  await shop.server.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = shop.server.server.address() as AddressInfo);
});
after(() => shop.close());

const none = { stored: [], failed: [] };

function open(): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

/** What comes until the condition holds or the other side closes. */
async function told(
  bytes: string | readonly (string | Uint8Array)[],
  until = isWhole,
  socket = open(),
): Promise<string> {
  let text = '';
  await new Promise<void>((done) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until(text)) done();
    });
    socket.once('close', () => done());
    for (const part of [bytes].flat()) socket.write(part);
  });
  socket.destroy();
  return text;
}

/** Whether the body is as long as the head says. */
function isWhole(text: string): boolean {
  const [head = '', body] = text.split('\r\n\r\n', 2);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  return body !== undefined && length !== undefined && body.length >= Number(length);
}

const get = (path: string, more = ''): string =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${shop.key}\r\n${more}\r\n`;
const post = (path: string, body: string | Uint8Array, more = ''): readonly (string | Uint8Array)[] => [
  `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${shop.key}\r\ncontent-type: application/json\r\n` +
    `${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  body,
];

test('addresses and heads of every shape are answered with a code, and never repeated at length', async () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    [get('/v1/bestsellers/%zz'), /^HTTP\/1\.1 400 [^]*argument_invalid/],
    [get('/v1/bestsellers/%ff%fe'), /^HTTP\/1\.1 400 [^]*argument_invalid/],
    [get('/v1/bestsellers/%00'), /^HTTP\/1\.1 404 [^]*list_not_found/],
    [get('/%2e%2e/%2e%2e/etc/passwd'), /^HTTP\/1\.1 404 /],
    [get('/assets/..%2f..%2fpackage.json'), /^HTTP\/1\.1 404 /],
    [get(`/${'a'.repeat(15_000)}`), /^HTTP\/1\.1 404 [^]*route_not_found/],
    [get(`/v1/bestsellers?${'a=1&'.repeat(3_700)}`), /^HTTP\/1\.1 400 [^]*argument_invalid/],
    [get('/v1/health', `cookie: ${'x'.repeat(1 << 20)}\r\n`), /^HTTP\/1\.1 431 [^]*http_head_too_large/],
    [`TRACE / HTTP/1.1\r\nhost: x\r\n\r\n`, /^HTTP\/1\.1 405 [^]*method_not_allowed/],
    ['nonsense\r\n\r\n', /^HTTP\/1\.1 400 [^]*http_request_invalid/],
  ];
  for (const [bytes, expected] of refused) {
    const answer = await told(bytes);
    assert.match(answer, expected, bytes.slice(0, 60));
    assert.ok(answer.length < 4_000, `${bytes.slice(0, 60)}: ${answer.length} bytes`);
  }
  const upgrade = get('/v1/health', 'connection: upgrade\r\nupgrade: websocket\r\n');
  assert.match(await told(upgrade), /^HTTP\/1\.1 200 /, 'an offer that is not taken');
  assert.match(await told('GET /v1/health HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 /);
});

test('bodies that are too large, too deep or packed are refused, and nothing breaks', async () => {
  const deep = '['.repeat(500_000) + ']'.repeat(500_000);
  assert.match(await told(post('/v1/session', deep)), /^HTTP\/1\.1 400 /);
  const bomb = gzipSync(Buffer.alloc(32 << 20, 0x20));
  assert.match(await told(post('/v1/session', bomb, 'content-encoding: gzip\r\n')), /^HTTP\/1\.1 4\d\d /);
  const announced = `POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  const large = `${announced}expect: 100-continue\r\ncontent-length: 50000000\r\n\r\n`;
  assert.match(await told(large), /^HTTP\/1\.1 413 [^]*body_too_large/);
});

test('whoever sends slowly, or only half, is answered 408 and let go', async () => {
  const parts = [
    'GET /v1/hea',
    'POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"na',
  ];
  for (const part of parts) {
    const socket = open();
    const drip = setInterval(() => socket.write(part.includes('{') ? ' ' : 'a'), 30);
    const answer = await told(part, () => false, socket);
    clearInterval(drip);
    assert.match(answer, /^HTTP\/1\.1 408 [^]*http_request_timeout/, part);
  }
});

test('who never reads what he asks for is let go, and others are answered meanwhile', async () => {
  const cut: Promise<unknown>[] = [];
  const watch = (socket: Socket): void => void cut.push(new Promise((done) => socket.once('close', done)));
  shop.server.server.on('connection', watch);
  const sockets = Array.from({ length: 20 }, () => open());
  for (const socket of sockets) socket.pause().write(get('/openapi.json').repeat(60));
  while (cut.length < sockets.length) await new Promise((done) => setTimeout(done, 5));
  shop.server.server.off('connection', watch);
  assert.match(await told(get('/v1/health')), /^HTTP\/1\.1 200 /);
  await Promise.all(cut);
  for (const socket of sockets) socket.destroy();
});

test('one who listens many times leaves room for others', async () => {
  for (const [path, callerMax] of [
    ['/v1/events/tail', 20],
    ['/v1/live', 50],
  ] as const) {
    const mine = Array.from({ length: callerMax }, () => open());
    const begun = await Promise.all(
      mine.map(
        (socket) =>
          new Promise<string>((done) => {
            socket.once('data', (chunk: Buffer) => done(chunk.toString('latin1')));
            socket.write(get(path));
          }),
      ),
    );
    assert.ok(
      begun.every((text) => text.startsWith('HTTP/1.1 200 ')),
      path,
    );
    assert.match(await told(get(path)), /^HTTP\/1\.1 503 [^]*live_busy[^]*of yours/);
    const { key } = shop.keys.create('another', ['tables:read', 'status:read']);
    const other = get(path).replace(shop.key, key);
    assert.match(await told(other, (text) => text.includes('\r\n\r\n')), /^HTTP\/1\.1 200 /);
    for (const socket of mine) socket.destroy();
  }
});
