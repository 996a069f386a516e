import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventValidator, eventKinds, toStored, truncateIp } from './index.ts';

const validate = createEventValidator();
const event = {
  id: '019a0000-0000-7000-8000-000000000000',
  kind: 'view_item',
  occurred_at: '2026-11-02T10:00:00.000Z',
  reader_id: 'reader-1',
  items: [{ item_id: 'item-1', price: 9000, quantity: 1 }],
};

function errorOf(value: unknown): { readonly path: string; readonly rule: string; readonly message: string } {
  const outcome = validate(value);
  assert.ok(!outcome.valid, 'the event should be refused');
  return outcome.error;
}

test('an event of the catalogue and an event of a custom kind are valid', () => {
  assert.ok(validate(event).valid);
  assert.ok(validate({ ...event, kind: 'opened_easter_egg', items: undefined, properties: { anything: [1, 2] } }).valid);
});

test('an error names the path, the rule and the nearest field', () => {
  assert.deepEqual([errorOf({ ...event, id: 'x' }).path, errorOf({ ...event, id: 'x' }).rule], ['/id', 'format: uuid']);
  assert.match(errorOf({ ...event, readr_id: 'a' }).message, /did you mean 'reader_id'/);
  assert.equal(errorOf({ ...event, items: [{ item_id: 'a', price: -1 }] }).path, '/items/0/price');
  assert.equal(errorOf({ ...event, items: [{ item_id: 'a', price: -1 }] }).rule, 'minimum: 0');
});

test('a kind asks for its own items, reader and properties', () => {
  assert.equal(errorOf({ ...event, items: undefined }).path, '/items');
  const order = { ...event, kind: 'purchase', properties: { value: 9000, currency: 'KRW' } };
  assert.equal(errorOf(order).path, '/properties/transaction_id');
  assert.equal(errorOf({ ...event, kind: 'rate', reader_id: undefined, properties: { rating: 5 } }).path, '/reader_id');
  assert.equal(errorOf({ ...event, kind: 'rate', properties: { rating: 6 } }).rule, 'maximum: 5');
});

test('what is no event at all is refused, not thrown', () => {
  for (const value of [null, 1, 'text', [], {}, { kind: 7 }, { ...event, kind: 'No Name' }]) errorOf(value);
});

test('an instant that does not exist is refused', () => {
  for (const occurred_at of ['2026-13-01T00:00:00Z', '2026-11-02', '2026-11-02T25:00:00Z', 'yesterday']) {
    assert.equal(errorOf({ ...event, occurred_at }).path, '/occurred_at');
  }
});

test('kinds have unique names and name their personal properties', () => {
  assert.equal(new Set(eventKinds.map((kind) => kind.name)).size, eventKinds.length);
  for (const kind of eventKinds) {
    for (const name of kind.personal) assert.ok(name in kind.properties.properties, `${kind.name}.${name}`);
  }
});

test('an address loses its last part before it is stored', () => {
  assert.equal(truncateIp('203.0.113.77'), '203.0.113.0');
  assert.equal(truncateIp('::ffff:203.0.113.77'), '203.0.113.0');
  assert.equal(truncateIp('2001:db8:1:2:3:4:5:6'), '2001:db8:1::');
  assert.equal(truncateIp('::1'), '::');
  assert.equal(truncateIp('unix:/socket'), undefined);
});

test('a stored event keeps the client’s fields and says when and from whom it came', () => {
  const outcome = validate({ ...event, id: event.id.toUpperCase() });
  assert.ok(outcome.valid);
  const stored = toStored(outcome.event, { receivedAt: '2026-11-02T10:00:01.000Z', source: 'web' });
  assert.equal(stored.id, event.id);
  assert.equal(stored.source, 'web');
  assert.equal('ip' in stored, false);
});
