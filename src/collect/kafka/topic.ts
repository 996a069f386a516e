import { Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { OctavoError, type Logger } from '../../base/index.ts';
import { clientOptions, type KafkaLogOptions } from './kafka-options.ts';
import { isApiError, unavailable } from './kafka-error.ts';
import { answerMaxMs, ended, within } from './within.ts';

/** A topic as the cluster has it. */
export interface TopicFacts {
  /** The cluster's own id of the topic; one that is made anew has another. */
  readonly id: string;
  readonly partitions: number;
  readonly replication: number;
  readonly minInsyncReplicas: number;
  /** -1 for ever. */
  readonly retentionMs: number;
  readonly batchBytesMax: number;
  /** Whether Kafka removes older records of the same key. */
  readonly compacts: boolean;
}

/** Asks the cluster about topics, for the time of the function. */
export async function withAdmin<T>(
  connection: KafkaLogOptions['connection'],
  ask: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = new Admin(clientOptions(connection, 5));
  try {
    return await within(answerMaxMs, 'the brokers', ask(admin));
  } finally {
    await ended(admin.close());
  }
}

/**
 * Makes the topic with the stated settings, or checks that the one that is there can hold the log. Errors:
 * `log_topic_unfit` when records could be lost in it, `log_unavailable`.
 */
export async function ensureTopic(options: KafkaLogOptions): Promise<TopicFacts> {
  const { connection, topic, logger } = options;
  try {
    return await withAdmin(connection, async (admin) => {
      let facts = await topicFacts(admin, topic);
      if (facts === undefined) {
        await makeTopic(admin, options);
        facts = await madeTopic(admin, topic);
      } else if (facts.partitions < options.partitions) {
        await admin.createPartitions({
          topics: [{ name: topic, count: options.partitions, assignments: null }] as never,
        });
        facts = { ...facts, partitions: options.partitions };
      }
      checkTopic(facts, options, logger);
      return facts;
    });
  } catch (error) {
    throw unavailable(error, `topic ${topic}`);
  }
}

/** What the cluster says of a topic; undefined when there is none. */
export async function topicFacts(admin: Admin, topic: string): Promise<TopicFacts | undefined> {
  const topics = await admin.listTopics();
  if (!topics.includes(topic)) return undefined;
  const { topics: known } = await admin.metadata({ topics: [topic], forceUpdate: true });
  const found = known.get(topic);
  if (found === undefined) return undefined;
  const [described] = await admin.describeConfigs({
    resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: keys }],
  });
  const { configs } = described as unknown as Described;
  const values = new Map(configs.map(({ name, value }) => [name, Number(value)]));
  const cleanup = configs.find(({ name }) => name === 'cleanup.policy')?.value ?? 'delete';
  return {
    id: found.id,
    partitions: found.partitionsCount,
    replication: Math.min(...found.partitions.map(({ replicas }) => replicas.length)),
    minInsyncReplicas: values.get('min.insync.replicas') ?? 1,
    retentionMs: values.get('retention.ms') ?? -1,
    batchBytesMax: values.get('max.message.bytes') ?? 1_048_588,
    compacts: cleanup.split(',').includes('compact'),
  };
}

interface Described {
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

const keys = ['min.insync.replicas', 'retention.ms', 'max.message.bytes', 'cleanup.policy'];
const madeMax = 50;

/** What says how a topic is made that is not there. */
export type NewTopic = Pick<KafkaLogOptions, 'topic' | 'partitions' | 'settings'>;

/** The settings with which a topic is made. */
export function madeWith({ partitions, settings }: NewTopic): {
  readonly partitions: number;
  /** -1 for as many as the cluster has by default. */
  readonly replicas: number;
  readonly configs: { name: string; value: string }[];
} {
  const configs = [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(settings.retentionMs) },
    { name: 'max.message.bytes', value: String(settings.batchBytesMax) },
    // Who was never a complete copy must not become the only one.
    { name: 'unclean.leader.election.enable', value: 'false' },
    ...(settings.minInsyncReplicas === 0
      ? []
      : [{ name: 'min.insync.replicas', value: String(settings.minInsyncReplicas) }]),
  ];
  return { partitions, replicas: settings.replication === 0 ? -1 : settings.replication, configs };
}

