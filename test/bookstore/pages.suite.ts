import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { SQLOutputValue } from 'node:sqlite';
import { openPages } from '../../src/cli/pages.ts';
import {
  readSeries,
  type AnswerComparison,
  type AnswerNumber,
  type BlockAnswer,
  type Grain,
  type PageData,
  type Pages,
} from '../../src/statistics/index.ts';
import { sharedBookstore, type Bookstore } from './world.ts';

/** The example's statistics pages against `octavo metrics` and against SQL over the shop's own database. */
let store: Bookstore;
let pages: Pages;
let day = '';

before(
  async () => {
    store = await sharedBookstore();
    day = store.days.at(-1) ?? '';
    pages = openPages(store.platform);
  },
  { timeout: 300_000 },
);

/** A block of a page by its English title. */
async function blockOf(page: string, title: string, controls = {}): Promise<BlockAnswer> {
  const { items } = await pages.page(page);
  const item = items.find(
    (each) =>
      each.kind === 'block' && typeof each.block.title === 'object' && each.block.title['en'] === title,
  );
  assert.ok(item?.kind === 'block', title);
  return (await pages.block(page, item.id, controls)).answer;
}

function shop(sql: string, from: string, to: string): readonly Readonly<Record<string, SQLOutputValue>>[] {
  const { calendar } = store.platform;
  const at = (ms: number): string => new Date(ms).toISOString();
  return store.shop
    .prepare(sql)
    .all({ start: at(calendar.intervalOf(from).startMs), end: at(calendar.intervalOf(to).endMs) });
}

const placed = 'ordered_at >= $start and ordered_at < $end';
const topCategory = `(with recursive up(id, parent) as (
    select category_id, parent_id from categories where category_id = i.category_id
    union all select c.category_id, c.parent_id from categories c join up on c.category_id = up.parent
  ) select id from up where parent is null)`;

test('every page of the example shows every one of its blocks, at every grain', async () => {
  const listed = await pages.list();
  assert.ok(listed.length >= 9);
  for (const page of listed) {
    assert.deepEqual(page.problems, [], page.name);
    for (const grain of page.controls.grains) {
      const data: PageData = await pages.data(page.name, {
        range: '12d',
        ...(grain === page.controls.grain ? {} : { grain }),
      });
      assert.deepEqual(data.problems, [], page.name);
      for (const [id, block] of Object.entries(data.blocks))
        assert.ok(
          'rows' in block && (block.rows.length > 0 || page.name === 'series'),
          `${page.name} ${id} ${JSON.stringify(block)}`,
        );
      for (const value of Object.values(data.values)) assert.ok(!('problem' in value), JSON.stringify(value));
    }
  }
});

test('the lines of pages are the series of `octavo metrics`, to the last unit', async () => {
  const { metrics } = store.platform.project;
  for (const page of await pages.list()) {
    for (const item of page.items) {
      if (item.kind !== 'block' || item.block.kind !== 'line') continue;
      const { answer, controls } = await pages.block(page.name, item.id, {});
      const grain: Grain = item.block.grain ?? controls.grain;
      for (const [place, column] of answer.columns.entries()) {
        const metric = column.role === 'value' ? metrics.get(column.name) : undefined;
        if (metric === undefined) continue;
        const { rows } = await readSeries({
          store: store.platform.store,
          metrics,
          metric,
          grain,
          from: controls.from,
          to: controls.to,
        });
        const shown = answer.rows
          .map((row) => [row[0], row[place]] as const)
          .filter(([, value]) => value !== null);
        assert.deepEqual(
          shown,
          rows.filter(({ value }) => value !== null).map(({ period, value }) => [period, value]),
          `${page.name} ${column.name}`,
        );
      }
    }
  }
});

test('the day’s numbers and their comparison are those of the shop', async () => {
  const data = await pages.data('daily', {});
  const block = Object.values(data.blocks).find((each) => 'numbers' in each && each.numbers.length > 0);
  assert.ok(block !== undefined && 'numbers' in block);
  const before = store.platform.calendar.addDays(day, -7);
  for (const [name, sql] of [
    ['sales', `select coalesce(sum(paid), 0) n from order_lines where ${placed}`],
    ['orders', `select count(distinct order_id) n from order_lines where ${placed}`],
    ['buyers', `select count(distinct reader_id) n from order_lines where ${placed} and paid > 0`],
  ] as const) {
    const number: AnswerNumber | undefined = block.numbers.find(({ metric }) => metric === name);
    const comparison: AnswerComparison | undefined = number?.comparisons[0];
    assert.equal(number?.value, Number(shop(sql, day, day)[0]?.['n']), name);
    assert.equal(comparison?.day, before);
    assert.equal(comparison?.value, Number(shop(sql, before, before)[0]?.['n']), name);
  }
});

