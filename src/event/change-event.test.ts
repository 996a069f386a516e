import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeEvent, isPointer } from './index.ts';

test('an event is changed by pointers, and the one that came stays as it is', () => {
  const came = { kindd: 'search', items: [{ item_id: 1 }, {}], properties: { a: 1 } };
  const changed = changeEvent(
    came,
    [
      { path: '/kind', from: '/kindd' },
      { path: '/items/0/item_id', value: '1' },
      { path: '/items/1', remove: true },
      { path: '/page/url', value: 'https://store.example' },
      { path: '/occurred_at', from: 'received_at' },
      { path: '/properties/a', remove: true },
      { path: '/reader_id', from: '/nowhere' },
    ],
    '2026-03-01T00:00:00Z',
  );
  assert.deepEqual(changed, {
    items: [{ item_id: '1' }],
    properties: {},
    kind: 'search',
    page: { url: 'https://store.example' },
    occurred_at: '2026-03-01T00:00:00Z',
  });
  assert.equal(came.items.length, 2);
  const deep = JSON.parse(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`) as object;
  assert.equal(changeEvent(deep, [{ path: '/b', value: 1 }], ''), deep, 'it is refused once more');
  assert.equal(changeEvent('cut', [{ path: '/a', value: 1 }], ''), 'cut');
});

test('no pointer reaches what is not the event’s own', () => {
  changeEvent({}, [{ path: '/__proto__/polluted', value: true }], '');
  changeEvent({}, [{ path: '/constructor/prototype/polluted', value: true }], '');
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.ok(isPointer('/a/b~1c') && !isPointer('a') && !isPointer('') && !isPointer('/a~2'));
});
