import { resolve } from 'node:path';
import { Secret, type Logger, type Storage } from '../../../base/index.ts';
import type { EventLog } from '../../event-log.ts';
import type { KafkaConnection } from '../../kafka/kafka-options.ts';
import { openKafkaLog } from '../../kafka/lazy.ts';
import type { KafkaConfig } from '../config.ts';

/** Opens the topics of a platform, to write into them beside its collectors. Errors: `log_unavailable`, `log_topic_unfit`. */
export function kafkaOpener(
  config: KafkaConfig,
  parts: { readonly storage: Storage; readonly workingDirectory: string; readonly logger: Logger },
): (topic: 'events' | 'failed', partitions: number) => Promise<EventLog> {
  const { topic_prefix: prefix, compression } = config;
  return async (topic, partitions) =>
    await openKafkaLog({
      connection: await kafkaConnection(config, parts),
      topic: `${prefix}.${topic}`,
      partitions,
      settings: topicSettings,
      compression,
      deliveryTimeoutMs: 30_000,
      queueBytesMax: 128 * 1024 * 1024,
      group: `${prefix}-ship`,
      logger: parts.logger,
    });
}

/** How the brokers are reached. Errors: `storage_not_found` for files of the configuration. */
export async function kafkaConnection(
  config: KafkaConfig,
  parts: { readonly storage: Storage; readonly workingDirectory: string },
): Promise<KafkaConnection> {
  return {
    brokers: config.brokers.split(',').map((one) => one.trim()),
    clientId: `octavo-ship-${process.pid}`,
    ...(await securityOf(config, parts)),
  };
}

/** Of topics that are not there yet: copies as the cluster has them by default, a week. */
export const topicSettings = {
  replication: 0,
  minInsyncReplicas: 0,
  retentionMs: 7 * 86_400_000,
  batchBytesMax: 4 * 1024 * 1024,
} as const;

async function securityOf(
  { tls, sasl }: KafkaConfig,
  { storage, workingDirectory }: { readonly storage: Storage; readonly workingDirectory: string },
): Promise<Pick<KafkaConnection, 'tls' | 'sasl'>> {
  const textOf = async (path: string): Promise<string> =>
    (await storage.read(resolve(workingDirectory, path))).toString('utf8').trim();
  const files = await Promise.all(
    Object.entries(tls ?? {}).map(async ([name, path]) => [name, await textOf(path)] as const),
  );
  return {
    ...(tls === undefined ? {} : { tls: Object.fromEntries(files) }),
    ...(sasl === undefined
      ? {}
      : {
          sasl: {
            mechanism: sasl.mechanism,
            user: sasl.user,
            password: new Secret(await textOf(sasl.password_file)),
          },
        }),
  };
}
