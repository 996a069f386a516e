import { OctavoError } from '../../base/index.ts';
import type { EventLog } from '../event-log.ts';
import { Delivery } from './delivery.ts';
import type { KafkaLogOptions } from './kafka-options.ts';
import { openGroup } from './partition-group.ts';
import { PartitionReader } from './partition-reader.ts';
import { PartitionWriter, type WriteRoom } from './partition-writer.ts';
import { batchBytesOf, ensureTopic } from './topic.ts';

/**
 * Opens a topic of Apache Kafka as an event log; it is made when it is not there. Records are acknowledged by all
 * in-sync replicas. Errors: `log_unavailable`, `log_denied`, `log_topic_unfit`.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  const { connection, topic, queueBytesMax } = options;
  const facts = await ensureTopic(options);
  const { partitions } = facts;
  const room: WriteRoom = { bytesMax: queueBytesMax, usedBytes: 0 };
  const batchBytesMax = Math.min(batchBytesMost, batchBytesOf(facts));
  // A producer has one request under way, so several of them share the partitions.
  const deliveries = Array.from({ length: Math.min(partitions, producersMax) }, () => new Delivery(options));
  const writers = Array.from({ length: partitions }, (_, partition) => {
    const delivery = deliveries[partition % deliveries.length];
    const send = (messages: Parameters<Delivery['send']>[0]): Promise<number> =>
      delivery?.send(messages) ?? Promise.reject(new OctavoError('log_closed'));
    return new PartitionWriter({ topic, partition, send, room, batchBytesMax });
  });
  const readers = new Map<number, PartitionReader>();
  const readerOf = (partition: number): PartitionReader => {
    if (closed) throw new OctavoError('log_closed');
    if (!(partition >= 0 && partition < partitions))
      throw new OctavoError('argument_invalid', `${topic} has no partition ${partition}`);
    let reader = readers.get(partition);
    if (reader === undefined) {
      reader = new PartitionReader({
        connection,
        topic,
        topicId: facts.id,
        partition,
      });
      readers.set(partition, reader);
    }
    return reader;
  };
  let closed = false;
  return {
    partitions,
    identity: `kafka.${facts.id}`,
    append: async (partition, records, keys) => {
      const writer = writers[partition];
      if (closed || writer === undefined) throw new OctavoError('log_closed');
      return writer.append(records, keys);
    },
    read: (partition, fromOffset, limits) => readerOf(partition).read(fromOffset, limits),
    start: (partition) => readerOf(partition).edge('start'),
    end: (partition) => readerOf(partition).edge('end'),
    // Retention removes what is old; the loader's group tells Kafka's tools how far it is.
    release: () => Promise.resolve(),
    join: () => openGroup(options, partitions),
    close: async () => {
      closed = true;
      await Promise.all(writers.map((writer) => writer.idle()));
      await Promise.all(deliveries.map((delivery) => delivery.close()));
      await Promise.all([...readers.values()].map((reader) => reader.close()));
    },
  };
}

const producersMax = 8;
const batchBytesMost = 1024 * 1024;
