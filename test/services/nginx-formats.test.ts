import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCertificates } from '../../services/certificates.ts';
import { freePort } from '../../services/free-port.ts';
import { startNginx } from '../../services/nginx/server.ts';
import { dryRun, parseShipConfig } from '../../src/collect/index.ts';
import { until } from './until.ts';

/** Formats as they stand in nginx.conf, and in the configuration of the agent. */
const formats = {
  quoted: `log_format quoted '$remote_addr - $remote_user [$time_local] "$request" '
    '$status $body_bytes_sent "$http_referer" ' # who asks
    "\\"$http_user_agent\\" \\"$http_x_forwarded_for\\"";`,
  bare: `log_format bare '$http_x_forwarded_for $host $remote_addr [$time_local] "$request" $status $body_bytes_sent '
    '$upstream_addr $upstream_status $upstream_response_time $request_time "$http_user_agent"';`,
  json: `log_format json escape=json '{"time":"$time_iso8601","ip":"$remote_addr","xff":"$http_x_forwarded_for",'
    '"request":"$request","status":$status,"ua":"$http_user_agent","user":"$remote_user"}';`,
  none: `log_format none escape=none '$remote_addr|$http_x_forwarded_for|$msec|$request|$status|$http_user_agent';`,
} as const;

const agent = 'Moz"illa/5.0 \\ (X11; [책]) \u00e9';

test('a log_format that is pasted reads all that a real nginx writes by it', async (context) => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'octavo-nginx-formats-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const { cert, key } = makeCertificates(join(folder, 'tls'));
  const [tls, dead] = [await freePort(), await freePort()];
  const names = Object.keys(formats);
  const nginx = await startNginx({
    folder,
    http: (port) => `${Object.values(formats).join('\n')}
      ${names.map((name) => `access_log ${folder}/${name}.log ${name};`).join(' ')}
      upstream shop { server 127.0.0.1:${dead}; server 127.0.0.1:${port}; }
      server { listen 127.0.0.1:${port}; listen [::1]:${port}; listen 127.0.0.1:${tls} ssl http2; server_name books.example;
        ssl_certificate ${cert}; ssl_certificate_key ${key};
        location / { return 200 'ok'; } location /shop/ { proxy_pass http://shop/; } }`,
  });
  opened.defer(() => nginx.stop());
  const { port } = nginx;
  const headers = (more: string): string => `Host: books.example\r\nConnection: close\r\n${more}\r\n`;
  const chain = 'X-Forwarded-For: 203.0.113.9, 10.0.0.2\r\n';
  await raw(port, '127.0.0.1', `GET /books/1 HTTP/1.1\r\n${headers(`User-Agent: ${agent}\r\n${chain}`)}`);
  await raw(port, '::1', `GET /books/2 HTTP/1.1\r\n${headers('User-Agent: -\r\n')}`);
  await raw(port, '127.0.0.1', `GET /books/3?q="%22\u00e9 HTTP/1.0\r\n${headers('')}`);
  await raw(port, '127.0.0.1', `GET /shop/books/4 HTTP/1.1\r\n${headers(chain)}`);
  // A TLS greeting on the plain port, a request that is none, and none at all.
  await raw(
    port,
    '127.0.0.1',
    Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x22, 0x5c, 0x20, 0x00, 0x0a]),
  );
  await raw(port, '127.0.0.1', 'hello "world"\r\n\r\n');
  await raw(tls, '127.0.0.1', 'GET /plain HTTP/1.1\r\nHost: books.example\r\n\r\n');
  await http2(tls, {
    ':path': '/books/8',
    'x-forwarded-for': '2001:db8::7, 127.0.0.1',
    'user-agent': latin1(agent),
  });
  const requests = 9;
  const lines = (name: string): readonly string[] => {
    const file = join(folder, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'latin1').trim().split('\n') : [];
  };
  await until(
    () => names.every((name) => lines(name).length >= requests),
    () => names.map((name) => `${name}: ${lines(name).length}`).join(', '),
  );
  for (const [name, pattern] of Object.entries(formats)) {
    const input = {
      files: [join(folder, `${name}.log`)],
      format: 'nginx',
      pattern,
      trusted_proxies: ['loopback', '10.0.0.0/8'],
    };
    const fields = name === 'json' ? { fields: { forwarded_for: 'http_x_forwarded_for' } } : {};
    const config = JSON.stringify({ to: { url: 'http://127.0.0.1/' }, inputs: [{ ...input, ...fields }] });
    const shown = dryRun(parseShipConfig(config, 'ship.yaml'), '/', 100);
    assert.equal(shown.length, requests, name);
    const failed = shown.filter((line) => line.event === undefined);
    assert.deepEqual(failed, [], name);
    const of = (title: string): Readonly<Record<string, unknown>> => {
      const found = shown.find(({ event }) =>
        JSON.stringify(event?.['page'] ?? '').includes(`/books/${title}`),
      );
      return found?.event ?? assert.fail(`${name} has no /books/${title}`);
    };
    assert.deepEqual(
      [of('1')['kind'], of('1')['ip'], of('1')['user_agent']],
      ['view_item', '203.0.113.9', agent],
    );
    assert.deepEqual([of('2')['ip'], of('2')['user_agent']], ['::1', undefined]);
    assert.match(JSON.stringify(of('3')['page']), /\/books\/3\?q=\\"%22/);
    assert.deepEqual([of('8')['ip'], of('8')['user_agent']], ['2001:db8::7', agent]);
    const statuses = shown.map(
      ({ event }) => (event?.['properties'] as { status?: number } | undefined)?.status,
    );
    assert.equal(statuses.filter((status) => status === 400).length, 3, name);
    const pages = shown.filter(({ event }) => event?.['kind'] === 'view_item').length;
    context.diagnostic(`${name}: ${shown.length} lines read, ${pages} of titles, ${lines(name)[0]}`);
  }
});

/** Headers of HTTP/2 are sent a byte a letter. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Sends bytes as they are, and waits until the server has answered and closed. */
async function raw(port: number, host: string, bytes: string | Buffer): Promise<void> {
  const socket = connect(port, host);
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  socket.write(bytes);
  await once(socket, 'close');
}

async function http2(port: number, headers: Readonly<Record<string, string>>): Promise<void> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  const stream = session.request({ ':authority': 'books.example', ...headers });
  stream.resume();
  await once(stream, 'end');
  session.close();
}
