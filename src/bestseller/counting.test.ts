import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, manualClock, seededRandom, type Random } from '../base/index.ts';
import { openSqliteStore, type Edition, type EditionEntry, type ServingStore } from '../serving/index.ts';
import { bruteForceList } from './brute-force.ts';
import { publishList } from './compute.ts';
import { countingSql } from './counting-sql.ts';
import type { RankExplanation } from './entry.ts';
import { explainRank, titleLines } from './explain.ts';
import { parseList, type BestsellerList } from './list.ts';
import { memberships, openShop, randomShop, shopDays, type Shop } from './shop-fixture.ts';
import { windowOf } from './window.ts';

const day = '2026-11-05';

test('counts, ranks and explanations equal the brute-force oracle on random shops', async () => {
  for (let seed = 1; seed <= 24; seed++) {
    const random = seededRandom(seed);
    const shop = randomShop(random, 20 + random.below(180));
    const list = randomList(random);
    const { edition, store, warehouse, close } = await publish(shop, list);
    const window = windowOf(warehouse.calendar, list.window, day);
    const members = memberships(shop);
    for (const part of await store.parts(edition.id)) {
      const expected = bruteForceList(
        list,
        window,
        shop,
        part === 'all' ? undefined : (members.get(part) ?? new Set()),
      );
      const entries = await entriesOf(store, edition, part);
      const found = entries.map(({ body }) => ({
        item_id: body['item_id'],
        count: body['count'],
        rank: body['rank'],
      }));
      assert.deepEqual(found, expected, `seed ${seed}, part ${part}`);
      for (const entry of entries) assertExplains(entry, shop, window);
    }
    for (const entry of (await entriesOf(store, edition, 'all')).slice(0, 3)) {
      const lines = await titleLines({ store, warehouse, list, itemId: entry.key, edition: edition.id });
      const counted = lines.reduce((sum, line) => sum + Number(line['counted']), 0);
      assert.equal(counted, entry.body['count'], `seed ${seed}, lines of ${entry.key}`);
    }
    await close();
  }
});

test('one query counts the same as step after step', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = seededRandom(seed);
    const warehouse = await openShop(randomShop(random, 150));
    const list = randomList(random);
    const window = windowOf(warehouse.calendar, list.window, day);
    const count = (atOnce: boolean): Promise<unknown> =>
      warehouse.engine.session(async (session) => {
        const { steps, select } = countingSql(list, window, { atOnce });
        for (const step of steps) await session.run(step);
        return (await session.query(select)).rows;
      });
    assert.deepEqual(await count(true), await count(false), `seed ${seed}`);
    await warehouse.close();
  }
});

test('shuffled lines and refunds give the same bytes', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = seededRandom(seed);
    const shop = randomShop(random, 150);
    const list = randomList(random);
    const shuffled = { ...shop, lines: shuffle(shop.lines, random), refunds: shuffle(shop.refunds, random) };
    const first = await publish(shop, list);
    const second = await publish(shuffled, list);
    assert.equal(first.edition.content_hash, second.edition.content_hash);
    await Promise.all([first.close(), second.close()]);
  }
});

test('one more eligible buyer never lowers a rank and leaves the order of all others', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = seededRandom(seed);
    const shop = randomShop(random, 120);
    const list = listOf('count: buyers');
    const before = await publish(shop, list);
    const ranked = await entriesOf(before.store, before.edition, 'all');
    const lucky = random.pick(ranked).key;
    const sale = {
      business_day: day,
      line_id: 'extra',
      order_id: 'extra',
      buyer_id: 'newcomer',
      item_id: lucky,
      kind: 'purchase',
      copies: 1,
      paid: 9000,
      sold_at: `${day}T12:00:00.000Z`,
      countable: true,
      not_counted_reason: null,
    };
    const after = await publish({ ...shop, lines: [...shop.lines, sale] }, list);
    const again = await entriesOf(after.store, after.edition, 'all');
    const rankOf = (entries: readonly EditionEntry[]): number =>
      Number(entries.find((one) => one.key === lucky)?.body['rank']);
    assert.ok(rankOf(again) <= rankOf(ranked));
    const others = (entries: readonly EditionEntry[]): readonly string[] =>
      entries.map((one) => one.key).filter((key) => key !== lucky);
    assert.deepEqual(others(again), others(ranked));
    await Promise.all([before.close(), after.close()]);
  }
});

test('the day before gives previous rank, new entries, days on the list and the peak', async () => {
  const shop = randomShop(seededRandom(5), 300);
  const { store, warehouse, close } = await publish(shop, listOf('count: buyers'), []);
  const list = listOf('count: buyers');
  const make = (on: string, token: number): Promise<Edition> =>
    publishList({ list, day: on, warehouse, store, token, codeVersion: 'test' });
  const first = await make('2026-11-03', 1);
  const second = await make('2026-11-04', 1);
  const before = new Map((await entriesOf(store, first, 'all')).map((entry) => [entry.key, entry.body]));
  for (const { key, body } of await entriesOf(store, second, 'all')) {
    const previous = before.get(key);
    assert.equal(body['previous_rank'], previous?.['rank'] ?? null);
    assert.equal(body['is_new'], previous === undefined);
    assert.equal(body['days_on_list'], previous === undefined ? 1 : 2);
    assert.equal(
      body['peak_rank'],
      Math.min(Number(previous?.['rank'] ?? body['rank']), Number(body['rank'])),
    );
  }
  assert.equal((await make('2026-11-04', 2)).id, second.id);
  assert.equal(second.inputs['edition:test'], first.content_hash);
  await close();
});

