import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isVisible, parseSnapshot } from './transaction-snapshot.ts';

test('a transaction is in a snapshot when it ended before, over the wrap of its number too', () => {
  const near = parseSnapshot('740:745:740,743');
  assert.deepEqual(
    [739, 740, 741, 743, 744, 745, 746].map((xid) => isVisible(near, xid)),
    [true, false, true, false, true, false, false],
  );
  // 2^32 + 5: the numbers began anew.
  const wrapped = parseSnapshot('4294967290:4294967301:4294967298');
  assert.deepEqual(
    [-6, 2, 3, 5, 9].map((xid) => isVisible(wrapped, xid)),
    [true, false, true, false, false],
  );
});
