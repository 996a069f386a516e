import { OctavoError } from '../../base/index.ts';
import { readAvro, writeAvro, type AvroSchema } from './avro.ts';
import type { DataFile, ManifestEntry, PartitionValue } from './data-file.ts';
import type { IcebergType, PartitionSpec, Schema, SnapshotId } from './metadata.ts';
import { allFields, decimalOf } from './schema.ts';

/** A manifest's entries; sequence numbers and snapshot ids may be null until they are inherited. */
export interface Manifest {
  readonly specId: number;
  readonly content: 'data' | 'deletes';
  readonly entries: readonly ManifestEntry[];
}

/** What an entry inherits from its line in the manifest list. */
export interface Inherited {
  readonly snapshotId: SnapshotId;
  readonly sequenceNumber: bigint;
}

/*
 * Manifest: an Avro file of manifest_entry
 *   0 status: int (0 existing, 1 added, 2 deleted), 1 snapshot_id: long?, 3 sequence_number: long?,
 *   4 file_sequence_number: long?, 2 data_file: r2
 * with the header keys schema, schema-id, partition-spec, partition-spec-id, format-version, content.
 */

/** A manifest file of data files. */
export function writeManifest(
  entries: readonly ManifestEntry[],
  options: { schema: Schema; spec: PartitionSpec },
): Buffer {
  const { schema, spec } = options;
  const types = partitionTypes(spec, schema);
  const records = entries.map((entry) => ({
    status: statuses.indexOf(entry.status),
    snapshot_id: entry.snapshotId,
    // Added files take the sequence number of the commit from the manifest list.
    sequence_number: entry.status === 'added' ? null : entry.sequenceNumber,
    file_sequence_number: entry.status === 'added' ? null : entry.fileSequenceNumber,
    data_file: toRecord(entry.file, spec),
  }));
  return writeAvro(entrySchema(spec, types), records, {
    schema: JSON.stringify(schema),
    'schema-id': String(schema['schema-id']),
    'partition-spec': JSON.stringify(spec.fields),
    'partition-spec-id': String(spec['spec-id']),
    'format-version': '2',
    content: 'data',
  });
}

/** Reads a manifest of any writer; entries without ids or sequence numbers inherit them. */
export function readManifest(bytes: Buffer, path: string, inherited: Inherited): Manifest {
  const { header, records } = readAvro(bytes, path);
  const entries = records.map((record): ManifestEntry => {
    const status = statuses[Number(record['status'])];
    if (status === undefined)
      throw new OctavoError('metadata_damaged', `${path} has an entry of status ${String(record['status'])}`);
    const sequenceNumber =
      (record['sequence_number'] as bigint | null | undefined) ?? inherited.sequenceNumber;
    return {
      status,
      snapshotId: (record['snapshot_id'] as bigint | null) ?? inherited.snapshotId,
      sequenceNumber,
      fileSequenceNumber:
        (record['file_sequence_number'] as bigint | null | undefined) ?? inherited.sequenceNumber,
      file: fromRecord(record['data_file'] as Readonly<Record<string, unknown>>),
    };
  });
  return {
    specId: Number(header['partition-spec-id'] ?? 0),
    content: header['content'] === 'deletes' ? 'deletes' : 'data',
    entries,
  };
}

const statuses = ['existing', 'added', 'deleted'] as const;

function toRecord(file: DataFile, spec: PartitionSpec): Readonly<Record<string, unknown>> {
  return {
    content: file.content,
    file_path: file.path,
    file_format: file.format,
    partition: Object.fromEntries(
      spec.fields.map((field) => [
        avroName(field.name),
        file.partition[field.name] ?? file.partition[avroName(field.name)] ?? null,
      ]),
    ),
    record_count: BigInt(file.recordCount),
    file_size_in_bytes: BigInt(file.sizeBytes),
    column_sizes: pairs(file.columnSizes),
    value_counts: pairs(file.valueCounts),
    null_value_counts: pairs(file.nullCounts),
    nan_value_counts: pairs(file.nanCounts),
    lower_bounds: pairs(file.lowerBounds),
    upper_bounds: pairs(file.upperBounds),
    key_metadata: file.keyMetadata ?? null,
    split_offsets: file.splitOffsets ?? null,
    equality_ids: file.equalityIds ?? null,
    sort_order_id: file.sortOrderId ?? null,
    referenced_data_file: file.referencedDataFile ?? null,
  };
}

function fromRecord(record: Readonly<Record<string, unknown>>): DataFile {
  const optional = <K extends keyof DataFile>(key: K, value: unknown): object =>
    value === null || value === undefined ? {} : { [key]: value };
  return {
    content: Number(record['content'] ?? 0),
    path: record['file_path'] as string,
    format: record['file_format'] as string,
    partition: { ...(record['partition'] as Record<string, PartitionValue>) },
    recordCount: Number(record['record_count']),
    sizeBytes: Number(record['file_size_in_bytes']),
    ...optional('columnSizes', toMap(record['column_sizes'])),
    ...optional('valueCounts', toMap(record['value_counts'])),
    ...optional('nullCounts', toMap(record['null_value_counts'])),
    ...optional('nanCounts', toMap(record['nan_value_counts'])),
    ...optional('lowerBounds', toMap(record['lower_bounds'])),
    ...optional('upperBounds', toMap(record['upper_bounds'])),
    ...optional('keyMetadata', record['key_metadata']),
    ...optional('splitOffsets', record['split_offsets']),
    ...optional('equalityIds', record['equality_ids']),
    ...optional('sortOrderId', record['sort_order_id']),
    ...optional('referencedDataFile', record['referenced_data_file']),
  };
}

