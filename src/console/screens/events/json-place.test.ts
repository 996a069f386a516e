import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointerPlace, syntaxPlace } from './json-place.ts';

const text = `{
  "id": "7",
  "items": [{ "item_id": 5 }, { "item_id": "b" }],
  "a/b": { "~": true }
}`;
const at = (pointer: string): string => {
  const { from, to } = pointerPlace(text, pointer);
  return text.slice(from, to);
};

test('a pointer leads to its value', () => {
  assert.equal(at('/id'), '"7"');
  assert.equal(at('/items/0/item_id'), '5');
  assert.equal(at('/items/1/item_id'), '"b"');
  assert.equal(at('/a~1b/~0'), 'true');
});

test('what is not there is looked for where it should be', () => {
  assert.equal(at(''), '{');
  assert.equal(at('/reader_id'), '{');
  assert.deepEqual(pointerPlace(text, '/items/1/price'), pointerPlace(text, '/items/1'));
  assert.equal(at('/items/9'), '[');
  assert.equal(at('/id/deeper'), '"7"');
  assert.deepEqual(pointerPlace('', '/id'), { from: 0, to: 0 });
});

test('a text that is no JSON has its first wrong place', () => {
  assert.equal(syntaxPlace(text), undefined);
  const broken = '{\n "a": 1,\n "b" 2\n}';
  const { from = 0 } = syntaxPlace(broken) ?? {};
  assert.equal(broken.slice(0, from).split('\n').length, 3);
  assert.notEqual(syntaxPlace('{"a": '), undefined);
  assert.notEqual(syntaxPlace(''), undefined);
});
