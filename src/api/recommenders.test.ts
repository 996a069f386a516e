import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseDay } from '../base/index.ts';
import { defineRecommender, keepEvaluation, type Measured } from '../recommend/index.ts';
import type { Problem } from './problem.ts';
import type { ReaderShelf, RecommenderEvaluation, RecommenderIndex } from './recommender-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let shop: TestShop;
const interval = (mean: number) => ({ mean, low: mean - 0.01, high: mean + 0.01 });
const row = { parameters: {}, readers: 40, hitRate: 0.4, coverage: 0.3, continuation: 0.1, unreachable: 0 };
const measured: Measured = {
  k: 20,
  trainTo: parseDay('2026-10-25'),
  testTo: parseDay('2026-11-01'),
  readers: 40,
  interactions: { train: 900, test: 80 },
  rows: [
    {
      ...row,
      recommender: 'personal',
      algorithm: 'graph-filter',
      recall: interval(0.18),
      ndcg: interval(0.15),
      difference: { baseline: 'popular', recall: interval(0.1), ndcg: interval(0.09) },
    },
    { ...row, recommender: 'popular', algorithm: 'popularity', recall: interval(0.08), ndcg: interval(0.06) },
  ],
  inputs: { 'model.interactions': '7' },
};

before(async () => {
  shop = await openTestShop({
    context: {
      recommenders: {
        personal: ['personal', 'popular'],
        related: ['related'],
        described: { personal: { algorithm: 'graph-filter', size: 50 } },
      },
      shelf: async (reader, limit) => {
        const known = reader === 'r1' ? ['i1', 'i2', 'i3'] : [];
        return {
          from: '2026-10-01',
          to: '2026-11-02',
          titles: known.length,
          kinds: { purchase: known.length },
          items: known.slice(0, limit).map((id) => ({
            item_id: id,
            title: id,
            kinds: ['purchase'],
            rating: null,
            last_day: '2026-11-02',
          })),
        };
      },
    },
  });
});
after(() => shop.close());

async function ask<T>(url: string, key = shop.key): Promise<{ readonly status: number; readonly body: T }> {
  const response = await shop.server.inject({ url, headers: { authorization: `Bearer ${key}` } });
  return { status: response.statusCode, body: response.json<T>() };
}

test('the recommenders are listed with what they give and their newest edition', async () => {
  const { recommenders } = (await ask<RecommenderIndex>('/v1/recommenders')).body;
  assert.deepEqual(
    recommenders.map(({ recommender, gives, algorithm, edition }) => [
      recommender,
      gives,
      algorithm,
      edition?.business_day,
    ]),
    [
      ['personal', 'personal', 'graph-filter', '2026-11-02'],
      ['popular', 'personal', null, undefined],
      ['related', 'related', null, '2026-11-02'],
    ],
  );
});

test('the newest evaluation that was kept is answered, to the last digit', async () => {
  const url = '/v1/recommenders/evaluation';
  assert.deepEqual((await ask<RecommenderEvaluation>(url)).body, { evaluation: null });
  const recommenders = [defineRecommender({ name: 'personal' })];
  const keep = { recommenders, store: shop.store, codeVersion: 'test' };
  const first = await keepEvaluation({ ...keep, evaluation: measured, token: 1 });
  const again = await keepEvaluation({ ...keep, evaluation: measured, token: 2 });
  assert.equal(again.id, first.id);
  const { evaluation } = (await ask<RecommenderEvaluation>(url)).body;
  assert.deepEqual(
    [evaluation?.edition, evaluation?.k, evaluation?.train_to, evaluation?.test_to, evaluation?.inputs],
    [first.id, 20, '2026-10-25', '2026-11-01', { 'model.interactions': '7' }],
  );
  assert.deepEqual(evaluation?.rows[0]?.recall, interval(0.18));
  assert.deepEqual(evaluation?.rows[0]?.ahead?.baseline, 'popular');
  assert.deepEqual([evaluation?.rows[1]?.recommender, evaluation?.rows[1]?.ahead], ['popular', null]);
});

test('a reader’s shelf is for those who may ask the tables', async () => {
  const { body } = await ask<ReaderShelf>('/v1/readers/r1/shelf?limit=2');
  assert.deepEqual(
    [body.reader_id, body.titles, body.kinds, body.items.length],
    ['r1', 3, { purchase: 3 }, 2],
  );
  assert.deepEqual(body.items[0]?.author, null);
  assert.equal((await ask<ReaderShelf>('/v1/readers/r9/shelf')).body.titles, 0);
  const unknown = await ask<Problem>('/v1/readers/r404/shelf');
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'reader_not_found']);
  const { key } = shop.keys.create('lists', ['recommendations:read']);
  const refused = await ask<Problem>('/v1/readers/r1/shelf', key);
  assert.deepEqual([refused.status, refused.body.code], [403, 'scope_missing']);
});
