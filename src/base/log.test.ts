import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OctavoError } from './errors.ts';
import { createLogger } from './log.ts';

function logged(error: Error): { readonly stack?: string; readonly cause?: { readonly stack?: string } } {
  const lines: string[] = [];
  createLogger({ write: (line) => lines.push(line) }).warn('tried again', { error });
  return (JSON.parse(lines[0] ?? '') as { readonly error: object }).error;
}

test('the place in the code is told of mistakes, not of a network or a disk that fails', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const fetchFailed = new TypeError('fetch failed', { cause: refused });
  const unreachable = logged(new OctavoError('storage_failed', 'http://collector', { cause: fetchFailed }));
  assert.deepEqual([unreachable.stack, unreachable.cause?.stack], [undefined, undefined]);
  assert.match(logged(new TypeError('x is undefined')).stack ?? '', /log\.test/);
  const wrapped = logged(new OctavoError('task_failed', 'a task', { cause: new RangeError('too deep') }));
  assert.match(wrapped.cause?.stack ?? '', /log\.test/);
  const misuse = Object.assign(new TypeError('of type number'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.match(logged(misuse).stack ?? '', /log\.test/);
});
