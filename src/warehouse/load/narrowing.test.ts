import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../base/index.ts';
import type { EventLog } from '../../collect/index.ts';
import { createLoader } from './loader.ts';
import { inLoaderWorld, waysOf } from './loader-world.fixture.ts';

const total = 30_000;
/** One that is no JSON, one with a value that its column cannot have, and two that are the same. */
const [noJson, noPrice, twice] = [70, 12_345, 29_000];

function record(number: number): string {
  const id = `0192f0c1-7e2a-7c3d-9a4b-${String(number === twice ? 1 : number).padStart(12, '0')}`;
  const price = number === noPrice ? '"dear"' : '12000';
  const items = `"items":[{"item_id":"t1","price":${price}}]`;
  return number === noJson
    ? '{"kind": nonsense'
    : `{"id":"${id}","kind":"x","occurred_at":"2026-11-05T10:00:00Z","received_at":"2026-11-05T10:00:00Z",${items}}`;
}

test('of a large batch with a few records that are no events only those around them are read one by one', () =>
  inLoaderWorld(async ({ warehouse, events, failed }) => {
    let oneByOne = 0;
    const counted = new Proxy(events, {
      get: (log, name: keyof EventLog) => {
        if (name === 'read')
          return async (...given: Parameters<EventLog['read']>) => {
            const batch = await log.read(...given);
            oneByOne += batch.records.length;
            return batch;
          };
        const value: unknown = log[name];
        return typeof value === 'function' ? (value as () => unknown).bind(log) : value;
      },
    });
    const loader = createLoader({ warehouse, events: counted, failed, log: silentLogger });
    for (let first = 0; first < total; first += 5_000)
      await events.append(
        0,
        Array.from({ length: 5_000 }, (_, index) => Buffer.from(record(first + index))),
      );
    const outcome = await loader.loadOnce();
    assert.deepEqual(outcome, { loaded: total - 3, duplicates: 1, late: 0, failed: 2, more: false });
    assert.ok(oneByOne > 0 && oneByOne <= 2 * 4_096, `${oneByOne} of ${total} records`);
    const { rows } = await warehouse.query(
      'select count(*) as n, count(distinct event_id) as ids, max(log_offset) as last from raw.events',
    );
    assert.deepEqual(rows, [{ n: total - 3, ids: total - 3, last: total - 1 }]);
    const kept = await warehouse.query('select log_offset as at from raw.failed_events order by 1');
    assert.deepEqual(
      kept.rows.map(({ at }) => at),
      [noJson, noPrice],
    );
  }));

test('records that lie in one of many partitions are cut into as few batches', async () => {
  const ways = await waysOf(() =>
    inLoaderWorld(async ({ events, loader }) => {
      await events.append(
        0,
        Array.from({ length: 5_000 }, (_, index) => Buffer.from(record(index))),
      );
      const outcome = await loader.loadOnce();
      assert.deepEqual(outcome, { loaded: 4_999, duplicates: 0, late: 0, failed: 1, more: false });
    }, 8),
  );
  assert.deepEqual(ways, ['cut', 'one_by_one', ...Array.from({ length: 7 }, () => 'bulk')]);
});

test('a batch of a whole month is written in bulk, and one of more days in one commit too', async () => {
  for (const [days, way] of [
    [31, 'bulk'],
    [40, 'one_by_one'],
  ] as const) {
    const ways = await waysOf(() =>
      inLoaderWorld(async ({ events, loader }) => {
        const texts = Array.from({ length: 4_200 }, (_, number) => {
          const at = new Date(Date.UTC(2026, 8, 1 + (number % days), 10)).toISOString();
          return record(20_000 + number).replace('2026-11-05T10:00:00Z', at);
        });
        await events.append(
          0,
          texts.map((text) => Buffer.from(text)),
        );
        const outcome = await loader.loadOnce();
        assert.deepEqual(outcome, { loaded: 4_200, duplicates: 0, late: 0, failed: 0, more: false });
      }),
    );
    assert.deepEqual(ways, [way], `${days} days`);
  }
});