test('an open day is refused, and so is one inside the window', async () => {
  const shop = randomShop(seededRandom(5), 30);
  const { store, close } = await publish(shop, listOf('count: buyers'), []);
  const list = listOf('count: buyers');
  for (const open of ['2026-11-05', '2026-11-04']) {
    const warehouse = await openShop(
      shop,
      shopDays.filter((one) => one !== open),
    );
    const published = publishList({ list, day, warehouse, store, token: 1, codeVersion: 'test' });
    await assert.rejects(
      published,
      (error) => hasCode(error, 'day_not_sealed') && error.message.includes(open),
    );
    await warehouse.close();
  }
  assert.equal(await store.current('bestseller', 'test'), undefined);
  await close();
});

test('a cancelled order of 74,215 copies puts its title on no list', async () => {
  const sale = {
    business_day: day,
    line_id: 'huge',
    order_id: 'huge',
    buyer_id: 'b1',
    item_id: 't1',
    kind: 'purchase',
    copies: 74_215,
    paid: 77_183.6,
    sold_at: `${day}T12:00:00.000Z`,
    countable: true,
    not_counted_reason: null,
  };
  const shop: Shop = {
    lines: [sale, { ...sale, line_id: 'small', order_id: 'small', item_id: 't2', copies: 2 }],
    refunds: [{ business_day: day, line_id: 'huge', copies: 74_215 }],
    categories: [['c0', null]],
    leaves: new Map([
      ['t1', 'c0'],
      ['t2', 'c0'],
    ]),
  };
  const { edition, store, close } = await publish(shop, listOf('count: copies'));
  assert.deepEqual(
    (await entriesOf(store, edition, 'all')).map((entry) => entry.key),
    ['t2'],
  );
  await assert.rejects(explainRank({ store, list: 'test', itemId: 't1' }), (error) =>
    hasCode(error, 'item_not_on_list'),
  );
  await close();
});

function listOf(rules: string): BestsellerList {
  const head = 'id: test\ntitle: { ko: 시험, en: Test }\nfamily: weekly\n';
  return parseList(`${head}${rules}\n`, 'lists/test.yaml');
}

function randomList(random: Random): BestsellerList {
  return listOf(
    [
      `window: ${random.pick(['{ days: 1 }', '{ days: 3 }', '{ days: 7 }', '{ calendar: week }', '{ calendar: month }'])}`,
      `count: ${random.pick(['buyers', 'copies'])}`,
      `price: ${random.pick(['paid', 'free', 'any'])}`,
      `without_buyer: ${random.pick(['leave_out', 'order_is_buyer'])}`,
      `size: ${1 + random.below(12)}`,
      `min_count: ${1 + random.below(2)}`,
      `kinds: ${random.pick(['[purchase]', '[rental]', '[purchase, rental]'])}`,
    ].join('\n'),
  );
}

async function publish(shop: Shop, list: BestsellerList, days: readonly string[] = [day]) {
  const warehouse = await openShop(shop);
  const store = openSqliteStore({ path: ':memory:', clock: manualClock(0), random: seededRandom(1) });
  let edition: Edition | undefined;
  for (const one of days)
    edition = await publishList({ list, day: one, warehouse, store, token: 1, codeVersion: 'test' });
  const close = async (): Promise<void> => {
    await Promise.all([warehouse.close(), store.close()]);
  };
  return { edition: edition as Edition, store, warehouse, close };
}

async function entriesOf(
  store: ServingStore,
  edition: Edition,
  part: string,
): Promise<readonly EditionEntry[]> {
  return (await store.read(edition.id, part, { from: 0, limit: 1000 }))?.entries ?? [];
}

function assertExplains(
  entry: EditionEntry,
  shop: Shop,
  window: { readonly from: string; readonly to: string },
): void {
  const why = entry.body['explanation'] as RankExplanation;
  const lines = shop.lines.filter(
    (line) =>
      line.item_id === entry.key && line.business_day >= window.from && line.business_day <= window.to,
  );
  assert.equal(why.lines, lines.length);
  assert.equal(
    why.gross_copies,
    lines.reduce((sum, line) => sum + line.copies, 0),
  );
  const minus = Object.values(why.minus).reduce((sum, copies) => sum + copies, 0);
  assert.equal(why.gross_copies - minus, entry.body['count']);
  assert.equal(
    why.per_day.reduce((sum, one) => sum + one.count, 0),
    entry.body['count'],
  );
}

function shuffle<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((one) => [random.next(), one] as const)
    .toSorted(([left], [right]) => left - right)
    .map(([, one]) => one);
}
