import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behind, placeOfError } from './error-place.ts';

test('a pointer is followed, in long lines and below wide letters too', () => {
  const column = 'Referenced column "x" not found\n\n';
  assert.deepEqual(placeOfError(`${column}LINE 2:   x\n          ^`, 'select a,\n  x\nfrom t'), {
    line: 2,
    column: 3,
  });
  const korean = "select '한글', x from t";
  const below = ' '.repeat('LINE 1: '.length + "select '한글', ".length + 2);
  assert.deepEqual(placeOfError(`${column}LINE 1: ${korean}\n${below}^`, korean), { line: 1, column: 14 });
  const long = `select '${'a'.repeat(90)}' as y, x, '${'b'.repeat(90)}'`;
  const shown = `...aaa' as y, x, 'bbb...`;
  const pointer = ' '.repeat('LINE 1: '.length + shown.indexOf('x'));
  assert.deepEqual(placeOfError(`${column}LINE 1: ${shown}\n${pointer}^`, long), {
    line: 1,
    column: long.indexOf('x,') + 1,
  });
});

test('a place in words is taken, and nothing is made up', () => {
  assert.deepEqual(placeOfError('syntax error at or near "readers" (line 2, column 5)', ''), {
    line: 2,
    column: 5,
  });
  assert.equal(placeOfError('there is no such table', 'select 1'), undefined);
});

test('what stood before the text moves the place', () => {
  assert.deepEqual(behind({ line: 1, column: 3 }, '\n\n  '), { line: 3, column: 5 });
  assert.deepEqual(behind({ line: 2, column: 3 }, 'explain '), { line: 2, column: 3 });
});