async function makeTopic(admin: Admin, made: NewTopic): Promise<void> {
  try {
    await admin.createTopics({ topics: [made.topic], ...madeWith(made) });
  } catch (error) {
    // Another process of ours was first.
    if (isApiError(error, 'TOPIC_ALREADY_EXISTS')) return;
    throw unmade(error, made);
  }
}

/** Why a topic is not made. */
export function unmade(thrown: unknown, { topic, settings }: NewTopic): unknown {
  if (!isApiError(thrown, 'INVALID_REPLICATION_FACTOR')) return thrown;
  return new OctavoError(
    'log_topic_unfit',
    `topic ${topic}: the cluster has fewer brokers than kafka.replication (${settings.replication})`,
    { cause: thrown },
  );
}

/** A new topic is known to every broker a moment later. */
async function madeTopic(admin: Admin, topic: string): Promise<TopicFacts> {
  for (let attempt = 1; ; attempt++) {
    const facts = await topicFacts(admin, topic).catch((error: unknown) => {
      if (attempt >= madeMax) throw error;
      return undefined;
    });
    if (facts !== undefined && facts.partitions > 0 && Number.isFinite(facts.replication)) return facts;
    if (attempt >= madeMax)
      throw new OctavoError('log_unavailable', `topic ${topic} was made and is not there`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

function checkTopic(facts: TopicFacts, options: KafkaLogOptions, logger: Logger): void {
  const { topic, partitions, settings } = options;
  const unfit = unfitness(facts, options);
  if (unfit !== undefined) throw new OctavoError('log_topic_unfit', `topic ${topic} ${unfit}`);
  if (facts.partitions > partitions)
    logger.warn('the topic has more partitions than are written to; all are loaded', {
      topic,
      partitions: facts.partitions,
    });
  if (facts.retentionMs >= 0 && facts.retentionMs < settings.retentionMs)
    logger.warn('the topic keeps records for a shorter time than is configured', {
      topic,
      retentionMs: facts.retentionMs,
      configuredMs: settings.retentionMs,
    });
  if (facts.replication > 1 && facts.minInsyncReplicas < 2)
    logger.warn('the topic acknowledges records that only one broker has', {
      topic,
      replication: facts.replication,
      minInsyncReplicas: facts.minInsyncReplicas,
    });
}

/** How large a batch for the topic may be before it is packed, with room for what is round the records. */
export function batchBytesOf({ batchBytesMax }: Pick<TopicFacts, 'batchBytesMax'>): number {
  return Math.floor(batchBytesMax * 0.9);
}

/** Why a topic cannot hold the log as it is configured; undefined when it can. */
export function unfitness(
  facts: TopicFacts,
  { settings }: Pick<KafkaLogOptions, 'settings'>,
): string | undefined {
  if (facts.replication < settings.replication)
    return `has ${facts.replication} copies, kafka.replication is ${settings.replication}`;
  if (facts.minInsyncReplicas < settings.minInsyncReplicas)
    return `has min.insync.replicas=${facts.minInsyncReplicas}, kafka.minInsyncReplicas is ${settings.minInsyncReplicas}`;
  if (facts.minInsyncReplicas > facts.replication)
    return `has min.insync.replicas=${facts.minInsyncReplicas} and ${facts.replication} copies: nothing can be written to it`;
  if (facts.compacts)
    return 'has cleanup.policy=compact, which removes events of the same reader: it must be delete';
  const { recordBytesMax = 0 } = settings;
  if (batchBytesOf(facts) < recordBytesMax)
    return `has max.message.bytes=${facts.batchBytesMax}, an event may have ${recordBytesMax} bytes (collect.eventBytesMax)`;
  return undefined;
}
