import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { splitLines, type SplitRules } from './split-lines.ts';

const decoder = new TextDecoder();
const rules: SplitRules = { recordBytesMax: 20, linesMax: 3, decode: (bytes) => decoder.decode(bytes) };
const fresh = { inside: false, last: false, settled: false, cuts: [] } as const;
const texts = (split: ReturnType<typeof splitLines>): readonly string[] =>
  split.records.map(({ text }) => text);

test('a line without its break waits, carriage returns and empty lines are left out', () => {
  const split = splitLines(Buffer.from('one\r\n\ntwo\nthr'), rules, fresh);
  assert.deepEqual([texts(split), split.consumed], [['one', 'two'], 10]);
  assert.deepEqual(texts(splitLines(Buffer.from('thr'), rules, { ...fresh, last: true })), ['thr']);
});

test('a line that is too long is cut, and what follows up to its break is left out', () => {
  const first = splitLines(Buffer.from('x'.repeat(25)), rules, fresh);
  assert.deepEqual(
    [texts(first), first.consumed, first.inside, first.records[0]?.cut],
    [['x'.repeat(20)], 25, true, true],
  );
  const rest = splitLines(Buffer.from('xxx\nnext\n'), rules, { ...fresh, inside: true });
  assert.deepEqual([texts(rest), rest.inside], [['next'], false]);
});

test('zeros that a truncated file is filled with are no part of a line', () => {
  const split = splitLines(Buffer.from(`${'\0'.repeat(50)}line\n`), rules, fresh);
  assert.deepEqual(
    split.records.map(({ text, start, cut }) => ({ text, start, cut })),
    [{ text: 'line', start: 50, cut: false }],
  );
});

test('letters are decoded, and broken ones counted', () => {
  const bytes = Buffer.concat([Buffer.from('책 \ufffd\n'), Buffer.from([0x61, 0xff, 0x0a])]);
  const split = splitLines(bytes, rules, fresh);
  assert.deepEqual([texts(split), split.broken], [['책 \ufffd', 'a\ufffd'], 1]);
});

test('a record of several lines ends where the next begins, at its limits, or when it is settled', () => {
  const grouped: SplitRules = { ...rules, begins: (line) => !line.startsWith(' ') };
  const bytes = Buffer.from('a\n b\nc\n d\n');
  assert.deepEqual(texts(splitLines(bytes, grouped, fresh)), ['a\n b']);
  assert.equal(splitLines(bytes, grouped, fresh).consumed, 5);
  assert.deepEqual(texts(splitLines(bytes, grouped, { ...fresh, settled: true })), ['a\n b', 'c\n d']);
  assert.deepEqual(texts(splitLines(Buffer.from('a\n 1\n 2\n 3\nb\n'), grouped, fresh)), ['a\n 1\n 2', ' 3']);
  // Declared whole before: read again it ends there again.
  assert.deepEqual(texts(splitLines(Buffer.from('a\n b\n c\nd\n'), grouped, { ...fresh, cuts: [2] })), [
    'a',
    ' b\n c',
  ]);
});

test('bytes that come in pieces give the same records as all at once', () => {
  const line = fc.string({ maxLength: 30, unit: fc.constantFrom('a', 'é', '책', '\r', ' ') });
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 20 }),
      fc.array(fc.nat(40), { maxLength: 10 }),
      (lines, steps) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        const whole = splitLines(bytes, { ...rules, recordBytesMax: 100 }, fresh);
        const pieces: { text: string; start: number }[] = [];
        let at = 0;
        let end = 0;
        for (const step of [...steps, bytes.length]) {
          end = Math.min(bytes.length, end + step);
          const split = splitLines(bytes.subarray(at, end), { ...rules, recordBytesMax: 100 }, fresh);
          pieces.push(...split.records.map(({ text, start }) => ({ text, start: start + at })));
          at += split.consumed;
        }
        assert.deepEqual(
          pieces,
          whole.records.map(({ text, start }) => ({ text, start })),
        );
      },
    ),
  );
});
