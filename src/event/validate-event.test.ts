import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEventError, isInstantText, truncateIp, validateEvent } from './index.ts';

const event = {
  id: '0192f0c1-7e2a-7c3d-9a4b-0123456789ab',
  kind: 'purchase',
  occurred_at: '2026-03-01T10:00:00.123+09:00',
  reader_id: 'r1',
  items: [{ item_id: 't1', price: 12000, quantity: 1 }],
  properties: { transaction_id: 'o1', currency: 'KRW', value: 12000 },
};

const errorOf = (value: unknown) => {
  const result = validateEvent(value);
  assert.ok(isEventError(result), JSON.stringify(value));
  return result;
};

test('a valid event is returned as it is', () => {
  assert.equal(validateEvent(event), event);
  const custom = { ...event, kind: 'shake_device', items: [], properties: { force: [1, 2] } };
  assert.equal(validateEvent(custom), custom);
});

test('an error names the path and the rule', () => {
  const cases: readonly [unknown, string, string][] = [
    [null, '', 'type: object'],
    [{ ...event, id: undefined }, '/id', 'required'],
    [{ ...event, id: 'x' }, '/id', 'format: uuid'],
    [{ ...event, kind: 'Bad Kind' }, '/kind', 'format: kind'],
    [{ ...event, occurred_at: '2026-02-30T00:00:00Z' }, '/occurred_at', 'format: rfc3339'],
    [{ ...event, items: [{ item_id: 't1', price: -1 }] }, '/items/0/price', 'minimum: 0'],
    [{ ...event, items: [{}] }, '/items/0/item_id', 'required'],
    [{ ...event, items: [] }, '/items', 'required'],
    [{ ...event, properties: { ...event.properties, value: 'x' } }, '/properties/value', 'type: number'],
    [{ ...event, properties: { currency: 'KRW', value: 1 } }, '/properties/transaction_id', 'required'],
    [{ ...event, page: { url: 'x'.repeat(5000) } }, '/page/url', 'maxLength: 4000'],
    [{ ...event, kind: 'login', reader_id: undefined, items: [] }, '/reader_id', 'required'],
  ];
  for (const [value, path, rule] of cases) {
    const { path: foundPath, rule: foundRule } = errorOf(JSON.parse(JSON.stringify(value)));
    assert.deepEqual([foundPath, foundRule], [path, rule]);
  }
});

test('an unknown field is refused with the nearest name', () => {
  const error = errorOf({ ...event, readerid: 'r' });
  assert.deepEqual([error.path, error.rule], ['/readerid', 'unknown field']);
  assert.match(error.message, /did you mean 'reader_id'/);
});

test('a broken format is told in words', () => {
  const message = (value: object): string => errorOf({ ...event, ...value }).message;
  assert.match(message({ occurred_at: '1830-01-01T00:00:00Z' }), /RFC 3339 .* of the years 2000 to 2099/);
  assert.match(message({ id: 'x' }), /^\/id must be a UUID/);
  assert.match(message({ kind: 'Bad Kind' }), /^\/kind must be a small letter/);
});

test('properties nested too deep are refused', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 20; level++) deep = { deep };
  assert.equal(errorOf({ ...event, kind: 'custom', properties: { deep } }).path, '/properties');
});

test('instants need a zone and a real date', () => {
  for (const good of ['2026-02-28T23:59:59Z', '2024-02-29T00:00:00.1-05:30'])
    assert.ok(isInstantText(good), good);
  for (const bad of [
    '2026-02-29T00:00:00Z',
    '2026-02-28T24:00:00Z',
    '2026-02-28T00:00:00',
    '2026-02-28',
    '1999-01-01T00:00:00Z',
  ]) {
    assert.ok(!isInstantText(bad), bad);
  }
});

test('addresses are cut to their network', () => {
  assert.equal(truncateIp('203.0.113.77'), '203.0.113.0');
  assert.equal(truncateIp('::ffff:203.0.113.77'), '203.0.113.0');
  assert.equal(truncateIp('2001:db8:1:2:3:4:5:6'), '2001:db8:1::');
  assert.equal(truncateIp('::1'), '::');
  assert.equal(truncateIp('nonsense'), undefined);
});
