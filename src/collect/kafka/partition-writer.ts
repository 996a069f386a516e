import type { MessageToProduce } from '@platformatic/kafka';
import { gauge, OctavoError } from '../../base/index.ts';
import type { LogOffset } from '../event-log.ts';

/** Records that are sent together. */
export type Send = (messages: MessageToProduce[]) => Promise<LogOffset>;

/** What is shared by the writers of a log's partitions. */
export interface WriterOptions {
  readonly topic: string;
  readonly partition: number;
  readonly send: Send;
  /** Bytes of all partitions that wait. */
  readonly room: WriteRoom;
  readonly batchBytesMax: number;
}

/** The bytes that may wait for the brokers. */
export interface WriteRoom {
  readonly bytesMax: number;
  usedBytes: number;
}

interface Waiting {
  readonly records: readonly Uint8Array[];
  readonly keys: readonly string[] | undefined;
  readonly bytes: number;
  readonly resolve: (first: LogOffset) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes one partition: one batch is under way, and what comes meanwhile waits for the next one. So records keep
 * their order over every retry, and batches grow with the load. When a batch fails, what waits behind it fails too.
 */
export class PartitionWriter {
  readonly #options: WriterOptions;
  #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves with the offset of the first record once all in-sync replicas have all of them. */
  async append(records: readonly Uint8Array[], keys: readonly string[] | undefined): Promise<LogOffset> {
    const parts = this.#split(records, keys);
    const firsts = await Promise.all(parts.map((part) => this.#enqueue(part)));
    return firsts[0] ?? 0;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  #enqueue(part: Pick<Waiting, 'records' | 'keys' | 'bytes'>): Promise<LogOffset> {
    const { room, topic } = this.#options;
    if (room.usedBytes + part.bytes > room.bytesMax)
      throw new OctavoError('log_unavailable', `${room.usedBytes} bytes wait for the brokers of ${topic}`);
    room.usedBytes += part.bytes;
    gauge('octavo_collect_kafka_waiting_bytes', room.usedBytes, { topic });
    return new Promise<LogOffset>((resolve, reject) => {
      this.#waiting.push({ ...part, resolve, reject });
      this.#sending ??= this.#pump();
    });
  }

  async #pump(): Promise<void> {
    // What is appended in the same turn goes into the same batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#sendNext();
    this.#sending = undefined;
  }

  async #sendNext(): Promise<void> {
    const { topic, partition, send, batchBytesMax } = this.#options;
    let [count, bytes] = [0, 0];
    for (const one of this.#waiting) {
      if (count > 0 && bytes + one.bytes > batchBytesMax) break;
      bytes += one.bytes;
      count += 1;
    }
    const batch = this.#waiting.splice(0, count);
    const messages = batch.flatMap(({ records, keys }) =>
      records.map((record, index): MessageToProduce => {
        const key = keys?.[index];
        const value = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
        return { topic, partition, value, ...(key === undefined ? {} : { key: Buffer.from(key) }) };
      }),
    );
    try {
      let offset = await send(messages);
      for (const one of batch) {
        this.#leave(one);
        one.resolve(offset);
        offset += one.records.length;
      }
    } catch (error) {
      for (const one of [...batch, ...this.#waiting.splice(0)]) {
        this.#leave(one);
        one.reject(error);
      }
    }
  }

  #leave({ bytes }: Waiting): void {
    const { room, topic } = this.#options;
    room.usedBytes -= bytes;
    gauge('octavo_collect_kafka_waiting_bytes', room.usedBytes, { topic });
  }

  #split(
    records: readonly Uint8Array[],
    keys: readonly string[] | undefined,
  ): readonly Pick<Waiting, 'records' | 'keys' | 'bytes'>[] {
    const { batchBytesMax } = this.#options;
    const parts: Pick<Waiting, 'records' | 'keys' | 'bytes'>[] = [];
    let [start, bytes] = [0, 0];
    const cut = (end: number): void => {
      if (end > start)
        parts.push({ records: records.slice(start, end), keys: keys?.slice(start, end), bytes });
      [start, bytes] = [end, 0];
    };
    for (const [index, record] of records.entries()) {
      const needed = record.byteLength + (keys?.[index]?.length ?? 0) * 3 + recordOverheadBytes;
      if (needed > batchBytesMax)
        throw new OctavoError(
          'log_record_too_large',
          `${record.byteLength} bytes, a batch of the topic takes ${batchBytesMax}`,
        );
      if (bytes + needed > batchBytesMax) cut(index);
      bytes += needed;
    }
    cut(records.length);
    return parts;
  }
}

/** Lengths, offset and time of a record in a batch, generously. */
const recordOverheadBytes = 32;
