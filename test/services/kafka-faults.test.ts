import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { brokerLog } from '../../services/kafka/cluster.ts';
import { openKeyStore } from '../../src/api/index.ts';
import { seededRandom, systemClock, uuidv7, type Random } from '../../src/base/index.ts';
import { registerModuleHook } from '../../src/cli/module-hook.ts';
import type { Platform } from '../../src/cli/platform.ts';
import { inspectTopic } from '../../src/collect/index.ts';
import { checkEvents } from '../line/findings.ts';
import { reopen } from '../line/reopen.ts';
import { acknowledges, startSender, type Sender } from '../line/sender.ts';
import { startService, type ServiceProcess } from '../line/service-process.ts';
import { startBrokers, type Brokers } from './brokers.ts';
import { patienceMs } from './until.ts';

/** `FAULTS=200` hurts more often; the seed of what and when is `SEED`. */
const faults = Number(process.env['FAULTS'] ?? 2);
const seed = process.env['SEED'] ?? '1';

const template = { kind: 'page_view', device_id: 'd1', page: { url: 'https://store.example/' } };

/** One store on a cluster: a collector, two loaders, and readers who never stop sending. */
interface Line {
  readonly brokers: Brokers;
  readonly sender: Sender;
  readonly random: Random;
  readonly topic: string;
  restart(part: Part): Promise<void>;
  open(): Promise<Platform>;
}

type Part = 'collector' | 'loader 1' | 'loader 2';

const parts: readonly Part[] = ['collector', 'loader 1', 'loader 2'];

describe('the line over Kafka', () => {
  it(`keeps every acknowledged event once while collector, loaders and brokers are killed in ${faults} rounds`, async (context) => {
    await withLine(context, async ({ brokers, sender, random, restart, topic }) => {
      const hurt: Record<string, number> = {};
      for (let round = 0; round < faults; round++) {
        // Something must have been acknowledged that can be lost.
        await acknowledges(sender, 1 + random.below(300));
        const { victims, broker } = firstRounds[round] ?? anyOf(random);
        const id = broker === 'leader' ? await leaderOf(brokers, topic) : random.pick(brokers.running());
        const signal = broker === 'stopped' ? 'SIGTERM' : 'SIGKILL';
        for (const what of [...victims, broker]) hurt[what] = (hurt[what] ?? 0) + 1;
        // A broker and processes that use it are away at the same time.
        await Promise.all([...victims.map(restart), brokers.kill(id, signal)]);
        await delay(random.below(1_000));
        await brokers.start(id);
        await healed(brokers, topic);
      }
      return hurt;
    });
  });
});

/** What is hurt in one round: parts of the line and, at the same time, a broker. */
interface Round {
  readonly victims: readonly Part[];
  /** A partition's leader is lost, another broker is stopped as people do it, or lost. */
  readonly broker: 'leader' | 'stopped' | 'broker';
}

/** In two rounds each part and each kind of a broker's end at least once; then anything. */
const firstRounds: readonly Round[] = [
  { victims: ['collector', 'loader 1'], broker: 'leader' },
  { victims: ['loader 2'], broker: 'stopped' },
];

function anyOf(random: Random): Round {
  const victims = parts.filter(() => random.below(2) === 0);
  return { victims, broker: random.pick(['leader', 'stopped', 'broker'] as const) };
}

