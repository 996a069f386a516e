import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createCalendar,
  fileStorage,
  seededRandom,
  silentLogger,
  systemClock,
  uuidv7,
} from '../../src/base/index.ts';
import { openTestCollector } from '../../src/collect/collector.fixture.ts';
import { openKafkaLog } from '../../src/collect/index.ts';
import { createLoader, openWarehouse } from '../../src/warehouse/index.ts';
import { logOptions, startBrokers } from './brokers.ts';
import { until } from './until.ts';

/** What a client sends: again and again until it is acknowledged. */
interface Batch {
  readonly ids: readonly string[];
  readonly body: string;
}

function batchOf(events: number): Batch {
  const ids = Array.from({ length: events }, () => uuidv7({ nowMs: Date.now(), next: Math.random }));
  const occurred_at = new Date().toISOString();
  const body = { events: ids.map((id) => ({ id, kind: 'page_view', occurred_at })) };
  return { ids, body: JSON.stringify(body) };
}

test('a collector says 503 and when to come again while Kafka is away, and goes on by itself', async (context) => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'octavo-away-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const brokers = await startBrokers(1);
  opened.defer(() => brokers.stop());
  const options = logOptions(brokers, { deliveryTimeoutMs: 1_500 });
  const events = await openKafkaLog(options);
  opened.defer(() => events.close());
  const failed = await openKafkaLog({ ...options, topic: `${options.topic}.failed`, partitions: 1 });
  opened.defer(() => failed.close());
  const collector = await openTestCollector({ events, failed });
  opened.defer(() => collector.close());
  const post = async ({ body }: Batch): Promise<Response> =>
    fetch(`${collector.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer key' },
      body,
    });
  const acknowledged: string[] = [];
  const send = async (batch: Batch): Promise<void> => {
    let said = '';
    await until(
      async () => {
        const answer = await post(batch);
        said = `${answer.status} ${await answer.text()}`;
        return answer.status === 200;
      },
      () => said,
    );
    acknowledged.push(...batch.ids);
  };
  for (let round = 0; round < 3; round++) await send(batchOf(20));
  let refusals = 0;
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    await brokers.kill(1, signal);
    const waiting = Array.from({ length: 4 }, () => batchOf(20));
    for (const answer of await Promise.all(waiting.map(post))) {
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      const { code, retryable } = (await answer.json()) as { code: string; retryable: boolean };
      assert.deepEqual([code, retryable], ['log_unavailable', true]);
      refusals += 1;
    }
    await brokers.start(1);
    // The same events again, and others: nobody has told the collector anything.
    await Promise.all([...waiting, batchOf(20)].map(send));
  }
  const warehouse = await openWarehouse({
    root: folder,
    storage: fileStorage(),
    clock: systemClock,
    random: seededRandom('away'),
    calendar: createCalendar(),
    memory: '400MB',
    threads: 1,
    processesMax: 1,
  });
  opened.defer(() => warehouse.close());
  await createLoader({ warehouse, events, failed, log: silentLogger }).loadAll();
  const { rows } = await warehouse.query('select event_id::varchar as id from raw.events order by 1');
  assert.deepEqual(
    rows.map(({ id }) => id),
    acknowledged.toSorted(),
  );
  context.diagnostic(
    `${acknowledged.length} acknowledged, ${refusals} requests refused, ${rows.length} in the warehouse, lost 0, doubled 0`,
  );
});
