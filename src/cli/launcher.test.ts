import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launcherFd } from './launcher.ts';

test('only a number names the pipe of a launcher: an empty value is not standard input', () => {
  assert.equal(launcherFd('3'), 3);
  for (const value of [undefined, '', ' ', '-1', '1.5', '0x3', 'x'])
    assert.equal(launcherFd(value), undefined);
});