async function withLine(
  context: TestContext,
  hurt: (line: Line) => Promise<Readonly<Record<string, number>>>,
): Promise<void> {
  registerModuleHook();
  const folder = await mkdtemp(join(tmpdir(), 'octavo-faults-'));
  const [project, data, log] = [join(folder, 'project'), join(folder, 'data'), join(folder, 'log')];
  await mkdir(project);
  await mkdir(data);
  await writeFile(
    join(project, 'octavo.config.ts'),
    `export default { name: 'faults', eventLog: 'kafka' };\n`,
  );
  const keys = openKeyStore({ path: join(data, 'api.db'), clock: systemClock });
  const { key } = keys.create('readers', ['events:write']);
  keys.close();
  const random = seededRandom(`faults ${seed}`);
  const brokers = await startBrokers(3);
  const prefix = `line-${uuidv7({ nowMs: Date.now(), next: Math.random })}`;
  const environment = {
    OCTAVO_KAFKA_BROKERS: brokers.addresses.join(','),
    OCTAVO_KAFKA_TOPIC_PREFIX: prefix,
    OCTAVO_KAFKA_REPLICATION: '3',
    OCTAVO_KAFKA_MIN_INSYNC_REPLICAS: '2',
    OCTAVO_KAFKA_DELIVERY_TIMEOUT_MS: '5000',
    OCTAVO_KAFKA_GROUP: prefix,
    OCTAVO_COLLECT_PARTITIONS: '4',
    OCTAVO_WAREHOUSE_LOAD_INTERVAL_MS: '200',
    OCTAVO_WAREHOUSE_LOAD_WAIT_MS: '500',
    OCTAVO_LOG_LEVEL: 'warn',
  };
  const running = new Map<Part, ServiceProcess>();
  let url: string | undefined;
  let startsLost = 0;
  const start = async (part: Part): Promise<void> => {
    const command = part === 'collector' ? ['collect', '--port', '0'] : ['load'];
    // One that cannot start while a broker is away ends with an error, and is started again as a supervisor does.
    for (let attempt = 1; ; attempt++) {
      const service = startService({ project, data, log, environment, command });
      running.set(part, service);
      if (part !== 'collector') return;
      try {
        url = await inTime('the collector', service.ready);
        return;
      } catch (error) {
        if (attempt === startsMax) throw error;
        startsLost += 1;
        await service.kill();
      }
    }
  };
  const sender = startSender({
    templates: [template, { ...template, device_id: 'd2' }, { ...template, device_id: 'd3' }] as never,
    earlierMs: [Date.now() - 3_600_000],
    random: random.fork('events'),
    nowMs: () => Date.now(),
    key,
    url: () => url,
  });
  const open = (): Promise<Platform> => reopen({ project, data, environment, own: 'log' });
  try {
    await Promise.all(parts.map(start));
    const restart = async (part: Part): Promise<void> => {
      if (part === 'collector') url = undefined;
      await running.get(part)?.kill();
      await start(part);
    };
    const topic = `${prefix}.events`;
    const counts = await hurt({ brokers, sender, random, topic, restart, open });
    await healed(brokers, topic);
    await sender.stop();
    for (const part of parts) assert.equal(await running.get(part)?.stop(), 143);
    running.clear();
    const platform = await open();
    try {
      await inTime('loading', platform.loadAll());
      await checkEvents(platform, sender.oracle, { failedOnce: false });
      const { rows } = await platform.warehouse.query(
        'select count(*) n, count(distinct event_id) ids from raw.events',
      );
      const told = Object.entries(counts).map(([what, times]) => `${what} ${times}`);
      const snapshots = (await platform.warehouse.table('raw.events'))?.metadata.snapshots.length;
      context.diagnostic(
        `killed: ${told.join(', ')}; starts that failed ${startsLost}; ` +
          `acknowledged ${sender.oracle.acknowledged.size} (refused ones ${sender.oracle.invalid.length}), ` +
          `in the warehouse ${String(rows[0]?.['n'])}, lost 0, doubled ${Number(rows[0]?.['n']) - Number(rows[0]?.['ids'])}, commits ${snapshots}`,
      );
    } finally {
      await platform.close();
    }
  } catch (error) {
    context.diagnostic((await readFile(log, 'utf8').catch(() => '')).slice(-6000));
    throw error;
  } finally {
    sender.abandon();
    for (const service of running.values()) await service.kill();
    await brokers.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The broker that leads the topic's first partition. */
async function leaderOf(brokers: Brokers, topic: string): Promise<number> {
  const standing = await inspectTopic({ brokers: brokers.addresses, clientId: 'test' }, topic);
  return standing?.spans[0]?.leader ?? brokers.running()[0] ?? 1;
}

const startsMax = 10;

/** What does not come is told, with the log of the line. */
function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  const late = async (): Promise<never> => {
    await delay(patienceMs, undefined, { ref: false });
    assert.fail(`${what} takes more than ${patienceMs / 1000} s`);
  };
  return Promise.race([work, late()]);
}

/** Resolves when every partition has all of its copies again. */
async function healed(brokers: Brokers, topic: string): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  let seen: unknown;
  while (performance.now() < deadlineMs) {
    try {
      const standing = await inspectTopic({ brokers: brokers.addresses, clientId: 'test' }, topic);
      if (standing?.spans.every(({ inSync }) => inSync === 3) === true) return;
      seen = standing?.spans;
    } catch (error) {
      seen = error;
    }
    await delay(200);
  }
  assert.fail(`${topic} does not heal: ${inspect(seen)}\n${brokers.place.brokers.map(brokerLog).join('\n')}`);
}
