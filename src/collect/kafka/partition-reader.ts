import type { RecordsBatch } from '@platformatic/kafka';
import { count, OctavoError } from '../../base/index.ts';
import type { EventLog, LogBatch, LogOffset } from '../event-log.ts';
import { CheckedConsumer, damagedIn, type DamagedBatch } from './checked-consumer.ts';
import { isApiError, leaderMoved, unavailable } from './kafka-error.ts';
import { clientOptions, type KafkaConnection } from './kafka-options.ts';
import { answerMaxMs, ended, within } from './within.ts';

/** Where a partition lies. */
export interface PartitionPlace {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

/** Reads one partition from any offset. It is no member of a group: who reads says where. */
export class PartitionReader {
  readonly #place: PartitionPlace;
  readonly #consumer: CheckedConsumer;
  /** The broker that was read from last, as the leader. */
  #asked: number | undefined;
  /** Knows no topic, or it would ask the topic's leader whatever broker it is told to ask. */
  #copies: CheckedConsumer | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Bytes of records in a byte as it is fetched. What is fetched beyond the limits is unpacked for nothing, and fetched again. */
  #unpacking = unpackingGuess;

  constructor(place: PartitionPlace) {
    this.#place = place;
    this.#consumer = this.#open();
    this.#consumer.topics.track(place.topic);
  }

  /** The offset before the oldest record, or after the newest one that all in-sync replicas have. */
  async edge(which: 'start' | 'end'): Promise<LogOffset> {
    const { topic, partition } = this.#place;
    try {
      const offsets = await this.#patiently(() =>
        this.#consumer.listOffsets({
          topics: [topic],
          partitions: { [topic]: [partition] },
          timestamp: which === 'start' ? earliest : latest,
        }),
      );
      const offset = offsets.get(topic)?.[partition];
      if (offset === undefined)
        throw new OctavoError('log_unavailable', `no offset of ${topic}/${partition}`);
      return Number(offset);
    } catch (error) {
      throw unavailable(error, `${topic}/${partition}`);
    }
  }

  /** As the port says; reads of one partition wait for each other. */
  read(from: LogOffset, limits: Parameters<EventLog['read']>[2]): Promise<LogBatch> {
    const read = this.#turn.then(() => this.#read(from, limits));
    this.#turn = read.catch(() => undefined);
    return read;
  }

  async close(): Promise<void> {
    await Promise.all([this.#consumer, this.#copies].map(async (one) => one && ended(one.close(true))));
  }

  #open(): CheckedConsumer {
    const { connection } = this.#place;
    return new CheckedConsumer({ ...clientOptions(connection, 5), groupId: `${connection.clientId}-reader` });
  }

  async #read(from: LogOffset, limits: Parameters<EventLog['read']>[2]): Promise<LogBatch> {
    const { topic, partition } = this.#place;
    try {
      const fetched = await this.#fetchWhole(from, Math.ceil(limits.bytesMax / this.#unpacking));
      this.#unpacking = unpackingOf(fetched) ?? this.#unpacking;
      return batchOf(partition, from, fetched, limits);
    } catch (error) {
      const damaged = damagedIn(error);
      if (isApiError(error, 'OFFSET_OUT_OF_RANGE')) return await this.#outside(from, error);
      if (damaged === undefined) throw unavailable(error, `${topic}/${partition}`);
      return await this.#fromCopies(from, damaged, limits);
    }
  }

  /** Asks again while the partition gets another leader. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    const about = `${this.#place.topic}/${this.#place.partition}`;
    for (let attempt = 1; ; attempt++) {
      try {
        return await within(answerMaxMs, about, ask());
      } catch (error) {
        if (!leaderMoved(error) || attempt >= attemptsMax) throw error;
        this.#consumer.clearMetadata();
        await new Promise((done) => setTimeout(done, Math.min(1_000, 50 * 2 ** attempt)));
      }
    }
  }

  /** The batches before the first damaged one. Errors: `log_damaged` when it is the first. */
  async #fetchWhole(from: LogOffset, bytesMax: number, broker?: number): Promise<readonly RecordsBatch[]> {
    const most = Math.max(fetchBytesMin, Math.min(fetchBytesMax, bytesMax));
    try {
      return await this.#patiently(() => this.#fetch(from, most, broker));
    } catch (error) {
      const before = damagedIn(error)?.bytesBefore ?? 0;
      if (before === 0) throw error;
      return await this.#patiently(() => this.#fetch(from, before, broker));
    }
  }

  /**
   * Reads from another broker what the leader has damaged; what is damaged in every copy is stepped over, and told. Errors:
   * `log_damaged` while a copy that may be whole cannot be read.
   */
  async #fromCopies(
    from: LogOffset,
    damaged: DamagedBatch,
    limits: Parameters<EventLog['read']>[2],
  ): Promise<LogBatch> {
    const { topic, partition } = this.#place;
    const { leader, replicas } = await this.#brokers();
    // The leader may be another one than when it was asked.
    const asked = this.#asked ?? leader;
    const others = replicas.filter((broker) => broker !== asked);
    const away: number[] = [];
    for (const broker of others) {
      const copy = await this.#copyOf(from, limits, broker);
      if (copy === 'away') away.push(broker);
      if (typeof copy === 'string') continue;
      count('octavo_collect_kafka_copy_reads_total', { topic });
      return copy;
    }
    const next = damaged.nextOffset;
    const where = others.length === away.length ? `broker ${asked}` : 'every broker that can be asked';
    const reason = `the batch at offset ${damaged.firstOffset} of ${topic}/${partition} on ${where} differs from its CRC-32C`;
    if (away.length > 0)
      throw new OctavoError(
        'log_damaged',
        `${reason}; brokers ${away.join(', ')} have copies that cannot be read now`,
      );
    if (next === undefined) throw new OctavoError('log_damaged', reason);
    const damage = { partition, file: `${topic}-${partition}`, lengthBytes: damaged.lengthBytes, reason };
    return { partition, firstOffset: next, nextOffset: next, records: [], damage: [damage] };
  }

  /** The records from there on of one broker's copy: `damaged` when they are damaged there too, `away` when it cannot be asked. */
  async #copyOf(
    from: LogOffset,
    limits: Parameters<EventLog['read']>[2],
    broker: number,
  ): Promise<LogBatch | 'damaged' | 'away'> {
    const { partition } = this.#place;
    try {
      const most = Math.max(fetchBytesMin, Math.min(fetchBytesMax, limits.bytesMax));
      const copy = batchOf(partition, from, await this.#fetchWhole(from, most, broker), limits);
      return copy.nextOffset > from ? copy : 'away';
    } catch (error) {
      if (damagedIn(error) !== undefined) return 'damaged';
      // It may come back, at another address too.
      this.#copies?.clearMetadata();
      return 'away';
    }
  }

  async #brokers(): Promise<{ readonly leader: number; readonly replicas: readonly number[] }> {
    const { topic, partition } = this.#place;
    try {
      const { topics } = await this.#consumer.metadata({ topics: [topic] });
      const found = topics.get(topic)?.partitions[partition];
      if (found !== undefined) return found;
    } catch (error) {
      throw unavailable(error, `${topic}/${partition}`);
    }
    throw new OctavoError('log_unavailable', `${topic}/${partition} has no leader`);
  }

  /** From the leader, or another broker: brokers since Kafka 2.4 answer for their copies, up to what all in-sync replicas have. */
  async #fetch(
    from: LogOffset,
    partitionMaxBytes: number,
    broker?: number,
  ): Promise<readonly RecordsBatch[]> {
    const { topicId, partition } = this.#place;
    const node = broker ?? (await this.#brokers()).leader;
    if (broker === undefined) this.#asked = node;
    const consumer = broker === undefined ? this.#consumer : (this.#copies ??= this.#open());
    const { responses } = await consumer.fetch({
      node,
      minBytes: 1,
      maxBytes: partitionMaxBytes,
      maxWaitTime: 0,
      topics: [
        {
          topicId,
          partitions: [
            {
              partition,
              currentLeaderEpoch: -1,
              fetchOffset: BigInt(from),
              lastFetchedEpoch: -1,
              partitionMaxBytes,
            },
          ],
        },
      ],
    });
    return responses[0]?.partitions[0]?.records ?? [];
  }

  /** Nothing lies at the offset: it was released, or it is not written yet. */
  async #outside(from: LogOffset, cause: unknown): Promise<LogBatch> {
    const { topic, partition } = this.#place;
    const [start, end] = [await this.edge('start'), await this.edge('end')];
    if (from < start)
      throw new OctavoError('log_offset_gone', `offset ${from} of ${topic}/${partition} is before ${start}`);
    if (from > end)
      throw new OctavoError(
        'log_truncated',
        `${topic}/${partition} ends at ${end}, ${from} were read from it before`,
        { cause },
      );
    return { partition, firstOffset: from, nextOffset: from, records: [], damage: [] };
  }
}

