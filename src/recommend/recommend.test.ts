import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertProperty, asyncProperty, integer, tuple, uniqueArray } from 'fast-check';
import { hasCode, seededRandom } from '../base/index.ts';
import { recommend } from './compute.ts';
import { evaluateData } from './evaluate.ts';
import { buildLog, defaultInteractionRules, historyOf } from './interactions.ts';
import { buildKernel } from './model.ts';
import { dataOf, listOf, type Pair, plantTastes } from './pairs.fixture.ts';
import { editionParts } from './publish.ts';
import { defineRecommender } from './recommender.ts';

const kernelOptions = {
  readerDamping: 0.9,
  popularityDamping: 0.3,
  neighbours: 50,
  supportMin: 1,
  normalised: false,
  secondHop: 0,
};

test('the one-hop kernel equals the dense formula', async () => {
  const pair = tuple(integer({ min: 0, max: 7 }), integer({ min: 0, max: 9 }));
  await assertProperty(
    asyncProperty(uniqueArray(pair, { minLength: 1, maxLength: 50, selector: String }), async (pairs) => {
      const { log } = dataOf(pairs.map(([reader, item]) => [`r${reader}`, `i${item}`]));
      const { signal } = historyOf(log, defaultInteractionRules, 0, 9);
      const rows = await buildKernel(historyOf(log, defaultInteractionRules, 0, 9), kernelOptions, {
        threads: 0,
      });
      const has = (reader: number, item: number): number =>
        signal.columns.subarray(signal.starts[reader], signal.starts[reader + 1]).includes(item) ? 1 : 0;
      const sum = (length: number, of: (index: number) => number): number =>
        Array.from({ length }, (_, index) => of(index)).reduce((a, b) => a + b, 0);
      for (let source = 0; source < log.items.length; source++) {
        for (let target = 0; target < log.items.length; target++) {
          if (source === target) continue;
          const expected =
            sum(
              log.readers.length,
              (reader) =>
                (has(reader, source) * has(reader, target)) /
                sum(log.items.length, (item) => has(reader, item)) ** 0.9,
            ) /
            (sum(log.readers.length, (reader) => has(reader, target)) *
              sum(log.readers.length, (reader) => has(reader, source))) **
              0.3;
          const from = source * rows.width;
          const slot = rows.targets.subarray(from, from + rows.counts[source]!).indexOf(target);
          assert.ok(Math.abs((slot < 0 ? 0 : rows.weights[from + slot]!) - expected) < 1e-5);
        }
      }
    }),
    { numRuns: 50, seed: 7 },
  );
});

test('planted tastes are found, whatever the number of threads, and nobody gets what they have', async () => {
  const data = dataOf(plantTastes(600, 20, seededRandom(3)));
  const { log } = data;
  const graph = defineRecommender({ name: 'graph' });
  const popularity = defineRecommender({
    name: 'popular',
    algorithm: 'popularity',
    parameters: { windowDays: 100 },
  });
  const evaluation = await evaluateData(data, {
    recommenders: [graph, popularity],
    trainTo: '1970-03-21',
    testTo: '1970-05-01',
    threads: 0,
  });
  const [personal, popular] = evaluation.rows;
  assert.ok(personal!.recall.low > 2 * popular!.recall.high, JSON.stringify(evaluation.rows));
  const one = await recommend(data, graph, 99, { threads: 0 });
  const two = await recommend(data, graph, 99, { threads: 2 });
  assert.deepEqual(two.lists, one.lists);
  const { known } = one.history;
  for (let reader = 0; reader < log.readers.length; reader++) {
    const owned = new Set(known.columns.subarray(known.starts[reader], known.starts[reader + 1]));
    const from = reader * one.lists!.width;
    const items = one.lists!.items.subarray(from, from + one.lists!.counts[reader]!);
    assert.equal(new Set(items).size, items.length);
    assert.ok(items.every((item) => !owned.has(item)));
  }
});

test('of a series only the next volume is recommended, with the last one read as its cause', async () => {
  const pairs: Pair[] = [
    ['a', 's1'],
    ['a', 'x'],
    ['b', 's1'],
    ['b', 's2'],
    ['b', 's3'],
    ['c', 's3'],
    ['c', 'x'],
    ['d', 'x'],
  ];
  const data = dataOf(pairs, [
    ['s1', 's', 1],
    ['s2', 's', 2],
    ['s3', 's', 3],
    ['s4', 's', 4],
  ]);
  const { lists } = await recommend(data, defineRecommender({ name: 'graph' }), 1, { threads: 0 });
  const titlesOf = (reader: string): readonly string[] => listOf(data, lists!, reader);
  assert.deepEqual(titlesOf('a'), ['s2']);
  assert.deepEqual(titlesOf('b').toSorted(), ['s4', 'x']);
  assert.deepEqual(titlesOf('d'), ['s1']);
  const slot = data.log.readers.indexOf('a') * lists!.width;
  assert.equal(lists!.reasons[slot], 1);
  assert.equal(data.log.items[lists!.causes[2 * slot]!], 's1');
  // Title x leads to the series too, but it is not why the next volume is there.
  assert.equal(lists!.causes[2 * slot + 1], -1);
});

