import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMetricFile } from '../load-metrics.ts';
import { toMetrics } from '../metric.ts';
import type { Page } from './page.ts';
import { parsePage } from './parse-page.ts';

const metrics = toMetrics(
  parseMetricFile(
    `metrics:
  - { name: sales, table: model.sale_lines, value: sum(paid), dimensions: { device: device } }
  - { name: buyers, table: model.sale_lines, value: count(distinct buyer_id) }
`,
    'metrics/sales.yaml',
  ),
);
const parse = (text: string): Page => parsePage({ name: 'test', file: 'pages/test.md', text }, { metrics });
const fence = (words: string, body: string): string => `\`\`\`${words}\n${body}\n\`\`\`\n`;

test('a page is read in its order: texts by language, values, queries, blocks', () => {
  const page = parse(
    [
      '---',
      'title: { ko: 판매, en: Sales }',
      'controls: { range: 13w, grain: week, grains: [day, week] }',
      '---',
      '# Sales',
      '<!-- ko -->',
      '',
      '매출은 **{{ sales, month, previous }}**, `code`, [문서](https://example.org).',
      '',
      '<!-- all -->',
      '',
      fence('line', 'metric: sales\ncompare: year'),
      fence('sql top', 'select 1 as one'),
      fence('table', 'query: top'),
      '- one\n- two {{ top.one }}\n',
    ].join('\n'),
  );
  assert.deepEqual(page.problems, []);
  assert.deepEqual(page.title, { ko: '판매', en: 'Sales' });
  assert.deepEqual(
    page.items.map((item) => (item.kind === 'text' ? `${item.node.type} ${item.language}` : item.kind)),
    ['heading null', 'paragraph ko', 'block', 'block', 'list null'],
  );
  assert.deepEqual(page.controls.ranges, ['31d', '13w', '12m']);
  assert.deepEqual(
    [...page.values.values()].map(({ kind, line }) => [kind, line]),
    [
      ['metric', 8],
      ['query', 25],
    ],
  );
  assert.equal(page.queries.get('top')?.line, 18);
});

for (const [what, body, line, reason] of [
  ['an unknown block', fence('lines', 'metric: sales'), 1, /there is no block 'lines', did you mean 'line'/],
  ['an unknown key', fence('line', 'metric: sales\nmetrik: sales'), 3, /unknown key 'metrik'/],
  ['an unknown metric', fence('line', 'metric: sale'), 2, /no metric 'sale', did you mean 'sales'/],
  ['an unknown dimension', fence('bar', 'metric: sales\nby: devise'), 3, /'sales' has no dimension 'devise'/],
  ['an unknown query', fence('table', 'query: tops'), 2, /there is no SQL block 'tops'/],
  ['YAML that is none', fence('line', 'metric: [sales'), 2, /./],
  ['an empty block', fence('line', 'title: Sales'), 1, /needs metrics or a query/],
  ['a query without a name', fence('sql', 'select 1'), 1, /needs a name/],
  ['an unquoted comma in a text', '---\ntitle: { ko: 판매, 환불, en: Sales }\n---\n', 2, /title/],
  ['a front matter that is none', '---\ntitel: x\n---\n', 2, /unknown key 'titel', did you mean 'title'/],
] as const) {
  test(`${what} is shown with file, line and reason, and the rest of the page stands`, () => {
    const page = parse(`${body}\n\nText after it.\n`);
    const [problem] = page.problems;
    assert.equal(page.problems.length, 1);
    assert.deepEqual([problem?.file, problem?.line], ['pages/test.md', line]);
    assert.match(problem?.message ?? '', reason);
    assert.deepEqual(
      page.items.map(({ kind }) => kind),
      ['broken', 'text'],
    );
  });
}

test('a bold value may touch the Korean particle behind it', () => {
  const [item] = parse('매출은 **{{ sales }}**입니다.').items;
  assert.deepEqual(item?.kind === 'text' && item.node.type === 'paragraph' && item.node.children, [
    { type: 'text', text: '매출은 ' },
    { type: 'strong', children: [{ type: 'value', id: 'v1' }] },
    { type: 'text', text: '입니다.' },
  ]);
  const [code] = parse('`{{ sales }}`').items;
  assert.match(JSON.stringify(code), /"code","text":"\{\{ sales \}\}"/);
});

test('markup in a page stays the text it is', () => {
  const page = parse('<script>alert(1)</script>\n\n![x](https://example.org/x.png)\n');
  assert.deepEqual(page.items, [
    {
      kind: 'text',
      language: null,
      node: { type: 'paragraph', children: [{ type: 'text', text: '<script>alert(1)</script>' }] },
    },
    {
      kind: 'text',
      language: null,
      node: { type: 'paragraph', children: [{ type: 'text', text: '![x](https://example.org/x.png)' }] },
    },
  ]);
});
