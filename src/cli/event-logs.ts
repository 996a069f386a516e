import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { hasCode, OctavoError, type Config, type Logger, type Storage } from '../base/index.ts';
import {
  openJournal,
  openKafkaLog,
  type EventLog,
  type KafkaConnection,
  type KafkaLogOptions,
} from '../collect/index.ts';
import {
  createLoader,
  loadedOffsets,
  type Loader,
  type LogTopic,
  type Warehouse,
} from '../warehouse/index.ts';

/** The event logs and what moves them into the warehouse. Of a journal only one process may have them. */
export interface Ownership {
  readonly logs: { readonly events: EventLog; readonly failed: EventLog };
  readonly loader: Loader;
}

/** What the logs of a project are opened with. */
export interface LogParts {
  readonly config: Config;
  /** The project's folder. */
  readonly root: string;
  readonly dataFolder: string;
  readonly storage: Storage;
  readonly log: Logger;
  readonly warehouse: Warehouse;
}

/** Opens the logs that the configuration names. Errors: `log_unavailable`, `log_topic_unfit`, those of the journal. */
export async function openLogs(parts: LogParts, closers: (() => Promise<void> | void)[]): Promise<Ownership> {
  const { config, log, warehouse } = parts;
  const open = config.eventLog === 'kafka' ? await kafkaOpener(parts) : await journalOpener(parts);
  const opened = async (topic: LogTopic, partitions: number): Promise<EventLog> => {
    const eventLog = await open(topic, partitions);
    closers.push(() => eventLog.close());
    return eventLog;
  };
  const events = await opened('events', config.collect.partitions);
  const failed = await opened('failed', 1);
  const loader = createLoader({
    warehouse,
    log,
    events,
    failed,
    intervalMs: config.warehouse.loadIntervalMs,
    waitMs: config.warehouse.loadWaitMs,
    targetRecords: config.warehouse.loadTargetEvents,
    recordsMax: config.warehouse.loadEventsMax,
  });
  return { logs: { events, failed }, loader };
}

type Opener = (topic: LogTopic, partitions: number) => Promise<EventLog>;

async function journalOpener({ config, dataFolder, storage, log, warehouse }: LogParts): Promise<Opener> {
  const loaded = await loadedOffsets(warehouse).catch((error: unknown) => {
    // Nothing is loaded then; whoever restores the table needs the rest of the platform.
    if (!hasCode(error, 'metadata_damaged')) throw error;
    log.error('what was loaded of the event log is not known', { error });
    return () => 0;
  });
  return (topic, partitions) =>
    openJournal({
      storage,
      directory: join(dataFolder, topic),
      partitions,
      segmentBytes: config.collect.segmentBytes,
      logger: log,
      loadedTo: (partition) => loaded(topic, partition),
    });
}

async function kafkaOpener({ config, root, log }: LogParts): Promise<Opener> {
  const connection = await kafkaConnection(config, root);
  return (topic, partitions) => openKafkaLog(kafkaLogOptions({ config, connection, log }, topic, partitions));
}

/** The options of one of the project's topics. */
function kafkaLogOptions(
  parts: { readonly config: Config; readonly connection: KafkaConnection; readonly log: Logger },
  topic: LogTopic,
  partitions: number,
): KafkaLogOptions {
  const { config, connection, log } = parts;
  const { kafka, collect } = config;
  return {
    connection,
    topic: kafkaTopic(config, topic),
    partitions,
    settings: {
      replication: kafka.replication,
      minInsyncReplicas: kafka.minInsyncReplicas,
      retentionMs: kafka.retentionHours * 3_600_000,
      batchBytesMax: Math.max(batchBytesLeast, collect.eventBytesMax * 2),
      recordBytesMax: collect.eventBytesMax,
    },
    compression: kafka.compression,
    deliveryTimeoutMs: kafka.deliveryTimeoutMs,
    queueBytesMax: collect.queueBytesMax,
    // A group of its own for each topic, so that each can be dealt by itself.
    group: topic === 'events' ? kafka.group : `${kafka.group}-failed`,
    logger: log,
  };
}

/** The name of one of the project's topics in Kafka. */
export function kafkaTopic({ kafka }: Config, topic: LogTopic): string {
  return `${kafka.topicPrefix}.${topic}`;
}

/** How the configuration says that the brokers are reached. Errors: `config_invalid`. */
export async function kafkaConnection({ kafka }: Config, root: string): Promise<KafkaConnection> {
  const pem = async (key: 'tlsCa' | 'tlsCert' | 'tlsKey'): Promise<string | undefined> => {
    const path = kafka[key];
    if (path === undefined) return undefined;
    return readFile(resolve(root, path), 'utf8').catch((cause: unknown) => {
      throw new OctavoError('config_invalid', `kafka.${key}: ${path} cannot be read`, { cause });
    });
  };
  const [ca, cert, key] = [await pem('tlsCa'), await pem('tlsCert'), await pem('tlsKey')];
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  const { sasl, user, password } = kafka;
  if (sasl !== 'off' && (user === undefined || password === undefined))
    throw new OctavoError(
      'config_invalid',
      `kafka.sasl is ${sasl}, which needs kafka.user and kafka.password`,
    );
  return {
    brokers: kafka.brokers.split(','),
    clientId: `octavo-${hostname()}-${process.pid}`,
    ...(kafka.tls === 'on' ? { tls } : {}),
    ...(sasl === 'off' || user === undefined || password === undefined
      ? {}
      : { sasl: { mechanism: sasl, user, password } }),
  };
}

const batchBytesLeast = 4 * 1024 * 1024;
