import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { freePort } from '../../services/free-port.ts';
import {
  createCalendar,
  fileStorage,
  hasCode,
  Secret,
  seededRandom,
  silentLogger,
  systemClock,
  uuidv7,
  type Clock,
} from '../../src/base/index.ts';
import { appendEvents, openKafkaLog, type EventLog, type KafkaLogOptions } from '../../src/collect/index.ts';
import type { StoredEvent } from '../../src/event/index.ts';
import {
  createLoader,
  openWarehouse,
  type LoaderOptions,
  type Warehouse,
} from '../../src/warehouse/index.ts';
import { logOptions, sharedBroker, startBrokers } from './brokers.ts';
import { until } from './until.ts';

const folder = mkdtempSync(join(tmpdir(), 'octavo-kafka-loader-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a test opens; it is closed in reverse order when the test ends, however it ends. */
type Opened = AsyncDisposableStack;

const openTables = async (opened: Opened, name: string, clock: Clock = systemClock): Promise<Warehouse> => {
  const warehouse = await openWarehouse({
    root: join(folder, name),
    storage: fileStorage(),
    clock,
    random: seededRandom(name),
    calendar: createCalendar(),
    memory: '400MB',
    threads: 1,
    processesMax: 2,
  });
  opened.defer(() => warehouse.close());
  return warehouse;
};

const openLog = async (opened: Opened, options: KafkaLogOptions): Promise<EventLog> => {
  const log = await openKafkaLog(options);
  opened.defer(() => log.close());
  return log;
};

/** Lets a loader run until it is told to stop. */
const runLoader = (opened: Opened, options: Omit<LoaderOptions, 'log'>): AbortController => {
  const stop = new AbortController();
  const run = createLoader({ ...options, log: silentLogger }).run(stop.signal);
  opened.defer(async () => {
    stop.abort();
    await run;
  });
  return stop;
};

const eventsOf = (count: number, atMs = Date.now()): readonly StoredEvent[] =>
  Array.from({ length: count }, (_, index) => {
    const at = new Date(atMs).toISOString();
    const id = uuidv7({ nowMs: atMs, next: Math.random });
    return {
      id,
      kind: 'page_view',
      occurred_at: at,
      received_at: at,
      source: 'web',
      device_id: `d${index % 50}`,
    };
  });

/** Rows and different ids in the warehouse; none before the first were loaded. */
const countsOf = async (warehouse: Warehouse): Promise<readonly number[]> => {
  if ((await warehouse.table('raw.events')) === undefined) return [0, 0];
  const { rows } = await warehouse.query('select count(*) n, count(distinct event_id) ids from raw.events');
  return [Number(rows[0]?.['n']), Number(rows[0]?.['ids'])];
};

/** Resolves when so many are there, each once. */
const loaded = async (warehouse: Warehouse, count: number): Promise<void> => {
  await until(
    async () => ((await countsOf(warehouse))[0] ?? 0) >= count,
    async () => `${String(await countsOf(warehouse))} of ${count} are there`,
  );
  assert.deepEqual(await countsOf(warehouse), [count, count]);
};

describe('loading from Kafka', () => {
  it('doubles nothing when two loaders believe to own the same partitions, and follows the table, not the group', async (context) => {
    await using opened = new AsyncDisposableStack();
    const log = await openLog(opened, logOptions(await sharedBroker(), { partitions: 4 }));
    const warehouse = await openTables(opened, 'same');
    const loaders = Array.from({ length: 2 }, () =>
      createLoader({ warehouse, events: log, log: silentLogger, recordsMax: 200 }),
    );
    const sent = eventsOf(1_000);
    await appendEvents(log, sent);
    await Promise.all(loaders.map((loader) => loader.loadAll()));
    // A client that did not hear the answer sends again.
    await appendEvents(log, sent.slice(0, 100));
    await Promise.all(loaders.map((loader) => loader.loadAll()));
    assert.deepEqual(await countsOf(warehouse), [1_000, 1_000]);
    context.diagnostic('acknowledged 1000, sent twice 100, in the warehouse 1000, lost 0, doubled 0');
  });

  it('shares the partitions among loaders that come and go, while events arrive', async (context) => {
    await using opened = new AsyncDisposableStack();
    const options = logOptions(await sharedBroker(), { partitions: 4 });
    const logs = [await openLog(opened, options), await openLog(opened, options)] as const;
    const warehouse = await openTables(opened, 'shared');
    const stops = logs.map((events) =>
      runLoader(opened, { warehouse, events, intervalMs: 50, recordsMax: 500 }),
    );
    for (let round = 0; round < 10; round++) {
      await appendEvents(logs[0], eventsOf(150));
      if (round === 5) stops[0]?.abort();
    }
    await loaded(warehouse, 1_500);
    context.diagnostic('acknowledged 1500, in the warehouse 1500, lost 0, doubled 0');
  });

  it('loads everything once while the clock jumps back and forth', async (context) => {
    await using opened = new AsyncDisposableStack();
    const log = await openLog(opened, logOptions(await sharedBroker()));
    let offsetMs = 0;
    const clock: Clock = { now: () => systemClock.now() + offsetMs, sleep: systemClock.sleep };
    const warehouse = await openTables(opened, 'clock', clock);
    runLoader(opened, { warehouse, events: log, intervalMs: 20, waitMs: 100 });
    const jumps = [-2 * 3_600_000, 86_400_000, -30_000, 3_600_000, -366 * 86_400_000, 0];
    for (const jump of jumps) {
      await appendEvents(log, eventsOf(100, clock.now()));
      offsetMs = jump;
    }
    const sent = jumps.length * 100;
    await loaded(warehouse, sent);
    context.diagnostic(
      `${jumps.length} jumps; acknowledged ${sent}, in the warehouse ${sent}, lost 0, doubled 0`,
    );
  });

  it('speaks TLS and SASL, and is refused with a wrong password', async () => {
    const store = join(folder, 'broker.p12');
    keytool('-genkeypair', '-alias', 'broker', '-keyalg', 'RSA', '-validity', '30', '-keystore', store);
    const port = await freePort();
    const brokers = await startBrokers(1, (place) => ({
      ...place,
      secured: {
        port,
        protocol: 'SASL_SSL',
        properties: [
          'sasl.enabled.mechanisms=PLAIN',
          'listener.name.secured.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_octavo="right";',
          `listener.name.secured.ssl.keystore.location=${store}`,
          'listener.name.secured.ssl.keystore.password=secret',
          'listener.name.secured.ssl.keystore.type=PKCS12',
        ],
      },
    }));
    try {
      const pem = join(folder, 'broker.pem');
      keytool('-exportcert', '-rfc', '-alias', 'broker', '-keystore', store, '-file', pem);
      const secured = (password: string) =>
        logOptions(brokers, {
          connection: {
            brokers: [`localhost:${port}`],
            clientId: 'octavo-test',
            tls: { ca: readFileSync(pem, 'utf8') },
            sasl: { mechanism: 'PLAIN', user: 'octavo', password: new Secret(password) },
          },
        });
      const log = await openKafkaLog(secured('right'));
      assert.equal(await log.append(0, [Buffer.from('over TLS')]), 0);
      assert.deepEqual((await log.read(0, 0, { recordsMax: 9, bytesMax: 999 })).records.map(String), [
        'over TLS',
      ]);
      await log.close();
      await assert.rejects(openKafkaLog(secured('wrong')), (error) => hasCode(error, 'log_unavailable'));
    } finally {
      await brokers.stop();
    }
  });
});

function keytool(...parameters: readonly string[]): void {
  const common = ['-storepass', 'secret', '-storetype', 'PKCS12', '-noprompt'];
  const names =
    parameters[0] === '-genkeypair'
      ? ['-dname', 'CN=localhost', '-ext', 'san=dns:localhost,ip:127.0.0.1']
      : [];
  const { status, stderr, stdout } = spawnSync('keytool', [...parameters, ...common, ...names], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
}
