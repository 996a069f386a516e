import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summaryOf } from './event-summary.ts';

test('an event is told by its titles, else by its page', () => {
  const items = [{ item_id: 'i1', item_name: '책' }, { item_id: 'i2' }];
  assert.equal(summaryOf({ reader_id: 'r1', items, properties: { value: 9 } }), 'r1 · 책 +1 · value=9');
  assert.equal(summaryOf({ page: { url: 'https://store.example/a?b=c' } }), '/a');
  assert.equal(summaryOf({ properties: '***' }), '');
});

test('what is no event is told as it is', () => {
  assert.equal(summaryOf('broken'), 'broken');
  assert.equal(summaryOf(null), '');
  assert.equal(summaryOf({ properties: { text: 'x'.repeat(500) } }).length, 161);
});
