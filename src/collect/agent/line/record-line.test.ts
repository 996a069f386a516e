import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLineFailure, type LineParser, type LogRequest } from './log-request.ts';
import { isoTime } from './log-time.ts';
import { jsonLine, logfmtLine } from './record-line.ts';

const time = '2026-03-01T00:00:00Z';
const ownTime = isoTime('UTC');

function read(parse: LineParser, line: string): LogRequest {
  const request = parse(line);
  if (isLineFailure(request)) throw new Error(request.message);
  return request;
}

test('names that are no field change nothing, however many there are, and those of a shape are seen among them', () => {
  const [json, logfmt] = [jsonLine({ time: ownTime }), logfmtLine({ time: ownTime })];
  for (let index = 0; index < 1000; index++) {
    const more = { [`k${index}`]: index, [`__proto__${index}`]: 1, constructor: 1 };
    const plain = { ...more, time, remote_addr: '1.2.3.4', request: 'GET /a HTTP/1.1', status: 200 };
    const caddy = {
      ...more,
      ts: time,
      request: { method: 'GET', uri: '/c', client_ip: '1.2.3.5' },
      status: 200,
    };
    for (const [line, wanted] of [
      [plain, ['GET', '/a', '1.2.3.4']],
      [caddy, ['GET', '/c', '1.2.3.5']],
    ] as const) {
      const { method, target, ip } = read(json, JSON.stringify(line));
      assert.deepEqual([method, target, ip], wanted);
    }
    const text = `k${index}=1 time=${time} method=GET path=/l status=200 remote_addr=1.2.3.6`;
    const { target, ip } = read(logfmt, text);
    assert.deepEqual([target, ip], ['/l', '1.2.3.6']);
  }
});

test('a latency is taken where its unit is told, or where it is declared', () => {
  const secondsOf = (more: object, declared = {}): number | undefined =>
    read(
      jsonLine({ time: ownTime, fields: declared }),
      JSON.stringify({ time, method: 'GET', uri: '/', status: 200, ...more }),
    ).seconds;
  // As Echo writes it.
  assert.equal(secondsOf({ latency: 12_300_000, latency_human: '12.3ms' }), 0.0123);
  assert.equal(secondsOf({ latency: 8600 }), undefined);
  assert.equal(secondsOf({ latency: '250ms' }), 0.25);
  assert.equal(secondsOf({ latency: 0.25 }, { seconds: 'latency' }), 0.25);
  assert.equal(secondsOf({ latency_ms: 250 }), 0.25);
});
