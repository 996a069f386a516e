import type { BaseOptions } from '@platformatic/kafka';
import type { Logger, Secret } from '../../base/index.ts';
import type { kafkaCompressions } from './compressions.ts';
import { calmConnections } from './connection-errors.ts';
import { namedTls } from './server-name.ts';

/** How the brokers are reached. */
export interface KafkaConnection {
  /** `host:port`, one or more; the others are found by them. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs. */
  readonly clientId: string;
  /** Encrypts the connections; certificates as PEM. The machine's own authorities unless `ca` is given. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
    readonly user: string;
    readonly password: Secret;
  };
}

/** A topic as an event log. */
export interface KafkaLogOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly partitions: number;
  /** How the topic is made when it is not there, and what is checked when it is. */
  readonly settings: TopicSettings;
  readonly compression: (typeof kafkaCompressions)[number];
  /** An append that is not acknowledged in this time fails. */
  readonly deliveryTimeoutMs: number;
  /** Bytes of one log that may wait for the brokers; beyond them appends fail at once. */
  readonly queueBytesMax: number;
  /** The group under whose name offsets are told to Kafka, for its tools. */
  readonly group: string;
  readonly logger: Logger;
}

/** What a topic keeps, and how safely. */
export interface TopicSettings {
  /** Copies of each partition; 0: as many as the brokers make by default. */
  readonly replication: number;
  /** Copies that must have a record before it is acknowledged; 0: the brokers' default. */
  readonly minInsyncReplicas: number;
  /** How long records are kept. */
  readonly retentionMs: number;
  /** Most bytes of one batch of records. */
  readonly batchBytesMax: number;
  /** Most bytes of one record, which every topic must take. Default: what the topic takes is enough. */
  readonly recordBytesMax?: number;
}

/** The client's options for a connection; a try that may pass is made again until the caller gives up. */
export function clientOptions(
  { brokers, clientId, tls, sasl }: KafkaConnection,
  retries: number,
): BaseOptions {
  calmConnections();
  return {
    clientId,
    bootstrapBrokers: [...brokers],
    connectTimeout: 3_000,
    requestTimeout: 10_000,
    timeout: 5_000,
    retries,
    retryDelay: (_client, _operation, attempt) => Math.min(1_000, 25 * 2 ** attempt),
    ...(tls === undefined ? {} : { tls: namedTls(tls) }),
    ...(sasl === undefined
      ? {}
      : {
          sasl: {
            mechanism: sasl.mechanism,
            username: sasl.user,
            password: () => sasl.password.reveal(),
          },
        }),
  };
}
