import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCalendar, fileStorage, manualClock, seededRandom } from '../base/index.ts';
import { openSqliteStore } from '../serving/index.ts';
import { openWarehouse } from '../warehouse/index.ts';
import { evaluate, printEvaluation } from './evaluate.ts';
import { readerPart, titlesPart } from './parts.ts';
import { publishRecommender } from './publish.ts';
import { defineRecommender } from './recommender.ts';

test('a recommender reads the warehouse and publishes an edition with its inputs; again it is the same edition', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-recommend-'));
  const [clock, random] = [manualClock(Date.parse('2026-11-05T00:00:00Z')), seededRandom(1)];
  const options = { root, storage: fileStorage(), clock, random, calendar: createCalendar(), memory: '300MB', processesMax: 1 };
  const warehouse = await openWarehouse(options);
  const store = openSqliteStore({ path: ':memory:', clock, random });
  try {
    await warehouse.write('model.titles', {
      mode: 'replace',
      select: `select 'i' || i as item_id, 'Title ' || i as title, 'A' as author, cast(null as varchar) as series_id,
        cast(null as int) as volume, cast(null as date) as released_on, i = 3 as is_adult from range(6) t(i)`,
    });
    await warehouse.write('model.interactions', {
      mode: 'append',
      select: `select date '2026-11-01' + cast(i % 2 as int) as business_day, 'r' || (i // 3) as reader_id, 'i' || ((i * i + i // 4) % 6) as item_id,
        'purchase' as kind, cast(1 as double) as value, timestamptz '2026-11-01 12:00:00+00' as happened_at from range(30) t(i)`,
    });
    const recommender = defineRecommender({ name: 'for-you', titles: { where: 'not is_adult' } });
    const publish = () => publishRecommender({ recommender, day: '2026-11-02', warehouse, store, token: 1, codeVersion: 'test', threads: 0 });
    const edition = await publish();
    assert.deepEqual(Object.keys(edition.inputs).toSorted(), ['model.interactions', 'model.titles']);
    assert.equal((await publish()).id, edition.id);
    const list = await store.read(edition.id, readerPart('r1'), { from: 0, limit: 10 });
    assert.ok(list !== undefined && list.total > 0 && list.entries.every(({ key }) => key !== 'i3'));
    const title = await store.entry(edition.id, titlesPart, list.entries[0]?.key ?? '');
    assert.match(String(title?.entry.body['title']), /^Title \d$/);
    const evaluation = await evaluate({ recommenders: [recommender], warehouse, trainTo: '2026-11-01', testTo: '2026-11-02', k: 3, threads: 0 });
    assert.match(printEvaluation(evaluation), /for-you[^]*popularity/);
  } finally {
    await store.close();
    await warehouse.close();
    await rm(root, { recursive: true });
  }
});
