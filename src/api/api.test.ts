import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { InjectOptions } from 'fastify';
import type { Problem } from './problem.ts';
import type {
  Health,
  ListIndex,
  ListPage,
  MetricIndex,
  MetricSeries,
  RankExplanation,
  ReaderRecommendations,
  RelatedItems,
} from './schemas.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let shop: TestShop;
let document: OpenApiDocument;

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
      }
    >
  >;
}
interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

before(async () => {
  shop = await openTestShop();
  document = (await shop.server.inject('/openapi.json')).json();
});
after(() => shop.close());

interface Answered<Body> {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Body;
}

/** Asks, and checks the answer against the document. */
async function ask<Body = Problem>(
  url: string,
  options: InjectOptions & { readonly key?: string | null } = {},
): Promise<Answered<Body>> {
  const { key = shop.key, headers, ...rest } = options;
  const response = await shop.server.inject({
    method: 'GET',
    url,
    ...rest,
    headers: { ...headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
  });
  const body: unknown = response.body === '' ? undefined : response.json();
  const answered = { status: response.statusCode, headers: response.headers, body };
  if (body !== undefined) validate(new URL(url, 'http://octavo').pathname, answered);
  return { ...answered, body: body as Body };
}

function operationOf(path: string): Operation | undefined {
  const template = Object.keys(document.paths).find((known) =>
    new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return template === undefined ? undefined : document.paths[template]?.['get'];
}

function validate(path: string, answered: Answered<unknown>): void {
  const operation = operationOf(path);
  if (operation === undefined) return;
  const content = operation.responses[answered.status]?.content;
  const type = String(answered.headers['content-type']).split(';')[0] ?? '';
  const schema = content?.[type]?.schema;
  assert.ok(schema !== undefined, `${operation.operationId} documents no ${type} for ${answered.status}`);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const valid = ajv.validate({ ...schema, components: document.components }, answered.body);
  assert.ok(valid, `${path}: ${ajv.errorsText()}`);
}

async function refused(url: string, status: number, code: string, detail: RegExp): Promise<void> {
  const { status: answered, body, headers } = await ask(url);
  assert.equal(answered, status, JSON.stringify(body));
  assert.equal(headers['content-type'], 'application/problem+json');
  assert.equal(body.code, code);
  assert.equal(body.type, `urn:octavo:error:${code}`);
  assert.match(body.detail, detail);
  assert.ok(body.hint.length > 0);
  const documented = operationOf(new URL(url, 'http://octavo').pathname)?.responses[status]?.description;
  if (documented !== undefined) assert.ok(documented.includes(`\`${code}\``), `${documented} lacks ${code}`);
}

test('the document is OpenAPI 3.1, its operations have names of their own, its references lead somewhere', () => {
  assert.equal(document.openapi, '3.1.0');
  const names = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((operation) => operation.operationId),
  );
  assert.equal(new Set(names).size, names.length);
  for (const name of ['getBestsellers', 'getMetric', 'getReaderRecommendations', 'sendEvents'])
    assert.ok(names.includes(name), name);
  for (const name of names) assert.match(name, /^[a-z][A-Za-z]+$/);
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"/]+)/g);
  const named = [...references].map(([, name]) => name ?? '');
  assert.ok(named.includes('Problem') && named.includes('ListPage'));
  for (const name of named) assert.ok(name in document.components.schemas, name);
  assert.doesNotMatch(JSON.stringify(document), /\$id|def-\d|Default Response/);
});

test('two documents of the same routes are the same bytes', async () => {
  const other = await openTestShop();
  assert.equal(
    (await other.server.inject('/openapi.json')).body,
    (await shop.server.inject('/openapi.json')).body,
  );
  await other.close();
});

test('the index names every published list with its day', async () => {
  const { body } = await ask<ListIndex>('/v1/bestsellers');
  assert.equal(body.lists.length, 1);
  assert.deepEqual(body.lists[0]?.title, { en: 'Daily', ko: '일간' });
  assert.equal(body.lists[0]?.business_day, '2026-11-02');
  assert.equal(body.lists[0]?.categories, 1);
});

test('a list is the newest day’s, with edition and inputs, without explanations', async () => {
  const { status, body } = await ask<ListPage>('/v1/bestsellers/daily?limit=2');
  assert.equal(status, 200);
  assert.equal(body.business_day, '2026-11-02');
  assert.deepEqual(body.inputs, { 'model.sale_lines': '42' });
  assert.equal(body.total, 45);
  assert.deepEqual(body.items[1], {
    rank: 2,
    item_id: 'i2',
    title: '제목 2',
    count: 99,
    previous_rank: 1,
    author: '저자',
    author_en: 'A',
  });
});

test('cursors lead over all pages, each title once', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 10; page++) {
    const { body }: Answered<ListPage> = await ask(
      `/v1/bestsellers/daily?limit=20${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...body.items.map((item) => item.item_id));
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 45 }, (_, index) => `i${index + 1}`),
  );
});

test('a list of an earlier day is read by date and by edition', async () => {
  const { body } = await ask<ListPage>('/v1/bestsellers/daily?date=2026-11-01');
  assert.equal(body.items.length, 3);
  const byEdition = await ask<ListPage>(`/v1/bestsellers/daily?edition=${body.edition}`);
  assert.deepEqual(byEdition.body, body);
});

test('an empty category is an empty list', async () => {
  const { body } = await ask<ListPage>('/v1/bestsellers/daily?category=novel');
  assert.deepEqual([body.total, body.items, body.next_cursor], [0, [], null]);
});

test('a rank is explained, with its lines when they are asked for', async () => {
  const { body } = await ask<RankExplanation>('/v1/bestsellers/daily/items/i2/explanation');
  assert.equal(body.explanation.counted, 99);
  assert.equal('lines' in body, false);
  const withLines = await ask<RankExplanation>('/v1/bestsellers/daily/items/i2/explanation?lines=true');
  assert.equal(withLines.body.lines?.[0]?.['item_id'], 'i2');
});

test('a reader’s titles have names, and so have the titles that they are because of', async () => {
  const { body } = await ask<ReaderRecommendations>('/v1/readers/r1/recommendations');
  assert.equal(body.fallback, false);
  assert.deepEqual(body.items[0], {
    title: '제목 i2',
    author: '작가',
    author_en: 'Jakga',
    position: 1,
    item_id: 'i2',
    score: 0.5,
    reason: 'similar_to',
    because_of: [{ item_id: 'i1', title: '제목 i1' }],
  });
});

test('a reader without history gets the popular list, marked as such', async () => {
  const { body } = await ask<ReaderRecommendations>('/v1/readers/new/recommendations');
  assert.equal(body.fallback, true);
  assert.deepEqual(
    body.items.map((item) => item.reason),
    ['popular'],
  );
});

test('related titles are read by title', async () => {
  const { body } = await ask<RelatedItems>('/v1/items/i1/related');
  assert.deepEqual(
    body.items.map((item) => item.item_id),
    ['i2'],
  );
});

test('metrics are listed, and read by day, whole, by member and as a ratio', async () => {
  const index = await ask<MetricIndex>('/v1/metrics');
  assert.deepEqual(
    index.body.metrics.map((metric) => metric.metric),
    ['sales', 'orders', 'basket'],
  );
  const whole = await ask<MetricSeries>('/v1/metrics/sales?from=2026-11-01');
  assert.deepEqual(
    whole.body.rows.map((row) => row.value),
    [1000.5, 2001],
  );
  const members = await ask<MetricSeries>('/v1/metrics/basket?by=device&from=2026-11-02&to=2026-11-02');
  assert.deepEqual(
    members.body.rows.map((row) => [row.member, row.value]),
    [
      ['app', 100],
      ['web', 225.125],
    ],
  );
});

test('an answer that the client has is not sent again, until there is a new edition', async () => {
  const local = await openTestShop();
  const headers = { authorization: `Bearer ${local.key}` };
  for (const url of ['/v1/bestsellers/daily', '/v1/bestsellers', '/v1/metrics/sales']) {
    const first = await local.server.inject({ url, headers });
    const etag = String(first.headers['etag']);
    const again = await local.server.inject({ url, headers: { ...headers, 'if-none-match': etag } });
    assert.deepEqual([again.statusCode, again.body, again.headers['etag']], [304, '', etag]);
    const other = await local.server.inject({ url, headers: { ...headers, 'if-none-match': '"other"' } });
    assert.deepEqual([other.statusCode, other.body], [200, first.body]);
  }
  const before = await local.server.inject({ url: '/v1/bestsellers/daily', headers });
  await local.publishList('2026-11-02', 45, 200);
  const republished = await local.server.inject({
    url: '/v1/bestsellers/daily',
    headers: { ...headers, 'if-none-match': String(before.headers['etag']) },
  });
  assert.equal(republished.statusCode, 200);
  assert.equal(republished.json().revision, 2);
  await local.close();
});

test('two spellings of an address have tags of their own', async () => {
  const [some, more] = [
    await ask('/v1/bestsellers/daily?limit=1'),
    await ask('/v1/bestsellers/daily?limit=2'),
  ];
  assert.notEqual(some.headers['etag'], more.headers['etag']);
});

for (const [what, url, status, code, detail] of [
  ['an unknown list', '/v1/bestsellers/dayly', 404, 'list_not_found', /did you mean 'daily'/],
  [
    'a list that is not published yet',
    '/v1/bestsellers/weekly',
    404,
    'edition_not_found',
    /'weekly' has not been published yet/,
  ],
  [
    'an unknown category',
    '/v1/bestsellers/daily?category=novl',
    404,
    'category_not_found',
    /did you mean 'novel'/,
  ],
  [
    'a day without an edition',
    '/v1/bestsellers/daily?date=2026-10-01',
    404,
    'edition_not_found',
    /2026-10-01/,
  ],
  [
    'an unknown edition',
    '/v1/bestsellers/daily?edition=018f0000-0000-7000-8000-000000000000',
    404,
    'edition_not_found',
    /018f/,
  ],
  [
    'a title that is not on the list',
    '/v1/bestsellers/daily/items/i99/explanation',
    404,
    'item_not_on_list',
    /'i99'.*2026-11-02/,
  ],
  [
    'an unknown category of an explanation',
    '/v1/bestsellers/daily/items/i1/explanation?category=x',
    404,
    'category_not_found',
    /'x'/,
  ],
  ['an unknown reader', '/v1/readers/r404/recommendations', 404, 'reader_not_found', /'r404'/],
  [
    'an unknown recommender',
    '/v1/readers/r1/recommendations?recommender=personl',
    404,
    'recommender_not_found',
    /did you mean 'personal'/,
  ],
  ['a title without related titles', '/v1/items/i99/related', 404, 'item_not_found', /'i99'/],
  ['an unknown metric', '/v1/metrics/sals', 404, 'metric_not_found', /did you mean 'sales'/],
  [
    'a grain that is none',
    '/v1/metrics/sales?grain=century',
    400,
    'argument_invalid',
    /querystring grain is "century", expected one of day, week, month/,
  ],
  [
    'a span that ends before it begins',
    '/v1/metrics/sales?from=2026-11-02&to=2026-11-01',
    400,
    'argument_invalid',
    /from 2026-11-02 is after to 2026-11-01/,
  ],
  ['an unknown dimension', '/v1/metrics/sales?by=devic', 404, 'dimension_not_found', /did you mean 'device'/],
  [
    'an unknown query parameter',
    '/v1/bestsellers/daily?limt=3',
    400,
    'argument_invalid',
    /no 'limt', did you mean 'limit'/,
  ],
  ['a query parameter of the index', '/v1/bestsellers?limit=3', 400, 'argument_invalid', /no 'limit'/],
  [
    'a limit that is too large',
    '/v1/bestsellers/daily?limit=500',
    400,
    'argument_invalid',
    /limit must be <= 200/,
  ],
  [
    'a date that is none',
    '/v1/bestsellers/daily?date=2026-13-01',
    400,
    'argument_invalid',
    /date must match format/,
  ],
  ['a cursor of another make', '/v1/bestsellers/daily?cursor=abc', 400, 'argument_invalid', /cursor 'abc'/],
  ['a grain that is none', '/v1/metrics/sales?grain=year', 400, 'argument_invalid', /grain/],
  ['an unknown address', '/v1/bestseller', 404, 'route_not_found', /GET \/v1\/bestseller/],
] as const) {
  test(`${what} is refused`, () => refused(url, status, code, detail));
}

test('a request needs a key that is known, valid and allowed', async () => {
  const url = '/v1/metrics/sales';
  const missing = await ask(url, { key: null });
  assert.deepEqual(
    [missing.status, missing.body.code, missing.headers['www-authenticate']],
    [401, 'key_missing', 'Bearer'],
  );
  const unknown = await ask(url, { key: 'oct_unknown' });
  assert.deepEqual([unknown.status, unknown.body.code], [401, 'key_invalid']);
  const lists = shop.keys.create('lists only', ['bestsellers:read']);
  const scope = await ask(url, { key: lists.key });
  assert.deepEqual([scope.status, scope.body.code], [403, 'scope_missing']);
  assert.match(scope.body.detail, /metrics:read/);
  assert.equal((await ask('/v1/bestsellers/daily', { key: lists.key })).status, 200);
});

test('a kept answer is given only to keys that may read it', async () => {
  const url = '/v1/bestsellers/daily?limit=7';
  assert.equal((await ask(url)).status, 200);
  const other = shop.keys.create('metrics only', ['metrics:read']);
  assert.equal((await ask(url, { key: other.key })).status, 403);
  assert.equal((await ask(url, { key: null })).status, 401);
  const { key, record } = shop.keys.create('soon revoked', ['bestsellers:read']);
  assert.equal((await ask(url, { key })).status, 200);
  shop.keys.revoke(record.id);
  assert.equal((await ask(url, { key })).status, 401);
});

test('health and metrics are open to all and say the newest day', async () => {
  const { body } = await ask<Health>('/v1/health', { key: null });
  assert.deepEqual(body, {
    status: 'ok',
    version: '0.1.0',
    newest_business_day: '2026-11-02',
    checks: { store: 'ok' },
  });
  const page = await shop.server.inject('/metrics');
  assert.match(page.body, /octavo_api_request_seconds/);
  assert.equal((await shop.server.inject('/docs')).statusCode, 200);
});

test('a hint over HTTP does not speak of the command line', async () => {
  const { body } = await ask('/v1/bestsellers/daily?limit=500');
  assert.match(body.hint, /correct the named part of the request/);
});

test('what the router itself refuses is a problem with a code', async () => {
  for (const url of [
    `/v1/readers/${'r'.repeat(5000)}/recommendations`,
    '/v1/readers/%E0%A4%A/recommendations',
  ]) {
    const response = await shop.server.inject({ url, headers: { authorization: `Bearer ${shop.key}` } });
    assert.equal(response.statusCode, response.json<Problem>().status, response.body);
    assert.equal(response.json<Problem>().code, 'argument_invalid', response.body);
    assert.match(String(response.headers['content-type']), /problem\+json/);
  }
});

test('a wrong method at a known address names those that it has', async () => {
  const wrong = await shop.server.inject({ method: 'DELETE', url: '/v1/metrics/sales?by=device' });
  assert.equal(wrong.statusCode, 405, wrong.body);
  assert.equal(wrong.json<Problem>().code, 'method_not_allowed');
  assert.match(String(wrong.headers['allow']), /GET/);
  const nowhere = await shop.server.inject({ method: 'DELETE', url: '/v1/nowhere' });
  assert.equal(nowhere.json<Problem>().code, 'route_not_found');
});
