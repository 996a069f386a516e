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
import { appendEvents, openKafkaLog, type EventLog } from '../../src/collect/index.ts';
import type { StoredEvent } from '../../src/event/index.ts';
import { createLoader, openWarehouse, type Warehouse } from '../../src/warehouse/index.ts';
import { logOptions, sharedBroker, startBrokers } from './brokers.ts';

const folder = mkdtempSync(join(tmpdir(), 'octavo-kafka-loader-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const openTables = (name: string, clock: Clock = systemClock): Promise<Warehouse> =>
  openWarehouse({
    root: join(folder, name),
    storage: fileStorage(),
    clock,
    random: seededRandom(name),
    calendar: createCalendar(),
    memory: '400MB',
    threads: 1,
    processesMax: 2,
  });

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

const countsOf = async (warehouse: Warehouse): Promise<readonly number[]> => {
  const { rows } = await warehouse.query('select count(*) n, count(distinct event_id) ids from raw.events');
  return [Number(rows[0]?.['n']), Number(rows[0]?.['ids'])];
};

describe('loading from Kafka', () => {
  it('doubles nothing when two loaders believe to own the same partitions, and follows the table, not the group', async (context) => {
    const log = await openKafkaLog(logOptions(await sharedBroker(), { partitions: 4 }));
    const warehouse = await openTables('same');
    const loaders = Array.from({ length: 2 }, () =>
      createLoader({ warehouse, events: log, log: silentLogger, recordsMax: 200 }),
    );
    const sent = eventsOf(1_000);
    await appendEvents(log, sent);
    await Promise.all(loaders.map((loader) => loader.loadAll()));
    // A client that did not hear the answer sends again.
    await appendEvents(log, sent.slice(0, 100));
    const [again] = await Promise.all(loaders.map((loader) => loader.loadAll()));
    assert.ok(again !== undefined);
    assert.deepEqual(await countsOf(warehouse), [1_000, 1_000]);
    context.diagnostic('acknowledged 1000, sent twice 100, in the warehouse 1000, lost 0, doubled 0');
    await warehouse.close();
    await log.close();
  });

  it('shares the partitions among loaders that come and go, while events arrive', async (context) => {
    const options = logOptions(await sharedBroker(), { partitions: 4 });
    const logs: EventLog[] = [await openKafkaLog(options), await openKafkaLog(options)];
    const warehouse = await openTables('shared');
    const stops = logs.map(() => new AbortController());
    const runs = logs.map((log, index) =>
      createLoader({ warehouse, events: log, log: silentLogger, intervalMs: 50, recordsMax: 500 }).run(
        stops[index]?.signal ?? AbortSignal.abort(),
      ),
    );
    for (let round = 0; round < 10; round++) {
      await appendEvents(logs[0] as EventLog, eventsOf(150));
      if (round === 5) stops[0]?.abort();
    }
    for (let tries = 0; (await countsOf(warehouse).catch(() => [0]))[0] !== 1_500; tries++) {
      assert.ok(tries < 600, `only ${String(await countsOf(warehouse))} are there`);
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.deepEqual(await countsOf(warehouse), [1_500, 1_500]);
    stops[1]?.abort();
    await Promise.all(runs);
    context.diagnostic('acknowledged 1500, in the warehouse 1500, lost 0, doubled 0');
    await warehouse.close();
    for (const log of logs) await log.close();
  });

  it('loads everything once while the clock jumps back and forth', async (context) => {
    const log = await openKafkaLog(logOptions(await sharedBroker()));
    let offsetMs = 0;
    const clock: Clock = { now: () => systemClock.now() + offsetMs, sleep: systemClock.sleep };
    const warehouse = await openTables('clock', clock);
    const stop = new AbortController();
    const loader = createLoader({ warehouse, events: log, log: silentLogger, intervalMs: 20, waitMs: 100 });
    const run = loader.run(stop.signal);
    const jumps = [-2 * 3_600_000, 86_400_000, -30_000, 3_600_000, -366 * 86_400_000, 0];
    for (const jump of jumps) {
      await appendEvents(log, eventsOf(100, clock.now()));
      offsetMs = jump;
    }
    const sent = jumps.length * 100;
    for (let tries = 0; (await countsOf(warehouse).catch(() => [0]))[0] !== sent; tries++) {
      assert.ok(tries < 600, `only ${String(await countsOf(warehouse))} are there`);
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.deepEqual(await countsOf(warehouse), [sent, sent]);
    stop.abort();
    await run;
    context.diagnostic(
      `${jumps.length} jumps; acknowledged ${sent}, in the warehouse ${sent}, lost 0, doubled 0`,
    );
    await warehouse.close();
    await log.close();
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
