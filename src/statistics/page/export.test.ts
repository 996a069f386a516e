import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerIn, toAnswer, toColumn } from './answer.ts';
import { toCsv } from './export.ts';

const answer = toAnswer({
  columns: [
    toColumn({ name: 'title', type: 'member', title: '책', language: 'ko' }),
    toColumn({ name: 'title_en', type: 'member', title: 'Title', language: 'en' }),
    toColumn({ name: 'paid', type: 'number', title: { ko: '매출', en: 'Sales' } }),
  ],
  rows: [['달빛 서점', 'The Moonlit Bookshop', 9_000]],
  total: [null, null, 9_000],
});

test('a file has the columns of its language, and those of all', () => {
  assert.equal(toCsv(answer, { language: 'ko', labels: {} }), '\ufeff책,매출\r\n달빛 서점,9000\r\n');
  assert.equal(
    toCsv(answer, { language: 'en', labels: {} }),
    '\ufeffTitle,Sales\r\nThe Moonlit Bookshop,9000\r\n',
  );
});

test('a total stays under its column', () => {
  assert.deepEqual(answerIn(answer, 'en').total, [null, 9_000]);
});
