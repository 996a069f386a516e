import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonText, relatedText } from './reason-text.ts';

test('a reason is told as a sentence, in both languages', () => {
  assert.equal(reasonText('next_in_series', ['달 1권'], 'en'), 'next volume after 달 1권');
  assert.equal(reasonText('next_in_series', ['달 1권'], 'ko'), '「달 1권」의 다음 권');
  assert.equal(reasonText('similar_to', ['달', '별'], 'en'), 'because you have 달 and 별');
  assert.equal(reasonText('similar_to', ['달', '별'], 'ko'), '「달」 · 「별」 독자에게 추천');
  assert.equal(reasonText('popular', [], 'en'), 'popular now');
  assert.equal(relatedText('similar_to', '달', 'en'), 'readers of 달 have it too');
  assert.equal(relatedText('next_in_series', '달 1권', 'ko'), '「달 1권」의 다음 권');
});

test('a reason of another version, or without titles, is shown as it is', () => {
  assert.equal(reasonText('editors_choice', ['달'], 'ko'), 'editors_choice');
  assert.equal(reasonText('similar_to', [], 'en'), 'similar_to');
});
