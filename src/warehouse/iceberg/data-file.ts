import type { BusinessDay } from '../../base/index.ts';
import type { PartitionSpec, SnapshotId } from './metadata.ts';

/** A value of a partition as manifests hold it: days since 1970 for a date, unscaled bytes for a decimal. */
export type PartitionValue = null | boolean | number | bigint | string | Buffer;

/** Numbers by field id. */
export type FieldCounts = ReadonlyMap<number, bigint>;
/** Serialized single values by field id (see bounds.ts). */
export type FieldBounds = ReadonlyMap<number, Buffer>;

/** A data file as a manifest describes it (`data_file` of the Iceberg v2 specification), no field left out. */
export interface DataFile {
  /** 0 data, 1 position deletes, 2 equality deletes. */
  readonly content: number;
  readonly path: string;
  readonly format: string;
  /** Values by the names of the partition fields. */
  readonly partition: Readonly<Record<string, PartitionValue>>;
  readonly recordCount: number;
  readonly sizeBytes: number;
  readonly columnSizes?: FieldCounts;
  readonly valueCounts?: FieldCounts;
  readonly nullCounts?: FieldCounts;
  readonly nanCounts?: FieldCounts;
  readonly lowerBounds?: FieldBounds;
  readonly upperBounds?: FieldBounds;
  readonly keyMetadata?: Buffer;
  readonly splitOffsets?: readonly bigint[];
  readonly equalityIds?: readonly number[];
  readonly sortOrderId?: number;
  readonly referencedDataFile?: string;
}

/** A file that was written and is to be added to a table. Statistics are optional, and only prune. */
export interface DataFileInput {
  /** Absolute. The file must be complete; the commit makes it durable. */
  readonly path: string;
  readonly recordCount: number;
  readonly sizeBytes: number;
  /** The business day whose rows the file holds, for a table partitioned by it; every row must be of that day. */
  readonly day?: BusinessDay;
  readonly columnSizes?: FieldCounts;
  readonly valueCounts?: FieldCounts;
  readonly nullCounts?: FieldCounts;
  readonly lowerBounds?: FieldBounds;
  readonly upperBounds?: FieldBounds;
  readonly splitOffsets?: readonly bigint[];
}

/** A data file of a manifest with its history. */
export interface ManifestEntry {
  readonly status: 'existing' | 'added' | 'deleted';
  /** Snapshot that added or deleted the file. */
  readonly snapshotId: SnapshotId;
  /** Data sequence number. */
  readonly sequenceNumber: bigint;
  readonly fileSequenceNumber: bigint;
  readonly file: DataFile;
}

/** Days since 1970-01-01 of a calendar date. */
export function epochDay(day: BusinessDay): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000;
}

/** The calendar date of a number of days since 1970-01-01. */
export function dayOfEpoch(days: number): BusinessDay {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

/** The day that the file's partition stands for; undefined when the spec has no single identity date field. */
export function dayOfFile(file: DataFile, spec: PartitionSpec): BusinessDay | undefined {
  const [field] = spec.fields;
  if (spec.fields.length !== 1 || field?.transform !== 'identity') return undefined;
  const value = file.partition[field.name];
  return typeof value === 'number' ? dayOfEpoch(value) : undefined;
}

/** A local path without the `file:` that some engines write before it. */
export function localPath(path: string): string {
  return path.replace(/^file:(\/\/)?(?=\/)/, '');
}
