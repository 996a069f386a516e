import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesFrom, toChanges } from './changes.ts';

test('a typed value is JSON where it can be, else a text', () => {
  const sent = toChanges([
    { path: ' /items/0/price ', way: 'value', text: '9900' },
    { path: '/currency', way: 'value', text: 'KRW' },
    { path: '/page', way: 'value', text: '{"url":"https://store.example"}' },
    { path: '/occurred_at', way: 'from', text: ' received_at ' },
    { path: '/extra', way: 'remove', text: 'ignored' },
    { path: ' ', way: 'value', text: 'no place' },
  ]);
  assert.deepEqual(sent, [
    { path: '/items/0/price', value: 9900 },
    { path: '/currency', value: 'KRW' },
    { path: '/page', value: { url: 'https://store.example' } },
    { path: '/occurred_at', from: 'received_at' },
    { path: '/extra', remove: true },
  ]);
});

test('what was kept comes back, and what is not of ours does not', () => {
  const typed = [{ path: '/a', way: 'remove', text: '' }] as const;
  assert.deepEqual(changesFrom(JSON.stringify(typed)), typed);
  for (const kept of [undefined, 'null', '{', '[{"path":1}]']) assert.equal(changesFrom(kept), undefined);
});
