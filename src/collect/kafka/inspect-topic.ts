import type { LogOffset } from '../event-log.ts';
import { unavailable } from './kafka-error.ts';
import type { KafkaConnection } from './kafka-options.ts';
import { topicFacts, withAdmin, type TopicFacts } from './topic.ts';

/** What a topic holds, and how it stands. */
export interface TopicInspection extends TopicFacts {
  /** Names the log in the tables' offsets. */
  readonly identity: string;
  readonly spans: readonly {
    readonly partition: number;
    readonly start: LogOffset;
    readonly end: LogOffset;
    /** Brokers that have every record now. */
    readonly inSync: number;
    /** The broker that takes its records; -1 when none does. */
    readonly leader: number;
  }[];
}

/** Looks at a topic without opening it; undefined when it is not there. Errors: `log_unavailable`. */
export async function inspectTopic(
  connection: KafkaConnection,
  topic: string,
): Promise<TopicInspection | undefined> {
  try {
    return await withAdmin(connection, async (admin) => {
      const facts = await topicFacts(admin, topic);
      if (facts === undefined) return undefined;
      const edge = async (timestamp: bigint): Promise<ReadonlyMap<number, number>> => {
        const partitions = Array.from({ length: facts.partitions }, (_, partitionIndex) => {
          return { partitionIndex, timestamp };
        });
        const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
        return new Map(listed?.partitions.map((one) => [one.partitionIndex, Number(one.offset)]));
      };
      const [starts, ends] = [await edge(-2n), await edge(-1n)];
      const { topics } = await admin.metadata({ topics: [topic] });
      const known = topics.get(topic)?.partitions ?? [];
      const spans = known.map(({ isr, leader }, partition) => {
        const [start, end] = [starts.get(partition) ?? 0, ends.get(partition) ?? 0];
        return { partition, start, end, inSync: isr.length, leader };
      });
      return { ...facts, identity: `kafka.${facts.id}`, spans };
    });
  } catch (error) {
    throw unavailable(error, `topic ${topic}`);
  }
}
