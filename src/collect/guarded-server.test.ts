import assert from 'node:assert/strict';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { createGuardedServer, httpLimits } from './index.ts';
import { letGo } from './unread-answers.ts';

const bigBytes = 8 << 20;
const big = Buffer.alloc(bigBytes, 'x');
const limits = {
  ...httpLimits,
  pipelinedMax: 4,
  unreadTimeoutMs: 300,
  requestTimeoutMs: 1_000,
  headTimeoutMs: 1_000,
};
/** How many were being answered at once, at most. */
let [together, togetherMost] = [0, 0];
const handled: string[] = [];
const server = createGuardedServer(limits, (request, response) => {
  handled.push(request.url ?? '');
  together += 1;
  togetherMost = Math.max(togetherMost, together);
  const end = (body: Buffer | string): void => {
    response.once('finish', () => (together -= 1));
    response.end(body);
  };
  if (request.url === '/big') end(big);
  else if (request.url === '/korean') end('책'.repeat(8_000_000));
  else if (request.url === '/slow') {
    response.write('begun');
    setTimeout(() => end('over'), 2_500);
  } else if (request.method === 'POST' && request.url === '/refused') {
    response.statusCode = 401;
    end('no');
  } else {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () =>
      setTimeout(() => end(`${request.url} ${Buffer.concat(chunks).toString()}`), 10),
    );
  }
});
let port: number;

before(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
after(async () => {
  const closed = new Promise((done) => server.close(done));
  server.closeAllConnections();
  await closed;
});

function open(): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  return socket;
}

/** Sends the bytes as they are; everything that came when the other side closes, or the condition holds. */
async function told(bytes: string, until: (text: string) => boolean = () => false): Promise<string> {
  const socket = open();
  let text = '';
  await new Promise<void>((done) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until(text)) done();
    });
    socket.once('close', () => done());
    socket.write(bytes);
  });
  socket.destroy();
  return text;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
const post = 'POST /a HTTP/1.1\r\nhost: x\r\n';

test('what is no HTTP, or could be read in two ways, is told so with a code, and the connection ends', async () => {
  const broken: Readonly<Record<string, string>> = {
    garbage: 'hello\r\n\r\n',
    'another protocol': '\x16\x03\x01\x00\xa5\x01\x00\x00',
    'two lengths': `${post}content-length: 2\r\ncontent-length: 3\r\n\r\nabc`,
    'length and chunks': `${post}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nG`,
    'chunks twice': `${post}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n`,
    'unknown coding': `${post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`,
    'signed length': `${post}content-length: +2\r\n\r\nab`,
    'no number of a chunk': `${post}transfer-encoding: chunked\r\n\r\nzz\r\n\r\n`,
    'a blank before the colon': 'GET / HTTP/1.1\r\nhost : x\r\n\r\n',
    'a folded header': 'GET / HTTP/1.1\r\nhost: x\r\na: b\r\n c\r\n\r\n',
    'line feeds alone': 'GET / HTTP/1.1\nhost: x\n\n',
    'a zero byte in the address': 'GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n',
    'no host': 'GET / HTTP/1.1\r\n\r\n',
    'two hosts': 'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const answer = await told(bytes);
    assert.match(answer, /^HTTP\/1\.1 400 [^]*application\/problem\+json[^]*http_request_invalid/, name);
    assert.equal(answer.split('HTTP/1.1 ').length, 2, name);
  }
  const headers = Array.from({ length: 3000 }, (_, index) => `x${index}: y\r\n`).join('');
  assert.match(await told(`GET / HTTP/1.1\r\nhost: x\r\n${headers}\r\n`), / 431 [^]*http_head_too_large/);
  assert.match(
    await told('CONNECT example.org:443 HTTP/1.1\r\nhost: x\r\n\r\n'),
    / 405 [^]*method_not_allowed/,
  );
  const expecting = `${post}expect: cake\r\ncontent-length: 2\r\n\r\n`;
  assert.match(await told(expecting), / 417 [^]*http_expectation_unknown/);
});

test('an answer in hand comes before the refusal of what follows it', async () => {
  const answer = await told(`${get('/first')}nonsense\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 200 [^]*\/first [^]*HTTP\/1\.1 400 [^]*http_request_invalid/);
});

test('100 Continue is said only to whom the body is asked of', async () => {
  const expecting = (path: string): string =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n`;
  assert.match(await told(expecting('/refused')), /^HTTP\/1\.1 401 /);
  const socket = open();
  let text = '';
  socket.write(expecting('/taken'));
  await new Promise<void>((done) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text === 'HTTP/1.1 100 Continue\r\n\r\n') socket.write('ab');
      if (text.includes('/taken ab')) done();
    });
  });
  socket.destroy();
});

test('requests of one connection are answered one after another, in order, and only so many wait', async () => {
  [together, togetherMost] = [0, 0];
  const few = await told(get('/1') + get('/2') + get('/3'), (text) => text.includes('/3 '));
  assert.match(few, /\/1 [^]*\/2 [^]*\/3 /);
  const many = await told(Array.from({ length: 50 }, (_, index) => get(`/many${index}`)).join(''));
  assert.equal(many.match(/HTTP\/1\.1 200/g)?.length, limits.pipelinedMax);
  assert.match(many, /HTTP\/1\.1 429 [^]*http_pipelined/);
  assert.equal(handled.filter((path) => path.startsWith('/many')).length, limits.pipelinedMax);
  assert.equal(togetherMost, 1);
});

test('who asks and never reads has one answer waiting, and is let go', async () => {
  const before = handled.length;
  const sockets = Array.from({ length: 10 }, () => open());
  for (const socket of sockets) socket.pause().write(get('/big').repeat(4));
  const left = async (): Promise<number> =>
    new Promise((done, fail) =>
      server.getConnections((error, count) => (error === null ? done(count) : fail(error))),
    );
  while ((await left()) < 10 || handled.length < before + 10)
    await new Promise((done) => setTimeout(done, 5));
  while ((await left()) > 0) await new Promise((done) => setTimeout(done, 20));
  assert.equal(handled.length, before + 10, 'nothing was begun for what waited behind');
  for (const socket of sockets) socket.destroy();
});

test('who reads slowly gets all of a long Korean text', async () => {
  const socket = open();
  let bytes = 0;
  const ended = new Promise((done) => socket.once('close', done));
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 2);
    if (bytes > 24_000_000) socket.destroy();
  });
  socket.write(get('/korean'));
  await ended;
  assert.ok(bytes > 24_000_000, `${bytes} bytes`);
});

test('no refusal stands in the middle of an answer', async () => {
  const answer = await told(`${get('/slow')}nonsense\r\n\r\n`);
  assert.match(answer, /begun/);
  assert.ok(!answer.includes('http_request_invalid'), answer);
});

test('when too much waits in sum, those go that took nothing for the longest', () => {
  const connections = new Map([
    ['new', { bytes: 60, tookMs: 90_000 }],
    ['old', { bytes: 30, tookMs: 10_000 }],
    ['middle', { bytes: 30, tookMs: 50_000 }],
  ]);
  const at = (unreadTimeoutMs: number, unreadBytesMax: number): readonly string[] =>
    letGo(connections, 100_000, { unreadTimeoutMs, unreadBytesMax });
  assert.deepEqual(at(1_000_000, 120), []);
  assert.deepEqual(at(1_000_000, 100), ['old']);
  assert.deepEqual(at(1_000_000, 60), ['old', 'middle']);
  assert.deepEqual(at(50_000, 1000), ['old', 'middle']);
});
