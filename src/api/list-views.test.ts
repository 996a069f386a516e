import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createCalendar } from '../base/index.ts';
import type {
  ItemRankings,
  ListCategories,
  ListComparison,
  ListEditions,
  ListHistory,
  RankChange,
  SearchResults,
} from './list-schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let shop: TestShop;

before(async () => {
  shop = await openTestShop({
    context: {
      shop: {
        name: 'bookstore',
        currency: 'KRW',
        language: 'ko',
        calendar: createCalendar(),
        categories: async () => [{ id: 'novel', title: { ko: '소설', en: 'Novels' }, parent: null }],
        title: async (id) => (id === 'i900' ? { item_id: id, title: '조용한 책' } : undefined),
        findTitles: async (text) => [{ item_id: 'i1', title: `제목 ${text}`, author: '작가' }],
      },
    },
  });
});
after(() => shop.close());

async function ask<T>(url: string): Promise<T> {
  const response = await shop.server.inject({ url, headers: { authorization: `Bearer ${shop.key}` } });
  assert.equal(response.statusCode, 200, response.body);
  return response.json<T>();
}

async function refusal(url: string): Promise<string> {
  const response = await shop.server.inject({ url, headers: { authorization: `Bearer ${shop.key}` } });
  return response.json<{ code: string }>().code;
}

test('a list names its editions, newest first, and which one is current', async () => {
  const { editions } = await ask<ListEditions>('/v1/bestsellers/daily/editions');
  assert.deepEqual(
    editions.map(({ business_day, revision, current }) => [business_day, revision, current]),
    [
      ['2026-11-02', 1, true],
      ['2026-11-01', 1, true],
    ],
  );
  assert.equal(await refusal('/v1/bestsellers/dayly/editions'), 'list_not_found');
});

test('categories have their names, the overall list first', async () => {
  const { categories } = await ask<ListCategories>('/v1/bestsellers/daily/categories');
  assert.deepEqual(categories, [
    { category: 'all', title: { ko: '종합', en: 'Overall' }, parent: null },
    { category: 'novel', title: { ko: '소설', en: 'Novels' }, parent: null },
  ]);
});

test('the ranks of the days before stand beside the titles', async () => {
  const { days, ranks } = await ask<ListHistory>('/v1/bestsellers/daily/history?days=3');
  assert.deepEqual(days, ['2026-10-31', '2026-11-01', '2026-11-02']);
  assert.deepEqual(ranks['i1'], [null, 1, 1]);
  assert.deepEqual(ranks['i4'], [null, null, 4]);
  assert.equal(Object.keys(ranks).length, 45);
  assert.equal(await refusal('/v1/bestsellers/daily/history?category=poem'), 'category_not_found');
});

test('a change is told in parts, neighbours with what lies between', async () => {
  const change = await ask<RankChange>('/v1/bestsellers/daily/items/i2/change');
  assert.equal(change.previous?.business_day, '2026-11-01');
  assert.deepEqual(change.parts, { own: 1, others: -1, rules: 0, corrections: -1 });
  assert.deepEqual(
    change.neighbours.map(({ item_id, distance, distinguishable }) => [item_id, distance, distinguishable]),
    [
      ['i1', -1, false],
      ['i3', 1, false],
    ],
  );
  const first = await ask<RankChange>('/v1/bestsellers/daily/items/i2/change?date=2026-11-01');
  assert.deepEqual([first.previous, first.parts], [null, null]);
  assert.equal(await refusal('/v1/bestsellers/daily/items/nothing/change'), 'item_not_on_list');
});

test('two editions stand side by side, with what differs between them', async () => {
  const { editions } = await ask<ListEditions>('/v1/bestsellers/daily/editions');
  const [to, from] = editions.map(({ edition }) => edition);
  const compared = await ask<ListComparison>(`/v1/bestsellers/daily/comparison?from=${from}&to=${to}`);
  assert.deepEqual([compared.same_rules, compared.same_content, compared.changed_inputs], [true, false, []]);
  assert.equal(compared.items.length, 45);
  assert.deepEqual(compared.items[0]?.from_count, 10);
  assert.deepEqual([compared.items[44]?.from_rank, compared.items[44]?.to_rank], [null, 45]);
  const same = await ask<ListComparison>(`/v1/bestsellers/daily/comparison?from=${to}&to=${to}`);
  assert.equal(same.same_content, true);
});

test('a title is found on every list, overall and by category', async () => {
  const title = await ask<ItemRankings>('/v1/items/i2/rankings?days=2');
  assert.deepEqual(
    [title.title, title.author, title.author_en, title.days],
    ['제목 2', '저자', 'A', ['2026-11-01', '2026-11-02']],
  );
  assert.deepEqual(title.lists[0]?.counts, [9, 99]);
  assert.deepEqual(title.places, [{ list: 'daily', category: 'all', rank: 2, count: 99, previous_rank: 1 }]);
  const quiet = await ask<ItemRankings>('/v1/items/i900/rankings');
  assert.deepEqual([quiet.title, quiet.lists, quiet.places], ['조용한 책', [], []]);
  assert.equal(await refusal('/v1/items/i901/rankings'), 'item_not_found');
});

test('titles are found by text', async () => {
  const { titles } = await ask<SearchResults>('/v1/search?text=abc');
  assert.deepEqual(titles, [
    { item_id: 'i1', title: '제목 abc', title_en: null, author: '작가', author_en: null },
  ]);
  assert.equal(await refusal('/v1/search?text='), 'argument_invalid');
});

test('a whole list is given as a file, with its day in every row', async () => {
  const get = (query: string) =>
    shop.server.inject({
      url: `/v1/bestsellers/daily/file${query}`,
      headers: { authorization: `Bearer ${shop.key}` },
    });
  const csv = await get('?language=ko');
  assert.match(csv.headers['content-disposition'] as string, /daily-all-2026-11-02-r1\.csv/);
  const lines = csv.body.split('\r\n');
  assert.equal(
    lines[0],
    '\ufeff영업일,순위,지난 순위,제목,저자,책 번호,센 값,부수,구매자,목록에 있은 날,최고 순위,정가',
  );
  assert.equal(lines[2], '2026-11-02,2,1,제목 2,저자,i2,99,,,,,');
  assert.match((await get('?language=en')).body, /\r\n2026-11-02,2,1,제목 2,A,i2,99,/);
  assert.equal(lines.length, 47);
  const xlsx = await get('?format=xlsx&language=en');
  assert.equal(xlsx.rawPayload.subarray(0, 2).toString(), 'PK');
});