/**
 * The records from an offset on, as many as the limits allow, without a hole: where offsets are missing (markers of
 * other writers' transactions) a batch ends, and the next one begins behind them.
 */
export function batchOf(
  partition: number,
  from: LogOffset,
  batches: readonly RecordsBatch[],
  limits: Parameters<EventLog['read']>[2],
): LogBatch {
  const records: Buffer[] = [];
  let [first, next, bytes] = [from, from, 0];
  const done = (): LogBatch => ({ partition, firstOffset: first, nextOffset: next, records, damage: [] });
  for (const batch of batches) {
    const base = Number(batch.firstOffset);
    if ((batch.attributes & controlBit) === 0) {
      for (const { offsetDelta, value } of batch.records) {
        const offset = base + offsetDelta;
        if (offset < from) continue;
        if (offset !== next && records.length > 0) return done();
        const record = value ?? empty;
        if (
          records.length >= limits.recordsMax ||
          (records.length > 0 && bytes + record.length > limits.bytesMax)
        )
          return done();
        if (records.length === 0) first = offset;
        records.push(record);
        bytes += record.length;
        next = offset + 1;
      }
    }
    const end = base + batch.lastOffsetDelta + 1;
    if (end > next && records.length > 0) return done();
    next = Math.max(next, end);
    if (records.length === 0) first = next;
  }
  return done();
}

/** Bytes of records in a byte of their batches, at least 1: limits are of records, and batches are compressed. Undefined without any. */
export function unpackingOf(batches: readonly RecordsBatch[]): number | undefined {
  let [packed, unpacked] = [0, 0];
  for (const { length, records } of batches) {
    packed += length;
    for (const { value } of records) unpacked += value?.length ?? 0;
  }
  return unpacked === 0 || packed === 0 ? undefined : Math.max(1, unpacked / packed);
}

/** Of JSON in zstd, before any is known. */
const unpackingGuess = 4;
const latest = -1n;
const earliest = -2n;
const attemptsMax = 8;
const fetchBytesMin = 64 * 1024;
const fetchBytesMax = 16 * 1024 * 1024;
const controlBit = 0b10_0000;
const empty = Buffer.alloc(0);