function pairs<T>(map: ReadonlyMap<number, T> | undefined): readonly { key: number; value: T }[] | null {
  return map === undefined ? null : [...map].map(([key, value]) => ({ key, value }));
}

function toMap(list: unknown): ReadonlyMap<number, unknown> | undefined {
  if (list === null || list === undefined) return undefined;
  return new Map((list as readonly { key: number; value: unknown }[]).map(({ key, value }) => [key, value]));
}

function entrySchema(spec: PartitionSpec, types: readonly AvroSchema[]): AvroSchema {
  return record('manifest_entry', [
    required('status', 0, 'int'),
    optional('snapshot_id', 1, 'long'),
    optional('sequence_number', 3, 'long'),
    optional('file_sequence_number', 4, 'long'),
    required(
      'data_file',
      2,
      record('r2', [
        required('content', 134, 'int'),
        required('file_path', 100, 'string'),
        required('file_format', 101, 'string'),
        required(
          'partition',
          102,
          record(
            'r102',
            spec.fields.map((field, index) =>
              optional(avroName(field.name), field['field-id'], types[index] ?? 'string'),
            ),
          ),
        ),
        required('record_count', 103, 'long'),
        required('file_size_in_bytes', 104, 'long'),
        optional('column_sizes', 108, mapSchema(117, 118, 'long')),
        optional('value_counts', 109, mapSchema(119, 120, 'long')),
        optional('null_value_counts', 110, mapSchema(121, 122, 'long')),
        optional('nan_value_counts', 137, mapSchema(138, 139, 'long')),
        optional('lower_bounds', 125, mapSchema(126, 127, 'bytes')),
        optional('upper_bounds', 128, mapSchema(129, 130, 'bytes')),
        optional('key_metadata', 131, 'bytes'),
        optional('split_offsets', 132, { type: 'array', items: 'long', 'element-id': 133 }),
        optional('equality_ids', 135, { type: 'array', items: 'int', 'element-id': 136 }),
        optional('sort_order_id', 140, 'int'),
        optional('referenced_data_file', 143, 'string'),
      ]),
    ),
  ]);
}

const record = (name: string, fields: readonly AvroSchema[]): AvroSchema => ({
  type: 'record',
  name,
  fields,
});
const required = (name: string, id: number, type: AvroSchema): AvroSchema => ({ name, type, 'field-id': id });
const optional = (name: string, id: number, type: AvroSchema): AvroSchema => ({
  name,
  type: ['null', type],
  default: null,
  'field-id': id,
});
const mapSchema = (keyId: number, valueId: number, value: AvroSchema): AvroSchema => ({
  type: 'array',
  logicalType: 'map',
  items: record(`k${keyId}_v${valueId}`, [required('key', keyId, 'int'), required('value', valueId, value)]),
});

/** Names that Avro does not allow are escaped as Iceberg's Java library does it. */
function avroName(name: string): string {
  const escaped = name.replaceAll(
    /[^A-Za-z0-9_]/g,
    (letter) => `_x${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  );
  return /^[0-9]/.test(escaped) ? `_${escaped}` : escaped;
}

function partitionTypes(spec: PartitionSpec, schema: Schema): readonly AvroSchema[] {
  const columns = new Map(allFields(schema).map((field) => [field.id, field.type]));
  return spec.fields.map((field) => {
    const source = columns.get(field['source-id']);
    if (field.transform !== 'identity' || source === undefined) {
      throw new OctavoError(
        'table_unsupported',
        `partition field '${field.name}' has the transform ${field.transform}; Octavo writes identity`,
      );
    }
    return avroType(source, field['field-id']);
  });
}

function avroType(type: IcebergType, id: number): AvroSchema {
  const decimal = decimalOf(type);
  if (decimal !== undefined) throw new OctavoError('table_unsupported', 'a partition by a decimal column');
  switch (type) {
    case 'boolean':
    case 'int':
    case 'long':
    case 'float':
    case 'double':
    case 'string':
      return type;
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'time':
      return { type: 'long', logicalType: 'time-micros' };
    case 'timestamp':
      return { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': false };
    case 'timestamptz':
      return { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': true };
    case 'uuid':
      return { type: 'fixed', size: 16, logicalType: 'uuid', name: `uuid_fixed_${id}` };
    case 'binary':
      return 'bytes';
    default:
      throw new OctavoError('table_unsupported', `a partition by a column of type ${JSON.stringify(type)}`);
  }
}
