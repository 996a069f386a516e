import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertProperty, array, property, record, string } from 'fast-check';
import stringWidth from 'string-width';
import { cutText, jsonText, printable, tableText } from './table-text.ts';

test('texts stand left, numbers right, and Korean letters take two columns', () => {
  const { text, cut } = tableText([
    { title: '달빛 1권', copies: 12 },
    { title: 'Moon', copies: 3n },
  ]);
  assert.equal(
    text,
    ['title     copies', '────────  ──────', '달빛 1권      12', 'Moon           3'].join('\n'),
  );
  assert.equal(cut, false);
});

test('the widest texts are cut to the width, numbers never', () => {
  const rows = [{ id: 't1', title: '일곱 번째 쌍둥이, 그리고 문파', count: 1234567 }];
  const { text, cut } = tableText(rows, ['id', 'title', 'count'], 30);
  assert.equal(cut, true);
  assert.ok(
    text.split('\n').every((line) => stringWidth(line) <= 30),
    text,
  );
  assert.match(text, /1234567$/);
  assert.match(text, /일곱 번째/);
});

test('what can not be made to fit is shown row by row', () => {
  const row = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`column_${index}`, 'x'.repeat(50)]),
  );
  const { text, cut } = tableText([row], undefined, 40);
  assert.equal(text.split('\n').length, 13);
  assert.match(text, /^── row 1 ──\ncolumn_0 {3}x+…$/m);
  assert.equal(cut, true);
});

test('no table is wider than the terminal, whatever stands in it', () => {
  const texts = record({ a: string(), b: string({ unit: 'grapheme' }), c: string({ unit: 'grapheme' }) });
  assertProperty(
    property(array(texts, { minLength: 1, maxLength: 5 }), (rows) => {
      for (const width of [20, 40, 80]) {
        const { text } = tableText(rows, ['a', 'b', 'c'], width);
        for (const line of text.split('\n')) assert.ok(stringWidth(line) <= width, line);
      }
    }),
    { numRuns: 200, seed: 7 },
  );
});

test('letters that would move the cursor or colour the terminal are written out', () => {
  assert.equal(printable('a\nb\tc\u001b[31m'), String.raw`a\nb\tc\u001b[31m`);
  assert.equal(tableText([{ a: 'x\u0007' }]).text.split('\n')[2], String.raw`x\u0007`);
});

test('a text is cut between letters, and one that fits is not', () => {
  assert.equal(cutText('가나다', 6), '가나다');
  assert.equal(cutText('가나다', 5), '가나…');
  assert.equal(cutText('👨‍👩‍👧 family', 4), '👨‍👩‍👧 …');
});

test('many rows are no problem, and large integers stay exact in JSON', () => {
  const rows = Array.from({ length: 150_000 }, (_, n) => ({ n }));
  assert.equal(tableText(rows, ['n'], 80).text.split('\n').length, 150_002);
  assert.equal(jsonText({ id: 9_007_199_254_740_993n }), '{"id":"9007199254740993"}');
});
