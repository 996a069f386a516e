import { OctavoError } from '../../base/index.ts';
import { compareValues, decodeValue } from './bounds.ts';
import {
  epochDay,
  type DataFile,
  type DataFileInput,
  type ManifestEntry,
  type PartitionValue,
} from './data-file.ts';
import type { PartitionSummary } from './manifest-list.ts';
import { type PartitionSpec, type Schema, type Snapshot, type TableMetadata } from './metadata.ts';
import { partitionBytes } from './scan.ts';
import { allFields } from './schema.ts';

/** Entries of one manifest to be written. */
export interface ManifestPlan {
  readonly specId: number;
  readonly entries: readonly ManifestEntry[];
}

/** The file as a manifest holds it, checked against the table's partition spec. */
export function toDataFile(input: DataFileInput, spec: PartitionSpec): DataFile {
  const { day, path, recordCount, sizeBytes, ...statistics } = input;
  return {
    content: 0,
    path,
    format: 'PARQUET',
    partition: partitionOf(spec, path, day),
    recordCount,
    sizeBytes,
    ...statistics,
  };
}

function partitionOf(
  spec: PartitionSpec,
  path: string,
  day: string | undefined,
): Readonly<Record<string, PartitionValue>> {
  const [field] = spec.fields;
  if (field === undefined) {
    if (day === undefined) return {};
    throw new OctavoError('update_invalid', `${path} is of day ${day}, but the table is not partitioned`);
  }
  if (spec.fields.length > 1 || field.transform !== 'identity') {
    throw new OctavoError(
      'table_unsupported',
      `writing to the partition spec ${spec.fields.map((item) => item.transform).join(', ')}`,
    );
  }
  if (day === undefined)
    throw new OctavoError(
      'update_invalid',
      `${path} names no day, but the table is partitioned by '${field.name}'`,
    );
  return { [field.name]: epochDay(day) };
}

/** Live entries as a rewritten manifest holds them: removed ones as deleted by this snapshot, the others as existing. */
export function rewriteEntries(
  entries: readonly ManifestEntry[],
  snapshotId: bigint,
  removes: (entry: ManifestEntry) => boolean,
): readonly ManifestEntry[] {
  return entries
    .filter((entry) => entry.status !== 'deleted')
    .map((entry) =>
      removes(entry) ? { ...entry, status: 'deleted', snapshotId } : { ...entry, status: 'existing' },
    );
}

/** The smallest and greatest partition value of the entries, one summary a partition field. */
export function summarize(
  entries: readonly ManifestEntry[],
  spec: PartitionSpec,
  schema: Schema,
): readonly PartitionSummary[] {
  const types = new Map(allFields(schema).map((field) => [field.id, field.type]));
  return spec.fields.map((field) => {
    const type = types.get(field['source-id']) as string;
    const values = entries.map((entry) => entry.file.partition[field.name] ?? null);
    const bytes = values.filter((value) => value !== null).map((value) => partitionBytes(type, value));
    const sorted = bytes.toSorted((left, right) =>
      compareValues(decodeValue(type, left), decodeValue(type, right)),
    );
    const [lower, upper] = [sorted[0], sorted.at(-1)];
    return {
      containsNull: values.includes(null),
      containsNan: false,
      ...(lower && { lowerBound: lower }),
      ...(upper && { upperBound: upper }),
    };
  });
}

/** What a snapshot added and removed, and what the table holds after it, in the words of the specification. */
export function summaryOf(
  change: {
    readonly added: readonly DataFile[];
    readonly removed: readonly DataFile[];
    readonly specs: readonly PartitionSpec[];
  },
  parent: Snapshot | undefined,
): Readonly<Record<string, string>> {
  const rows = (files: readonly DataFile[]): number => files.reduce((sum, file) => sum + file.recordCount, 0);
  const bytes = (files: readonly DataFile[]): number => files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const { added, removed } = change;
  const partitions = new Set([...added, ...removed].map((file) => partitionKey(file)));
  const before = (name: string): number => Number(parent?.summary[name] ?? 0);
  const text = (counts: Readonly<Record<string, number>>): Record<string, string> =>
    Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, String(value)]));
  return text({
    ...(added.length > 0 && {
      'added-data-files': added.length,
      'added-records': rows(added),
      'added-files-size': bytes(added),
    }),
    ...(removed.length > 0 && {
      'deleted-data-files': removed.length,
      'deleted-records': rows(removed),
      'removed-files-size': bytes(removed),
    }),
    'changed-partition-count': partitions.size,
    'total-records': before('total-records') + rows(added) - rows(removed),
    'total-files-size': before('total-files-size') + bytes(added) - bytes(removed),
    'total-data-files': before('total-data-files') + added.length - removed.length,
    'total-delete-files': 0,
    'total-position-deletes': 0,
    'total-equality-deletes': 0,
  });
}

/** The spec with this id. */
export function specById(metadata: TableMetadata, id: number): PartitionSpec {
  const spec = metadata['partition-specs'].find((item) => item['spec-id'] === id);
  if (spec === undefined) throw new OctavoError('metadata_damaged', `the table has no partition spec ${id}`);
  return spec;
}

/** Cuts merged entries into manifests of bounded size. */
export function chunkEntries(entries: readonly ManifestEntry[], specId: number): readonly ManifestPlan[] {
  const plans: ManifestPlan[] = [];
  for (let start = 0; start < entries.length; start += entriesPerManifestMax) {
    plans.push({ specId, entries: entries.slice(start, start + entriesPerManifestMax) });
  }
  return plans;
}

function partitionKey(file: DataFile): string {
  return JSON.stringify(file.partition, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

const entriesPerManifestMax = 4000;
