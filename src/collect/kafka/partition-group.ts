import { Consumer } from '@platformatic/kafka';
import { gauge } from '../../base/index.ts';
import type { PartitionGroup } from '../event-log.ts';
import { reasonOf, unavailable } from './kafka-error.ts';
import { clientOptions, type KafkaLogOptions } from './kafka-options.ts';
import { answerMaxMs, ended, within } from './within.ts';

/**
 * Joins the group of loaders: the partitions are dealt among its members, and dealt again when one comes or goes. Who
 * owns a partition is only a matter of work, not of truth: two that both believe to own one can't load it twice.
 */
export async function openGroup(options: KafkaLogOptions, partitions: number): Promise<PartitionGroup> {
  const { connection, topic, group, logger } = options;
  const consumer = new Consumer({
    ...clientOptions(connection, 10),
    groupId: group,
    sessionTimeout,
    rebalanceTimeout: sessionTimeout,
    heartbeatInterval: 1_000,
  });
  consumer.topics.track(topic);
  let owned: readonly number[] = [];
  const closing = new AbortController();
  const settle = (): void => {
    const mine = (consumer.assignments ?? []).find((one) => one.topic === topic)?.partitions ?? [];
    owned = mine.filter((partition) => partition < partitions).toSorted((a, b) => a - b);
    gauge('octavo_collect_kafka_owned_partitions', owned.length, { topic });
  };
  // Between two dealings nobody knows what is whose: nothing is begun.
  consumer.on('consumer:group:rebalance', () => {
    owned = [];
  });
  consumer.on('consumer:group:join', settle);
  let rejoining = false;
  const rejoin = async (): Promise<void> => {
    if (closing.signal.aborted || rejoining) return;
    rejoining = true;
    owned = [];
    try {
      while (!closing.signal.aborted) {
        const joined = await within(answerMaxMs, `group ${group}`, consumer.joinGroup({})).then(
          () => true,
          (error: unknown) => {
            logger.warn('the group of loaders could not be joined, it is tried again', {
              reason: reasonOf(error),
            });
            return false;
          },
        );
        if (joined) break;
        await new Promise((done) => setTimeout(done, 1_000));
      }
    } finally {
      rejoining = false;
    }
  };
  consumer.on('error', () => void rejoin());
  try {
    await within(answerMaxMs, `group ${group}`, consumer.joinGroup({}));
    settle();
  } catch (error) {
    await ended(consumer.close(true));
    throw unavailable(error, `group ${group}`);
  }
  return {
    owned: () => owned,
    told: async (offsets) => {
      const told = [...offsets].map(([partition, offset]) => {
        return { topic, partition, offset: BigInt(offset), leaderEpoch: -1 };
      });
      if (told.length === 0) return;
      await within(answerMaxMs, `group ${group}`, consumer.commit({ offsets: told })).catch(
        (error: unknown) => {
          logger.warn('offsets could not be told to Kafka; the warehouse has them', {
            reason: reasonOf(error),
          });
        },
      );
    },
    close: async () => {
      closing.abort();
      await ended(consumer.close(true));
    },
  };
}

/** A loader that is silent for longer is out of the group. */
const sessionTimeout = 10_000;
