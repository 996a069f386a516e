/** A position in one partition: the number of records before it. */
export type LogOffset = number;

/** Records read from one partition, in order. */
export interface LogBatch {
  readonly partition: number;
  /** Offset of the first record. */
  readonly firstOffset: LogOffset;
  /** Offset after the last record: where the next read goes on. */
  readonly nextOffset: LogOffset;
  /** Each record's bytes, as they were appended (one JSON document, no line break inside). */
  readonly records: readonly Buffer[];
  /** Damaged stretches that were stepped over; `nextOffset` counts their records where they are known. */
  readonly damage: readonly LogDamage[];
}

/** A stretch of the log that cannot be read. It is named and bounded, never silently skipped. */
export interface LogDamage {
  readonly partition: number;
  readonly file: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly reason: string;
}

/**
 * The append-only log between collector and warehouse. Backends: the embedded journal; Kafka later.
 * Every backend passes `event-log.contract.ts`.
 */
export interface EventLog {
  readonly partitions: number;
  /**
   * Appends records to a partition and resolves with the offset of the first once all are durable
   * (fsynced, or acknowledged by all in-sync replicas). Concurrent calls share one fsync. On an
   * error none of them is acknowledged; a later call may succeed (`storage_full` heals by itself).
   */
  append(partition: number, records: readonly Uint8Array[]): Promise<LogOffset>;
  /** Reads durable records from an offset; an empty batch at the end. Below `start` it fails with `log_offset_gone`. */
  read(
    partition: number,
    fromOffset: LogOffset,
    limits: { readonly recordsMax: number; readonly bytesMax: number },
  ): Promise<LogBatch>;
  /** The oldest offset still kept. */
  start(partition: number): Promise<LogOffset>;
  /** The offset after the newest durable record. */
  end(partition: number): Promise<LogOffset>;
  /** Tells the log that everything before the offset is in the warehouse; whole segments before it are removed. */
  release(partition: number, beforeOffset: LogOffset): Promise<void>;
  close(): Promise<void>;
}
