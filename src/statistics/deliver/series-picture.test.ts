import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAnswer, toColumn } from '../page/answer.ts';
import { messageFormat } from './format.ts';
import { seriesPicture } from './series-picture.ts';

const format = messageFormat('en');
const words = { language: 'en', labels: {} } as const;
const axis = toColumn({ name: 'day', type: 'day', role: 'axis' });

function heights(html: string): readonly number[] {
  return [...html.matchAll(/<div style="height:(\d+)px/g)].map((found) => Number(found[1]));
}

test('several series of one unit stand below each other on one scale, each with its name', () => {
  const answer = toAnswer({
    columns: [
      axis,
      toColumn({ name: 'fiction', type: 'number', title: { en: 'Fiction', ko: '소설' }, unit: 'count' }),
      toColumn({ name: 'comics', type: 'number', title: { en: 'Comics', ko: '만화' }, unit: 'count' }),
    ],
    rows: [
      ['2026-11-01', 10, 5],
      ['2026-11-02', 20, null],
    ],
  });
  const picture = seriesPicture(answer, { format, words })?.html ?? '';
  assert.deepEqual(heights(picture), [36, 72, 18, 0]);
  assert.ok(picture.indexOf('Fiction') < picture.indexOf('Comics'));
  assert.match(picture, /aria-label="Comics .*–/);
});

test('series of different units keep a scale each; what is foretold is not drawn', () => {
  const answer = toAnswer({
    columns: [
      axis,
      toColumn({ name: 'orders', type: 'number', unit: 'count' }),
      toColumn({ name: 'rate', type: 'number', unit: 'share' }),
    ],
    rows: [
      ['2026-11-01', 1000, 0.5],
      ['2026-11-02', 500, 0.25],
      ['2026-11-03', 9000, 0.9],
    ],
    marks: [null, null, 'forecast'],
  });
  assert.deepEqual(heights(seriesPicture(answer, { format, words })?.html ?? ''), [72, 36, 72, 36]);
});

test('nothing to draw, or too many series, is left to the table', () => {
  const columns = Array.from({ length: 7 }, (_, place) => toColumn({ name: `s${place}`, type: 'number' }));
  const many = toAnswer({ columns: [axis, ...columns], rows: [['2026-11-01', 1, 1, 1, 1, 1, 1, 1]] });
  const none = toAnswer({ columns: [axis, columns[0] ?? axis], rows: [['2026-11-01', 0]] });
  assert.equal(seriesPicture(many, { format, words }), undefined);
  assert.equal(seriesPicture(none, { format, words }), undefined);
});
