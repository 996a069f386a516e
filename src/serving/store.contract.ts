import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, type ManualClock } from '../base/index.ts';
import { verifyEdition } from './content-hash.ts';
import type { EditionDraft, EditionPart, ServingStore } from './store-port.ts';

/** What a backend gives to its contract test. */
export interface StoreUnderTest {
  readonly store: ServingStore;
  /** A second store over the same data, as another process would have it. */
  readonly other: ServingStore;
  /** The clock of both; publications are dead after an hour. */
  readonly clock: ManualClock;
  close(): Promise<void>;
}

/** A draft of a small list, for tests. */
export function draftOf(change: Partial<EditionDraft> = {}): EditionDraft {
  return {
    kind: 'bestseller',
    name: 'daily',
    business_day: '2026-11-02',
    inputs: { 'model.sale_lines': '11' },
    rule_version: 'rules-1',
    code_version: 'code-1',
    counts: { parts: 2 },
    parts: [partOf('all', 3), partOf('novels', 2)],
    token: 1,
    ...change,
  };
}

/** A part with so many entries. */
export function partOf(part: string, count: number, salt = 0): EditionPart {
  const entries = Array.from({ length: count }, (_, index) => ({
    key: `item-${index}`,
    body: { rank: index + 1, item_id: `item-${index}`, title: `제목 ${index + salt}` },
  }));
  return { part, entries };
}

