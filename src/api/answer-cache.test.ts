import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAnswerCache, type Answer } from './answer-cache.ts';

const answer = (bytes: number): Answer => ({
  body: Buffer.alloc(bytes),
  etag: '"a"',
  route: '/v1/bestsellers/:list',
  scope: 'bestsellers:read',
  found: {
    query: {},
    edition: {
      id: 'e',
      kind: 'bestseller',
      name: 'daily',
      business_day: '2026-11-02',
      revision: 1,
      inputs: {},
      rule_version: '',
      code_version: '',
      content_hash: '',
      created_at: '',
      counts: {},
    },
  },
});

test('answers stay below their bytes, and the one not asked for the longest goes first', () => {
  const cache = createAnswerCache(10_000);
  for (const url of ['/a', '/b', '/c']) cache.set(url, answer(2_000));
  cache.get('/a');
  cache.set('/d', answer(2_000));
  assert.deepEqual(
    ['/a', '/b', '/c', '/d'].map((url) => cache.get(url) !== undefined),
    [true, false, true, true],
  );
});

test('an answer that replaces another counts once', () => {
  const cache = createAnswerCache(10_000);
  for (let round = 0; round < 100; round++) cache.set('/a', answer(4_000));
  cache.set('/b', answer(4_000));
  assert.deepEqual(
    ['/a', '/b'].map((url) => cache.get(url) !== undefined),
    [true, true],
  );
});

test('an answer larger than everything is not kept', () => {
  const cache = createAnswerCache(10_000);
  cache.set('/a', answer(20_000));
  assert.equal(cache.get('/a'), undefined);
});
