import { ProduceAcks, Producer, type MessageToProduce } from '@platformatic/kafka';
import { count, OctavoError } from '../../base/index.ts';
import type { LogOffset } from '../event-log.ts';
import { isApiError, leaderMoved, reasonOf, unavailable } from './kafka-error.ts';
import { clientOptions, type KafkaLogOptions } from './kafka-options.ts';
import { ended } from './within.ts';

/**
 * Delivers batches through an idempotent producer: the client sends a batch again under the same sequence number as
 * often as is needed, and the broker keeps one. After `deliveryTimeoutMs` a batch has failed, and the producer is
 * given up with it: whether the batch was kept is not known then, so its events may be in the log without being
 * acknowledged. The loader knows them by their ids when they come again.
 */
export class Delivery {
  readonly #options: KafkaLogOptions;
  #producer: Producer | undefined;

  constructor(options: KafkaLogOptions) {
    this.#options = options;
  }

  /** Sends messages of one partition; resolves with the offset of the first. Errors: `log_unavailable`. */
  async send(messages: MessageToProduce[]): Promise<LogOffset> {
    const { topic, deliveryTimeoutMs } = this.#options;
    const producer = (this.#producer ??= this.#open());
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const about = `${topic}: not acknowledged within ${deliveryTimeoutMs} ms`;
        reject(new OctavoError('log_unavailable', about));
      }, deliveryTimeoutMs);
    });
    try {
      const offset = await Promise.race([this.#deliver(producer, messages, late), late]);
      count('octavo_collect_kafka_batches_total', { topic, outcome: 'acknowledged' });
      return offset;
    } catch (error) {
      count('octavo_collect_kafka_batches_total', { topic, outcome: 'failed' });
      this.#giveUp(producer);
      this.#options.logger.error('a batch was not acknowledged by Kafka', { topic, reason: reasonOf(error) });
      throw unavailable(error, topic);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) await ended(producer.close(true));
  }

  async #deliver(producer: Producer, messages: MessageToProduce[], late: Promise<never>): Promise<LogOffset> {
    let over = false;
    late.catch(() => {
      over = true;
    });
    for (let attempt = 1; ; attempt++) {
      try {
        const { offsets } = await producer.send({ messages });
        const first = offsets?.[0]?.offset;
        if (first === undefined) throw new OctavoError('log_unavailable', 'no offset was answered');
        return Number(first);
      } catch (error) {
        // These say that the batch was not kept; sending it again doubles nothing.
        const refused =
          leaderMoved(error) || isApiError(error, 'NOT_ENOUGH_REPLICAS', 'UNKNOWN_TOPIC_OR_PARTITION');
        if (over || !refused) throw error;
        producer.clearMetadata();
        await new Promise((done) => setTimeout(done, Math.min(1_000, 25 * 2 ** attempt)));
      }
    }
  }

  #open(): Producer {
    const { connection, compression } = this.#options;
    return new Producer({
      ...clientOptions(connection, Number.MAX_SAFE_INTEGER),
      idempotent: true,
      acks: ProduceAcks.ALL,
      compression,
      autocreateTopics: false,
      // Refusals come back to `#deliver`, which looks up the leader anew.
      repeatOnStaleMetadata: true,
    });
  }

  #giveUp(producer: Producer): void {
    if (this.#producer === producer) this.#producer = undefined;
    void ended(producer.close(true));
  }
}