for (const [title, member] of [
  ['By category', topCategory],
  ['By publisher', 'i.publisher_id'],
  ['By device', "coalesce(o.device, '')"],
] as const) {
  test(`sales ${title.toLowerCase()} add up to the shop's own`, async () => {
    const from = store.platform.calendar.addDays(day, -6);
    const rows = shop(
      `select ${member} member, sum(l.paid) paid, count(distinct l.order_id) orders from order_lines l
       join items i using (item_id) join orders o using (order_id)
       where l.ordered_at >= $start and l.ordered_at < $end group by 1 order by paid desc, 1`,
      from,
      day,
    );
    const answer = await blockOf('sales', title, { range: '7d' });
    const most = title === 'By publisher' ? 12 : rows.length;
    assert.deepEqual(
      answer.rows.map(([name, paid, , orders]) => [name, paid, orders]),
      rows.slice(0, most).map((row) => [row['member'], Number(row['paid']), Number(row['orders'])]),
    );
    assert.equal(
      answer.total?.[1],
      rows.reduce((sum, row) => sum + Number(row['paid']), 0),
    );
  });
}

test('buyers are new on the day of their first purchase, and returning after it', async () => {
  const answer = await blockOf('readers', 'New and returning buyers');
  const place = (name: string): number => answer.columns.findIndex((column) => column.name === name);
  for (const row of answer.rows) {
    if (row[place('returning')] === null && row[place('new')] === null) continue;
    const on = String(row[0]);
    const [counted] = shop(
      `select count(distinct case when first >= $start then reader_id end) n,
         count(distinct case when first < $start then reader_id end) old
       from order_lines join (select reader_id, min(ordered_at) first from order_lines where paid > 0 group by 1) using (reader_id)
       where ${placed} and paid > 0`,
      on,
      on,
    );
    assert.equal(row[place('new')] ?? 0, Number(counted?.['n']), on);
    assert.equal(row[place('returning')] ?? 0, Number(counted?.['old']), on);
  }
});

test('the funnel counts visits of the event log', async () => {
  const steps = [
    ['view_item_list'],
    ['view_item'],
    ['add_to_cart'],
    ['begin_checkout'],
    ['purchase', 'gift'],
  ];
  const visits = new Map<string, Set<string>>();
  const robots = new Set<string>();
  const { calendar } = store.platform;
  for (const event of store.logged) {
    if (event.session_id === undefined || calendar.dayOf(Date.parse(event.occurred_at)) !== day) continue;
    if (/crawler|bot\//i.test(event.user_agent ?? '')) robots.add(event.session_id);
    visits.set(event.session_id, (visits.get(event.session_id) ?? new Set()).add(event.kind));
  }
  const people = [...visits].filter(([id]) => !robots.has(id)).map(([, kinds]) => kinds);
  const expected = steps.map(
    (_step, place) =>
      people.filter((kinds) =>
        steps.slice(0, place + 1).every((each) => each.some((kind) => kinds.has(kind))),
      ).length,
  );
  const answer = await blockOf('funnel', 'How far visits came');
  assert.deepEqual(
    answer.rows.map(([, value]) => value),
    expected,
  );
});

test('what sold most is what the shop says, whatever category is chosen', async () => {
  const [category] = store.shop.prepare(`select ${topCategory} id from items i limit 1`).all();
  const rows = shop(
    `select i.title, sum(l.copies) copies, sum(l.paid) paid from order_lines l join items i using (item_id)
     where ${placed} and ${topCategory} = '${String(category?.['id'])}'
     group by i.item_id order by paid desc, i.title limit 20`,
    day,
    day,
  );
  const answer = await blockOf('sales', 'What sold most', {
    range: '1d',
    category: String(category?.['id']),
  });
  const places = ['title', 'copies', 'paid'].map((name) =>
    answer.columns.findIndex((column) => column.name === name),
  );
  assert.deepEqual(
    answer.rows.map((row) => places.map((place) => row[place])),
    rows.map((row) => [row['title'], Number(row['copies']), Number(row['paid'])]),
  );
});
