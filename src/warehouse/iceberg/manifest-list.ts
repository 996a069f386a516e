import { readAvro, writeAvro, type AvroSchema } from './avro.ts';
import type { SnapshotId } from './metadata.ts';

/** Bounds of one partition field over a manifest's files. */
export interface PartitionSummary {
  readonly containsNull: boolean;
  readonly containsNan?: boolean;
  readonly lowerBound?: Buffer;
  readonly upperBound?: Buffer;
}

/** A manifest as the manifest list describes it, no field left out. */
export interface ManifestFile {
  readonly path: string;
  readonly lengthBytes: number;
  readonly specId: number;
  readonly content: 'data' | 'deletes';
  readonly sequenceNumber: bigint;
  /** The lowest data sequence number of its live files. */
  readonly minSequenceNumber: bigint;
  readonly addedSnapshotId: SnapshotId;
  readonly addedFiles: number;
  readonly existingFiles: number;
  readonly deletedFiles: number;
  readonly addedRows: number;
  readonly existingRows: number;
  readonly deletedRows: number;
  readonly partitions?: readonly PartitionSummary[];
  readonly keyMetadata?: Buffer;
}

/*
 * Manifest list: an Avro file of manifest_file, one line a manifest, with the header keys
 * snapshot-id, parent-snapshot-id, sequence-number, format-version.
 */

/** The manifest list of one snapshot. */
export function writeManifestList(
  manifests: readonly ManifestFile[],
  snapshot: {
    readonly id: SnapshotId;
    readonly parentId: SnapshotId | undefined;
    readonly sequenceNumber: bigint;
  },
): Buffer {
  const records = manifests.map((manifest) => ({
    manifest_path: manifest.path,
    manifest_length: BigInt(manifest.lengthBytes),
    partition_spec_id: manifest.specId,
    content: manifest.content === 'data' ? 0 : 1,
    sequence_number: manifest.sequenceNumber,
    min_sequence_number: manifest.minSequenceNumber,
    added_snapshot_id: manifest.addedSnapshotId,
    added_files_count: manifest.addedFiles,
    existing_files_count: manifest.existingFiles,
    deleted_files_count: manifest.deletedFiles,
    added_rows_count: BigInt(manifest.addedRows),
    existing_rows_count: BigInt(manifest.existingRows),
    deleted_rows_count: BigInt(manifest.deletedRows),
    partitions:
      manifest.partitions?.map((summary) => ({
        contains_null: summary.containsNull,
        contains_nan: summary.containsNan ?? null,
        lower_bound: summary.lowerBound ?? null,
        upper_bound: summary.upperBound ?? null,
      })) ?? null,
    key_metadata: manifest.keyMetadata ?? null,
  }));
  return writeAvro(listSchema, records, {
    'snapshot-id': String(snapshot.id),
    'parent-snapshot-id': snapshot.parentId === undefined ? 'null' : String(snapshot.parentId),
    'sequence-number': String(snapshot.sequenceNumber),
    'format-version': '2',
  });
}

/** Reads a manifest list of any writer, versions 1 and 2. */
export function readManifestList(bytes: Buffer, path: string): readonly ManifestFile[] {
  return readAvro(bytes, path).records.map((record) => {
    const number = (name: string): number => Number(record[name] ?? 0);
    const partitions = record['partitions'] as
      | readonly Readonly<Record<string, unknown>>[]
      | null
      | undefined;
    const keyMetadata = record['key_metadata'] as Buffer | null | undefined;
    return {
      path: record['manifest_path'] as string,
      lengthBytes: number('manifest_length'),
      specId: number('partition_spec_id'),
      content: number('content') === 0 ? 'data' : 'deletes',
      sequenceNumber: (record['sequence_number'] as bigint | undefined) ?? 0n,
      minSequenceNumber: (record['min_sequence_number'] as bigint | undefined) ?? 0n,
      addedSnapshotId: record['added_snapshot_id'] as bigint,
      addedFiles: number('added_files_count'),
      existingFiles: number('existing_files_count'),
      deletedFiles: number('deleted_files_count'),
      addedRows: number('added_rows_count'),
      existingRows: number('existing_rows_count'),
      deletedRows: number('deleted_rows_count'),
      ...(partitions && { partitions: partitions.map(toSummary) }),
      ...(keyMetadata && { keyMetadata }),
    };
  });
}

function toSummary(record: Readonly<Record<string, unknown>>): PartitionSummary {
  const nan = record['contains_nan'] as boolean | null | undefined;
  const lower = record['lower_bound'] as Buffer | null | undefined;
  const upper = record['upper_bound'] as Buffer | null | undefined;
  return {
    containsNull: record['contains_null'] as boolean,
    ...(nan !== null && nan !== undefined && { containsNan: nan }),
    ...(lower && { lowerBound: lower }),
    ...(upper && { upperBound: upper }),
  };
}

const field = (name: string, id: number, type: AvroSchema): AvroSchema => ({ name, type, 'field-id': id });
const nullable = (name: string, id: number, type: AvroSchema): AvroSchema => ({
  name,
  type: ['null', type],
  default: null,
  'field-id': id,
});

const listSchema: AvroSchema = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    field('manifest_path', 500, 'string'),
    field('manifest_length', 501, 'long'),
    field('partition_spec_id', 502, 'int'),
    field('content', 517, 'int'),
    field('sequence_number', 515, 'long'),
    field('min_sequence_number', 516, 'long'),
    field('added_snapshot_id', 503, 'long'),
    field('added_files_count', 504, 'int'),
    field('existing_files_count', 505, 'int'),
    field('deleted_files_count', 506, 'int'),
    field('added_rows_count', 512, 'long'),
    field('existing_rows_count', 513, 'long'),
    field('deleted_rows_count', 514, 'long'),
    nullable('partitions', 507, {
      type: 'array',
      'element-id': 508,
      items: {
        type: 'record',
        name: 'r508',
        fields: [
          field('contains_null', 509, 'boolean'),
          nullable('contains_nan', 518, 'boolean'),
          nullable('lower_bound', 510, 'bytes'),
          nullable('upper_bound', 511, 'bytes'),
        ],
      },
    }),
    nullable('key_metadata', 519, 'bytes'),
  ],
};