/** Everything that every serving store must do. */
export function servingStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  const check = (sentence: string, run: (under: StoreUnderTest) => Promise<void>): void => {
    test(`${name} ${sentence}`, async () => {
      const under = await open();
      try {
        await run(under);
      } finally {
        await under.close();
      }
    });
  };

  check('gives back what was published, to every reader', async ({ store, other }) => {
    const edition = await store.publish(draftOf());
    for (const reader of [store, other]) {
      assert.deepEqual(await reader.current('bestseller', 'daily'), edition);
      assert.deepEqual(await reader.current('bestseller', 'daily', '2026-11-02'), edition);
      assert.deepEqual(await reader.edition(edition.id), edition);
      assert.deepEqual(await reader.parts(edition.id), ['all', 'novels']);
      assert.deepEqual(await reader.names('bestseller'), ['daily']);
      const page = await reader.read(edition.id, 'all', { from: 1, limit: 5 });
      assert.deepEqual(page, { entries: partOf('all', 3).entries.slice(1), total: 3 });
      assert.equal((await reader.entry(edition.id, 'all', 'item-2'))?.position, 2);
    }
    assert.equal(edition.revision, 1);
    assert.deepEqual(edition.inputs, { 'model.sale_lines': '11' });
  });

  check('answers nothing for what is not there', async ({ store }) => {
    const edition = await store.publish(draftOf());
    const missing = '00000000-0000-7000-8000-000000000000';
    assert.equal(await store.current('recommend', 'daily'), undefined);
    assert.equal(await store.current('bestseller', 'daily', '2026-11-03'), undefined);
    assert.equal(await store.edition(missing), undefined);
    assert.equal(await store.read(edition.id, 'poems', { from: 0, limit: 1 }), undefined);
    assert.equal(await store.read(missing, 'all', { from: 0, limit: 1 }), undefined);
    assert.equal(await store.entry(edition.id, 'all', 'item-9'), undefined);
    assert.deepEqual(await store.read(edition.id, 'all', { from: 9, limit: 5 }), { entries: [], total: 3 });
    await assert.rejects(store.rollback(missing, 1), (error) => hasCode(error, 'edition_not_found'));
  });

  check('reads parts of any length, at any place', async ({ store }) => {
    const long = partOf('all', 1234);
    const edition = await store.publish(draftOf({ parts: [long, partOf('none', 0)] }));
    for (const [from, limit] of [
      [0, 1],
      [99, 2],
      [100, 100],
      [150, 700],
      [1233, 10],
      [0, 5000],
    ] as const) {
      const page = await store.read(edition.id, 'all', { from, limit });
      assert.deepEqual(page?.entries, long.entries.slice(from, from + limit));
    }
    for (const position of [0, 99, 100, 1233]) {
      assert.equal((await store.entry(edition.id, 'all', `item-${position}`))?.position, position);
    }
    assert.equal(await store.entry(edition.id, 'all', 'item-1234'), undefined);
    assert.deepEqual(await store.read(edition.id, 'none', { from: 0, limit: 1 }), { entries: [], total: 0 });
  });

  check('reads a part across the days of a series', async ({ store, other }) => {
    const days = ['2026-11-03', '2026-11-01', '2026-11-02'];
    for (const [salt, business_day] of days.entries())
      await store.publish(draftOf({ business_day, parts: [partOf('all', 150, salt), partOf('none', 0)] }));
    const revised = await store.publish(
      draftOf({ business_day: '2026-11-02', parts: [partOf('novels', 2)] }),
    );
    const known = await other.days('bestseller', 'daily');
    assert.deepEqual(
      known.map(({ business_day }) => business_day),
      days.toSorted(),
    );
    assert.equal(known[1]?.id, revised.id);
    assert.deepEqual(await other.days('bestseller', 'weekly'), []);
    const ids = known.map(({ id }) => id);
    const read = await other.readAcross([...ids, '00000000-0000-7000-8000-000000000000'], 'all');
    assert.deepEqual([...read.keys()], [ids[0], ids[2]]);
    assert.deepEqual(read.get(ids[0] ?? ''), partOf('all', 150, 1).entries);
    assert.deepEqual((await other.readAcross(ids, 'none')).get(ids[0] ?? ''), []);
  });

  check('gives back the same edition for equal inputs, rules and content', async ({ store }) => {
    const first = await store.publish(draftOf());
    const again = await store.publish(draftOf({ token: 2, parts: draftParts(['novels', 2], ['all', 3]) }));
    assert.deepEqual(again, first);
    const changed = await store.publish(draftOf({ token: 3, inputs: { 'model.sale_lines': '12' } }));
    assert.equal(changed.revision, 2);
    assert.equal(changed.content_hash, first.content_hash);
    assert.equal((await store.history('bestseller', 'daily', { limit: 9 })).length, 2);
  });

  check('keeps the history, newest first, and pages through it', async ({ store }) => {
    const ids = [];
    for (const [day, salt] of [
      ['2026-11-01', 0],
      ['2026-11-02', 1],
      ['2026-11-02', 2],
      ['2026-11-03', 3],
    ] as const) {
      const edition = await store.publish(draftOf({ business_day: day, parts: [partOf('all', 2, salt)] }));
      ids.unshift(edition.id);
    }
    const page = await store.history('bestseller', 'daily', { limit: 2 });
    assert.deepEqual(
      page.map((edition) => edition.id),
      ids.slice(0, 2),
    );
    const before = page.at(-1)?.id ?? '';
    const rest = await store.history('bestseller', 'daily', { limit: 9, before });
    assert.deepEqual(
      rest.map((edition) => edition.id),
      ids.slice(2),
    );
    assert.deepEqual(
      rest.map((edition) => edition.revision),
      [1, 1],
    );
  });

  check('refuses a publisher that was overtaken, also while it is writing', async ({ store, other }) => {
    let winner: string | undefined;
    const slow = async function* (): AsyncGenerator<EditionPart> {
      yield partOf('all', 3);
      winner = (await other.publish(draftOf({ token: 8, parts: [partOf('all', 1)] }))).id;
      yield partOf('novels', 2);
    };
    await assert.rejects(store.publish(draftOf({ token: 7, parts: slow() })), (error) =>
      hasCode(error, 'fenced'),
    );
    assert.equal((await store.current('bestseller', 'daily'))?.id, winner);
    await assert.rejects(store.publish(draftOf({ token: 7 })), (error) => hasCode(error, 'fenced'));
    await store.publish(draftOf({ token: 7, business_day: '2026-11-01' }));
    assert.equal((await store.history('bestseller', 'daily', { limit: 9 })).length, 2);
  });

  check('shows nothing of a publication that failed at any part', async ({ store, other }) => {
    const before = await store.publish(draftOf());
    for (const good of [0, 1, 2, 7]) {
      const broken = async function* (): AsyncGenerator<EditionPart> {
        for (let index = 0; index < good; index++) yield partOf(`part-${index}`, 120);
        throw new Error('the power went');
      };
      await assert.rejects(store.publish(draftOf({ token: 2, parts: broken() })), /the power went/);
      for (const reader of [store, other])
        assert.deepEqual(await reader.current('bestseller', 'daily'), before);
    }
    assert.equal((await store.history('bestseller', 'daily', { limit: 9 })).length, 1);
  });

  check('refuses a part or a key that is there twice', async ({ store }) => {
    const twice = [partOf('all', 1), partOf('all', 2)];
    await assert.rejects(store.publish(draftOf({ parts: twice })), (error) =>
      hasCode(error, 'edition_invalid'),
    );
    const entry = { key: 'same', body: {} };
    const keys = [{ part: 'all', entries: [entry, entry] }];
    await assert.rejects(store.publish(draftOf({ parts: keys })), (error) =>
      hasCode(error, 'edition_invalid'),
    );
    assert.equal(await store.current('bestseller', 'daily'), undefined);
  });

  check('rolls a day back to an earlier revision, and is fenced there too', async ({ store, other }) => {
    const first = await store.publish(draftOf());
    const second = await store.publish(draftOf({ token: 5, parts: [partOf('all', 1)] }));
    await assert.rejects(other.rollback(first.id, 4), (error) => hasCode(error, 'fenced'));
    assert.deepEqual(await other.rollback(first.id, 6), first);
    assert.deepEqual(await store.current('bestseller', 'daily'), first);
    await assert.rejects(store.publish(draftOf({ token: 5 })), (error) => hasCode(error, 'fenced'));
    assert.deepEqual(await store.edition(second.id), second);
  });

  check('names the snapshots that kept editions cite, and only tables', async ({ store }) => {
    await store.publish(draftOf({ inputs: { 'model.a': '1', 'model.b': '2', 'edition:daily': 'f00' } }));
    await store.publish(draftOf({ name: 'weekly', inputs: { 'model.a': '3' } }));
    const cited = await store.citedSnapshots();
    assert.deepEqual(Object.keys(cited).toSorted(), ['model.a', 'model.b']);
    assert.deepEqual(cited['model.a']?.toSorted(), ['1', '3']);
  });

  check('sweeps what is old, never the newest', async ({ store, other }) => {
    const kept = [];
    for (let day = 1; day <= 6; day++) {
      kept.push(
        await store.publish(draftOf({ business_day: `2026-11-0${day}`, inputs: { 'model.a': String(day) } })),
      );
    }
    assert.deepEqual(await other.sweep({ keep: 2 }), { removed: 4 });
    assert.equal(await store.edition(kept[0]?.id ?? ''), undefined);
    assert.equal(await store.current('bestseller', 'daily', '2026-11-01'), undefined);
    assert.equal((await store.current('bestseller', 'daily'))?.business_day, '2026-11-06');
    assert.deepEqual(await store.citedSnapshots(), { 'model.a': ['5', '6'] });
    assert.deepEqual(await store.sweep({ keep: 2 }), { removed: 0 });
  });

  check('finds an edition that was altered', async ({ store }) => {
    const edition = await store.publish(
      draftOf({ parts: [partOf('가', 3), partOf('Z', 250), partOf('a', 1)] }),
    );
    assert.deepEqual(await verifyEdition(store, edition.id), {
      intact: true,
      content_hash: edition.content_hash,
    });
  });
}

function draftParts(...sizes: readonly (readonly [string, number])[]): readonly EditionPart[] {
  return sizes.map(([part, count]) => partOf(part, count));
}