test('a reason names the titles that count, of a series only one, and none with a small share', async () => {
  const others = ['b', 'c', 'd', 'e', 'f', 'g'];
  const pairs: Pair[] = [
    ...['s1', 's2', 'near', 'far'].map((item): Pair => ['a', item]),
    ...others.flatMap((reader): Pair[] => [
      [reader, 's1'],
      [reader, 's2'],
      [reader, 'new'],
    ]),
    ...others.slice(0, 4).map((reader): Pair => [reader, 'near']),
    ['b', 'far'],
    ...Array.from({ length: 30 }, (_, index): Pair => [`z${index}`, 'far']),
  ];
  const data = dataOf(pairs, [
    ['s1', 's', 1],
    ['s2', 's', 2],
  ]);
  const { lists } = await recommend(data, defineRecommender({ name: 'graph' }), 1, { threads: 0 });
  const slot = data.log.readers.indexOf('a') * lists!.width;
  assert.deepEqual(listOf(data, lists!, 'a'), ['new']);
  assert.equal(lists!.reasons[slot], 0);
  const causes = [...lists!.causes.subarray(2 * slot, 2 * slot + 2)].map((item) => data.log.items[item]);
  assert.ok(['s1', 's2'].includes(causes[0]!), String(causes));
  assert.equal(causes[1], 'near');
  const rare = dataOf(pairs.filter(([, item]) => item !== 'near'));
  const made = await recommend(rare, defineRecommender({ name: 'graph' }), 1, { threads: 0 });
  const place = rare.log.readers.indexOf('a') * made.lists!.width;
  const named = [...made.lists!.causes.subarray(2 * place, 2 * place + 2)].map(
    (item) => rare.log.items[item],
  );
  assert.deepEqual(new Set(named), new Set(['s1', 's2']));
});

test('no interactions, and one reader with one title, give empty lists', async () => {
  for (const pairs of [[], [['a', 'x']]] as const) {
    const { lists } = await recommend(dataOf(pairs), defineRecommender({ name: 'graph' }), 1, { threads: 0 });
    assert.ok(lists!.counts.every((count) => count === 0));
  }
});

test('a dislike silences a title that stays known', () => {
  const log = buildLog({
    reader: ['a', 'a'],
    item: ['x', 'x'],
    kind: ['purchase', 'rating'],
    value: [1, 1],
    day: [1, 2],
    at: [0, 1],
  });
  const { known, signal } = historyOf(log, defaultInteractionRules, 0, 5);
  assert.equal(known.columns.length, 1);
  assert.equal(signal.columns.length, 0);
});

test('an edition holds every reader, the popular list and the titles, and the same bytes again', async () => {
  const pairs: Pair[] = [
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
    ['c', 'x'],
    ['c', 'z'],
  ];
  const publish = async (): Promise<string> => {
    const data = { ...dataOf(pairs), titles: new Map([['x', { title: 'X', author: null }]]), inputs: {} };
    const recommender = defineRecommender({ name: 'graph' });
    return JSON.stringify([
      ...editionParts(data, await recommend(data, recommender, 1, { threads: 0 }), recommender, 1),
    ]);
  };
  const first = await publish();
  assert.equal(await publish(), first);
  const parts = JSON.parse(first) as {
    part: string;
    entries: { key: string; body: Record<string, unknown> }[];
  }[];
  assert.deepEqual(
    parts.map(({ part }) => part),
    ['reader:a', 'reader:b', 'reader:c', 'popular', 'titles'],
  );
  assert.deepEqual(parts[0]!.entries[0]!.body['because_of'], ['x']);
  assert.equal(parts[3]!.entries[0]!.key, 'x');
});

test('a wrong declaration is refused with the file and the nearest name', () => {
  assert.throws(
    () => defineRecommender({ name: 'x', parameters: { neighbors: 5 } }, 'recommenders/x.ts'),
    (error) => hasCode(error, 'recommender_invalid') && /recommenders\/x\.ts.*neighbours/.test(error.message),
  );
});
