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
  /** The file; in Kafka topic and partition, as its folders are named. */
  readonly file: string;
  /** Where it begins in the file; absent in Kafka. */
  readonly offsetBytes?: number;
  readonly lengthBytes: number;
  readonly reason: string;
}

/** Records of one append that are written straight to where they are to lie, without an array for each of them. */
export interface PackedRecords {
  readonly count: number;
  /** Of all of them together. */
  readonly byteLength: number;
  /** Bytes of one. */
  lengthOf(index: number): number;
  /** Writes all of them one after another, the same until the append is settled. */
  copyTo(target: Buffer, at: number): void;
}

/** How much is read at once; one record is always given. */
export interface ReadLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
}

/** Records that lie one after another in memory, as they were read. */
export interface RecordRun {
  /** Offset of the first one. */
  readonly firstOffset: LogOffset;
  readonly bytes: Buffer;
  /** Where each begins in `bytes`, and after them where the last one ends. */
  readonly bounds: Uint32Array;
}

/** Records read from one partition, in order and without a hole, not taken apart. */
export interface RunBatch extends Omit<LogBatch, 'records'> {
  readonly runs: readonly RecordRun[];
}

/**
 * The append-only log between collector and warehouse. Backends: the embedded journal, and Apache Kafka.
 * Every backend passes `event-log.contract.ts`.
 */
export interface EventLog {
  readonly partitions: number;
  /**
   * Which log it is, when there may be others of the same topic: offsets of one say nothing about another. Undefined
   * for the journal of the data folder.
   */
  readonly identity?: string;
  /**
   * Appends records to a partition and resolves with the offset of the first once all are durable
   * (fsynced, or acknowledged by all in-sync replicas). Concurrent calls share one fsync. On an
   * error none of them is acknowledged; a later call may succeed (`storage_full` and `log_unavailable` heal by themselves).
   *
   * @param keys - beside the records: what other readers of the log know them by; the journal keeps none
   */
  append(partition: number, records: readonly Uint8Array[], keys?: readonly string[]): Promise<LogOffset>;
  /** The same for packed records, where the log can take them so. */
  appendPacked?(partition: number, records: PackedRecords): Promise<LogOffset>;
  /** Reads durable records from an offset; an empty batch at the end. Below `start` it fails with `log_offset_gone`. */
  read(partition: number, fromOffset: LogOffset, limits: ReadLimits): Promise<LogBatch>;
  /** The same records as `read` gives, where the log has them so. */
  readRuns?(partition: number, fromOffset: LogOffset, limits: ReadLimits): Promise<RunBatch>;
  /** The oldest offset still kept. */
  start(partition: number): Promise<LogOffset>;
  /** The offset after the newest durable record. */
  end(partition: number): Promise<LogOffset>;
  /** Tells the log that everything before the offset is in the warehouse; whole segments before it are removed. */
  release(partition: number, beforeOffset: LogOffset): Promise<void>;
  /** Keeps what is at or after the offset, also when it is released; a later call moves it. Absent where time alone releases. */
  hold?(partition: number, fromOffset: LogOffset): Promise<void>;
  /** Takes a share of the partitions beside other loaders; undefined where one process has the log for itself. */
  join?(): Promise<PartitionGroup>;
  close(): Promise<void>;
}

/** A membership in the group of those who load a log. */
export interface PartitionGroup {
  /** The partitions that are this member's now; none while they are dealt. */
  owned(): readonly number[];
  /** Tells the log how far the partitions are loaded, for its tools. It never fails: the warehouse is what counts. */
  told(offsets: ReadonlyMap<number, LogOffset>): Promise<void>;
  /** Leaves, so that the others get the partitions at once. */
  close(): Promise<void>;
}
