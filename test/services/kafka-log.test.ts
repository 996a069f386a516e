import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  ResourcePatternTypes,
  ResourceTypes,
} from '@platformatic/kafka';
import { freePort } from '../../services/free-port.ts';
import { runKafkaClass } from '../../services/kafka/cluster.ts';
import { fileStorage, hasCode, Secret, systemClock } from '../../src/base/index.ts';
import {
  checkShip,
  kafkaCompressions,
  parseShipConfig,
  openKafkaLog as openLog,
  type EventLog,
  type KafkaLogOptions,
} from '../../src/collect/index.ts';
import { eventLogContract } from '../../src/collect/event-log.contract.ts';
import { inFolder } from '../../src/collect/agent/ship.fixture.ts';
import { logOptions, sharedBroker, startBrokers, type Brokers } from './brokers.ts';
import { until } from './until.ts';

/** What `octavo ship check` says of a topic while its user gets more and more rights. */
async function triesWriting(
  brokers: Brokers,
  { connection: { brokers: secured }, topic }: KafkaLogOptions,
): Promise<void> {
  const admin = new Admin({ clientId: 'octavo-test', bootstrapBrokers: [...brokers.addresses] });
  const [there, missing] = [`${topic}-b.events`, `${topic}-b.failed`];
  const allow = async (operation: keyof typeof AclOperations, type: 'TOPIC' | 'CLUSTER'): Promise<void> => {
    const names = type === 'CLUSTER' ? ['kafka-cluster'] : [there, missing];
    const creations = names.map((resourceName) => ({
      resourceType: ResourceTypes[type],
      resourceName,
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: 'User:octavo',
      host: '*',
      operation: AclOperations[operation],
      permissionType: AclPermissionTypes.ALLOW,
    }));
    await admin.createAcls({ creations });
  };
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'password'), 'right');
    const sasl = "{ mechanism: PLAIN, user: octavo, password_file: 'password' }";
    const to = `{ kafka: { brokers: '${secured.join(',')}', topic_prefix: '${topic}-b', sasl: ${sasl} } }`;
    const config = parseShipConfig(`to: ${to}\ninputs: [{ files: 'none.log' }]\n`, 'ship.yaml');
    const parts = { key: undefined, workingDirectory: folder, storage: fileStorage(), clock: systemClock };
    const checks = async (): Promise<string> => {
      const told = (await checkShip({ config, ...parts })).slice(-2);
      return told.map(({ ok, code, finding }) => `${ok} ${code ?? ''} ${finding}`).join('\n');
    };
    const tells = async (wanted: RegExp): Promise<void> => {
      for (let tries = 0; tries < 100 && !wanted.test(await checks()); tries++) await sleep(100);
      assert.match(await checks(), wanted);
    };
    await admin.createTopics({ topics: [there], partitions: 1, replicas: 1 });
    await allow('DESCRIBE', 'TOPIC');
    await allow('DESCRIBE_CONFIGS', 'TOPIC');
    await tells(/^false log_denied .*may not write.*\nfalse log_denied .*to be made.*authoriz/i);
    await allow('WRITE', 'TOPIC');
    await tells(/^true {2}the brokers answer, and let this user write.*\nfalse log_denied /);
    await allow('CREATE', 'CLUSTER');
    await tells(/\ntrue {2}the brokers answer; the topic is made when the agent starts$/);
    const [listed] = await admin.listOffsets({
      topics: [{ name: there, partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    });
    assert.equal(listed?.partitions[0]?.offset, 0n, 'nothing was written');
    assert.ok(!(await admin.listTopics()).includes(missing), 'nothing was made');
  });
  await admin.close();
}

const optionsOf = async (changes: Partial<KafkaLogOptions> = {}): Promise<KafkaLogOptions> =>
  logOptions(await sharedBroker(), changes);
