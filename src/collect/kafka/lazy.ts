import type { EventLog } from '../event-log.ts';
import type { DamagedPlace, ReadPlace } from './inspect-damage.ts';
import type { TopicInspection } from './inspect-topic.ts';
import type { KafkaConnection, KafkaLogOptions } from './kafka-options.ts';
import type { NewTopic } from './topic.ts';

/*
 * The client of Kafka is a large part of all that a command loads, and most have no Kafka: it is loaded when it is asked for.
 */

/**
 * Opens a topic of Apache Kafka as an event log; it is made when it is not there. Records are acknowledged by all
 * in-sync replicas. Errors: `log_unavailable`, `log_denied`, `log_topic_unfit`.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  const client = await import('./open-kafka-log.ts');
  return await client.openKafkaLog(options);
}

/** Looks at a topic without opening it; undefined when it is not there. Errors: `log_unavailable`. */
export async function inspectTopic(
  connection: KafkaConnection,
  topic: string,
): Promise<TopicInspection | undefined> {
  const client = await import('./inspect-topic.ts');
  return await client.inspectTopic(connection, topic);
}

/** Sees that this user may write into a topic, or make it, without doing it. Errors: `log_denied`, `log_topic_unfit`, `log_unavailable`. */
export async function tryWriting(
  connection: KafkaConnection,
  topic: NewTopic,
  isThere: boolean,
): Promise<void> {
  const client = await import('./topic-rights.ts');
  await client.tryWriting(connection, topic, isThere);
}

/** Reads one record at each place; those whose partition cannot be read on because of damage. Errors: `log_unavailable`. */
export async function inspectDamage(
  connection: KafkaConnection,
  topic: { readonly name: string; readonly id: string },
  places: readonly ReadPlace[],
): Promise<readonly DamagedPlace[]> {
  const client = await import('./inspect-damage.ts');
  return await client.inspectDamage(connection, topic, places);
}
