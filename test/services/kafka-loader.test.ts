import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { makeCertificates } from '../../services/certificates.ts';
import { freePort } from '../../services/free-port.ts';
import { runKafkaClass } from '../../services/kafka/cluster.ts';
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
    // Kafka's own tool says of the group what the warehouse has.
    const ends = await Promise.all([0, 1, 2, 3].map((partition) => logs[1].end(partition)));
    const expected = ends.map((end) => `${end} ${end} 0`);
    await until(
      async () => isDeepStrictEqual(toldOf((await sharedBroker()).addresses, options), expected),
      async () => `the group is told to be at ${String(toldOf((await sharedBroker()).addresses, options))}`,
    );
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

  it('speaks TLS with certificates of both sides and SASL of every mechanism, and is refused without one and with a wrong password', async () => {
    const store = join(folder, 'broker.p12');
    keytool('-genkeypair', '-alias', 'broker', '-keyalg', 'RSA', '-validity', '30', '-keystore', store);
    const trust = join(folder, 'trust.p12');
    const client = makeCertificates(join(folder, 'client'));
    keytool('-importcert', '-alias', 'client', '-file', client.ca, '-keystore', trust);
    const port = await freePort();
    const brokers = await startBrokers(1, (place) => ({
      ...place,
      secured: {
        port,
        // It is asked for by its name, and says that it is reached by an address.
        host: '127.0.0.1',
        protocol: 'SASL_SSL',
        properties: [
          'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
          ...['256', '512'].map(
            (bits) =>
              `listener.name.secured.scram-sha-${bits}.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`,
          ),
          // Whoever shows no certificate that the store of trust knows does not come so far as to name himself.
          'listener.name.secured.ssl.client.auth=required',
          `listener.name.secured.ssl.truststore.location=${trust}`,
          'listener.name.secured.ssl.truststore.password=secret',
          'listener.name.secured.ssl.truststore.type=PKCS12',
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
      const ca = readFileSync(pem, 'utf8');
      const [cert, key] = [readFileSync(client.cert, 'utf8'), readFileSync(client.key, 'utf8')];
      const secured = (mechanism: Mechanism, password: string, tls: Tls = { ca, cert, key }) =>
        logOptions(brokers, {
          connection: {
            brokers: [`localhost:${port}`],
            clientId: 'octavo-test',
            tls,
            sasl: { mechanism, user: 'octavo', password: new Secret(password) },
          },
        });
      const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;
      // Kafka's tool takes one of a user at a time.
      for (const mechanism of mechanisms.slice(1)) {
        const { status, stdout, stderr } = runKafkaClass(
          [
            'kafka.admin.ConfigCommand',
            '--bootstrap-server',
            brokers.addresses.join(),
            '--alter',
            '--entity-type',
            'users',
            '--entity-name',
            'octavo',
            '--add-config',
            `${mechanism}=[password=right]`,
          ],
          folder,
        );
        assert.equal(status, 0, stdout + stderr);
      }
      for (const mechanism of mechanisms) {
        const log = await openKafkaLog(secured(mechanism, 'right'));
        assert.equal(await log.append(0, [Buffer.from(mechanism)]), 0);
        const { records } = await log.read(0, 0, { recordsMax: 9, bytesMax: 999 });
        assert.deepEqual(records.map(String), [mechanism]);
        await log.close();
        const refused = openKafkaLog(secured(mechanism, 'wrong'));
        await assert.rejects(refused, (error) => hasCode(error, 'log_denied'));
      }
      const unknown = openKafkaLog(secured('PLAIN', 'right', { ca }));
      await assert.rejects(unknown, { code: 'log_unavailable', message: /bad certificate/ });
    } finally {
      await brokers.stop();
    }
  });
});

/** Offset of the group, end and lag of each partition, as Kafka's tool prints them. */
function toldOf(addresses: readonly string[], { topic, group }: KafkaLogOptions): readonly string[] {
  const { stdout } = runKafkaClass(
    [
      'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
      '--bootstrap-server',
      addresses.join(),
      '--describe',
      '--group',
      group,
    ],
    folder,
  );
  const lines = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return lines
    .filter(([, name]) => name === topic)
    .toSorted(([, , one], [, , other]) => Number(one) - Number(other))
    .map(([, , , offset, end, lag]) => `${offset} ${end} ${lag}`);
}

type Mechanism = NonNullable<KafkaLogOptions['connection']['sasl']>['mechanism'];
type Tls = NonNullable<KafkaLogOptions['connection']['tls']>;

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