const opened: EventLog[] = [];
/** Also of tests that failed. */
after(async () => void (await Promise.all(opened.map((log) => log.close()))));
const openKafkaLog = async (options: KafkaLogOptions): Promise<EventLog> => {
  const log = await openLog(options);
  opened.push(log);
  return log;
};
const open = async (changes: Partial<KafkaLogOptions> = {}) => openKafkaLog(await optionsOf(changes));

eventLogContract('kafka', () => open());

describe('the event log on Kafka', () => {
  it('gives back every record in every compression, also those larger than a batch', async () => {
    for (const compression of kafkaCompressions) {
      const log = await open({ compression });
      const records = Array.from({ length: 300 }, (_, index) =>
        Buffer.from(JSON.stringify({ index, text: `책 ${'x'.repeat((index * 97) % 9000)}` })),
      );
      await log.append(0, records);
      const read: string[] = [];
      for (let next = 0; next < 300;) {
        const batch = await log.read(0, next, { recordsMax: 70, bytesMax: 1 << 20 });
        assert.ok(batch.nextOffset > next && batch.firstOffset === next);
        read.push(...batch.records.map(String));
        next = batch.nextOffset;
      }
      assert.deepEqual(read, records.map(String), compression);
      await log.close();
    }
  });

  it('refuses what is too large for the topic, and what no longer fits into the queue', async () => {
    const log = await open({ queueBytesMax: 100_000 });
    const much = Array.from({ length: 3 }, () => Buffer.alloc(40_000, 'x'));
    await assert.rejects(log.append(0, much), (error) => hasCode(error, 'log_unavailable'));
    await assert.rejects(log.append(0, [Buffer.alloc(2 << 20, 'x')]), (error) =>
      hasCode(error, 'log_record_too_large'),
    );
    assert.equal(typeof (await log.append(0, [Buffer.from('fits')])), 'number');
    await log.close();
  });

  it('is readable with Kafka’s own console consumer, keyed by the reader', async () => {
    const options = await optionsOf();
    const log = await openKafkaLog(options);
    await log.append(1, [Buffer.from('{"n":1}'), Buffer.from('{"n":2}')], ['reader-7', 'reader-7']);
    await log.close();
    const { place, addresses } = await sharedBroker();
    const { stdout, stderr } = runKafkaClass(
      [
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        '--bootstrap-server',
        addresses.join(','),
        '--topic',
        options.topic,
        '--from-beginning',
        '--max-messages',
        '2',
        '--timeout-ms',
        '30000',
        '--formatter-property',
        'print.key=true',
        '--formatter-property',
        'print.partition=true',
      ],
      place.brokers[0]?.folder ?? '.',
    );
    assert.deepEqual(
      stdout.trim().split('\n'),
      ['Partition:1\treader-7\t{"n":1}', 'Partition:1\treader-7\t{"n":2}'],
      stderr,
    );
  });

  it('makes the topic as stated, and refuses one in which records could be lost', async () => {
    const options = await optionsOf({ partitions: 3 });
    await (await openKafkaLog(options)).close();
    const { place, addresses } = await sharedBroker();
    const { stdout } = runKafkaClass(
      [
        'org.apache.kafka.tools.TopicCommand',
        '--bootstrap-server',
        addresses.join(','),
        '--topic',
        options.topic,
        '--describe',
      ],
      place.brokers[0]?.folder ?? '.',
    );
    for (const part of [
      'PartitionCount: 3',
      'retention.ms=604800000',
      'unclean.leader.election.enable=false',
    ])
      assert.ok(stdout.includes(part), stdout);
    const asked = { ...options, settings: { ...options.settings, replication: 3 } };
    await assert.rejects(openKafkaLog(asked), (error) => hasCode(error, 'log_topic_unfit'));
    const fresh = await optionsOf({ settings: { ...options.settings, replication: 3 } });
    await assert.rejects(openKafkaLog(fresh), /fewer brokers than kafka\.replication \(3\)/);
    const wider = await openKafkaLog({ ...options, partitions: 5 });
    assert.equal(wider.partitions, 5);
    assert.equal(await wider.append(4, [Buffer.from('x')]), 0);
    await wider.close();
  });

  it('refuses a topic that removes or cannot take events, whoever changed it', async () => {
    const { addresses } = await sharedBroker();
    const admin = new Admin({ clientId: 'octavo-test', bootstrapBrokers: [...addresses] });
    try {
      const wrong = [
        [{ name: 'cleanup.policy', value: 'compact,delete' }, /cleanup\.policy=compact/],
        [{ name: 'max.message.bytes', value: '20000' }, /max\.message\.bytes=20000, an event may have 65536/],
        [{ name: 'min.insync.replicas', value: '2' }, /min\.insync\.replicas=2 and 1 copies/],
      ] as const;
      for (const [setting, told] of wrong) {
        const { settings, ...options } = await optionsOf();
        await admin.createTopics({ topics: [options.topic], partitions: 1, replicas: 1, configs: [setting] });
        const asked = { ...options, settings: { ...settings, recordBytesMax: 65_536 } };
        await assert.rejects(
          until(async () => openLog(asked).then(async (log) => (await log.close(), false))),
          (error: Error) => hasCode(error, 'log_topic_unfit') && told.test(error.message),
        );
      }
    } finally {
      await admin.close();
    }
  });

  it('says so when the brokers do not let its user in, or not do what it must', async () => {
    const port = await freePort();
    const jaas = 'org.apache.kafka.common.security.plain.PlainLoginModule required user_octavo="right";';
    const brokers = await startBrokers(1, (place) => ({
      ...place,
      secured: {
        port,
        protocol: 'SASL_PLAINTEXT',
        properties: [
          'sasl.enabled.mechanisms=PLAIN',
          `listener.name.secured.plain.sasl.jaas.config=${jaas}`,
          'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          'super.users=User:ANONYMOUS',
        ],
      },
    }));
    try {
      const asking = (password: string): KafkaLogOptions =>
        logOptions(brokers, {
          connection: {
            brokers: [`localhost:${port}`],
            clientId: 'octavo-test',
            sasl: { mechanism: 'PLAIN', user: 'octavo', password: new Secret(password) },
          },
        });
      await assert.rejects(openLog(asking('wrong')), { code: 'log_denied' });
      const unknown = asking('right');
      await assert.rejects(openLog(unknown), { code: 'log_denied', message: /authoriz/i });
      // The topic is there, and may be neither seen nor written.
      const others = await openLog({ ...unknown, connection: logOptions(brokers).connection });
      await others.close();
      await assert.rejects(openLog(unknown), { code: 'log_denied', message: /authoriz/i });
      await triesWriting(brokers, unknown);
    } finally {
      await brokers.stop();
    }
  });

  it('deals the partitions among the loaders, and again when one leaves', async () => {
    const options = await optionsOf({ partitions: 4 });
    const logs = [await openKafkaLog(options), await openKafkaLog(options)];
    const first = await logs[0]?.join?.();
    assert.deepEqual(first?.owned(), [0, 1, 2, 3]);
    const second = await logs[1]?.join?.();
    assert.ok(first !== undefined && second !== undefined);
    const shares = (): string => JSON.stringify([first?.owned().length, second?.owned().length]);
    await until(() => shares() === '[2,2]', shares);
    assert.deepEqual(
      [...(first?.owned() ?? []), ...(second?.owned() ?? [])].toSorted((a, b) => a - b),
      [0, 1, 2, 3],
    );
    await first?.told(new Map([[first.owned()[0] ?? 0, 0]]));
    await first?.close();
    await until(() => second?.owned().length === 4, shares);
    await second?.close();
    for (const log of logs) await log.close();
  });

  it('says clearly that no broker answers', async () => {
    const nobody = { brokers: ['127.0.0.1:1'], clientId: 'octavo-test' };
    await assert.rejects(
      openKafkaLog(logOptions({ addresses: nobody.brokers })),
      (error) => hasCode(error, 'log_unavailable') && /127\.0\.0\.1:1/.test(String(error)),
    );
  });
});
