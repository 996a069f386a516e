import { OctavoError } from '../../base/index.ts';
import { compareValues, decodeValue, encodeValue, type SingleValue } from './bounds.ts';
import type { DataFile, PartitionValue } from './data-file.ts';
import type { ManifestFile } from './manifest-list.ts';
import {
  currentSchema,
  currentSnapshot,
  snapshotById,
  type PartitionSpec,
  type Schema,
  type Snapshot,
  type SnapshotId,
  type TableMetadata,
} from './metadata.ts';
import { columnNamed } from './schema.ts';
import { parseValue } from './single-value.ts';
import type { TableFiles } from './table-files.ts';

/** A value in a filter; dates, instants and decimals as text. */
export type FilterValue = string | number | bigint | boolean;

/** A condition on a top-level column. It prunes files; rows are filtered by the engine. */
export type ScanFilter =
  | { readonly column: string; readonly operator: '=' | '<' | '<=' | '>' | '>='; readonly value: FilterValue }
  | { readonly column: string; readonly operator: 'in'; readonly values: readonly FilterValue[] }
  | { readonly column: string; readonly operator: 'is-null' };

/** Which contents of the table: at most one of the three. Default: the branch `main`. */
export interface SnapshotChoice {
  readonly snapshotId?: SnapshotId;
  /** A branch or tag. */
  readonly ref?: string;
  /** The contents at this instant, epoch milliseconds. */
  readonly asOfMs?: number;
}

/** The files to read, and what was left out. */
export interface ScanPlan {
  /** Undefined when the table is empty. */
  readonly snapshot: Snapshot | undefined;
  /** The schema to read with: the table's current one for `main`, else the snapshot's. */
  readonly schema: Schema;
  readonly files: readonly DataFile[];
  readonly recordCount: number;
  readonly manifestsPruned: number;
  readonly filesPruned: number;
}

/** The snapshot that the choice names; `snapshot_not_found` when there is none. */
export function chooseSnapshot(metadata: TableMetadata, choice: SnapshotChoice): Snapshot | undefined {
  const { snapshotId, ref, asOfMs } = choice;
  if (snapshotId !== undefined) return present(snapshotById(metadata, snapshotId), `${snapshotId}`);
  if (ref !== undefined) {
    const named = metadata.refs[ref];
    return present(named && snapshotById(metadata, named['snapshot-id']), `named '${ref}'`);
  }
  if (asOfMs === undefined) return currentSnapshot(metadata);
  const entry = metadata['snapshot-log'].findLast((item) => item['timestamp-ms'] <= asOfMs);
  return present(
    entry && snapshotById(metadata, entry['snapshot-id']),
    `as of ${new Date(asOfMs).toISOString()}`,
  );
}

/** Plans a scan: manifests and files that can hold no matching row are left out. */
export async function planScan(
  files: TableFiles,
  metadata: TableMetadata,
  options: SnapshotChoice & { readonly filters?: readonly ScanFilter[] } = {},
): Promise<ScanPlan> {
  const snapshot = chooseSnapshot(metadata, options);
  const schema = schemaOf(metadata, snapshot, options);
  const filters = (options.filters ?? []).map((filter) => bindFilter(filter, schema));
  if (snapshot === undefined)
    return { snapshot, schema, files: [], recordCount: 0, manifestsPruned: 0, filesPruned: 0 };
  const found: DataFile[] = [];
  let manifestsPruned = 0;
  let filesPruned = 0;
  for (const manifest of await files.manifests(snapshot)) {
    const spec = metadata['partition-specs'].find((item) => item['spec-id'] === manifest.specId);
    if (spec !== undefined && !filters.every((filter) => manifestMayMatch(manifest, spec, filter))) {
      manifestsPruned += 1;
      filesPruned += manifest.addedFiles + manifest.existingFiles;
      continue;
    }
    for (const { status, file } of await files.entries(manifest)) {
      if (status === 'deleted') continue;
      if (filters.every((filter) => fileMayMatch(file, spec, filter))) found.push(file);
      else filesPruned += 1;
    }
  }
  const recordCount = found.reduce((sum, file) => sum + file.recordCount, 0);
  return { snapshot, schema, files: found, recordCount, manifestsPruned, filesPruned };
}

interface BoundFilter {
  readonly fieldId: number;
  readonly type: string;
  readonly operator: ScanFilter['operator'];
  readonly values: readonly SingleValue[];
}

function bindFilter(filter: ScanFilter, schema: Schema): BoundFilter {
  const { id, type, name } = columnNamed(schema, filter.column);
  if (typeof type !== 'string') {
    throw new OctavoError('argument_invalid', `a filter on '${name}', which is a ${type.type}`);
  }
  const given =
    filter.operator === 'is-null' ? [] : filter.operator === 'in' ? filter.values : [filter.value];
  const values = given.map((value) => {
    const parsed = parseValue(type, String(value));
    if (parsed === undefined)
      throw new OctavoError('argument_invalid', `'${String(value)}' is no ${type} (filter on '${name}')`);
    return parsed;
  });
  return { fieldId: id, type, operator: filter.operator, values };
}

function manifestMayMatch(manifest: ManifestFile, spec: PartitionSpec, filter: BoundFilter): boolean {
  const index = identityIndex(spec, filter.fieldId);
  const summary = index < 0 ? undefined : manifest.partitions?.[index];
  if (summary === undefined) return true;
  if (filter.operator === 'is-null') return summary.containsNull;
  if (summary.lowerBound === undefined || summary.upperBound === undefined)
    return summary.containsNan === true;
  return rangeMayMatch(
    decodeValue(filter.type, summary.lowerBound),
    decodeValue(filter.type, summary.upperBound),
    filter,
  );
}

function fileMayMatch(file: DataFile, spec: PartitionSpec | undefined, filter: BoundFilter): boolean {
  const index = spec === undefined ? -1 : identityIndex(spec, filter.fieldId);
  const name = spec?.fields[index]?.name;
  if (name !== undefined && name in file.partition) {
    const value = file.partition[name] as PartitionValue;
    if (value === null) return filter.operator === 'is-null';
    if (filter.operator === 'is-null') return false;
    if (filter.type.startsWith('decimal')) return true;
    const single = Buffer.isBuffer(value) ? decodeValue(filter.type, value) : value;
    return rangeMayMatch(single, single, filter);
  }
  if (file.recordCount === 0) return false;
  const nulls = file.nullCounts?.get(filter.fieldId);
  if (filter.operator === 'is-null') return nulls !== 0n;
  if (nulls !== undefined && nulls === file.valueCounts?.get(filter.fieldId)) return false;
  const lower = file.lowerBounds?.get(filter.fieldId);
  const upper = file.upperBounds?.get(filter.fieldId);
  return rangeMayMatch(
    lower && decodeValue(filter.type, lower),
    upper && decodeValue(filter.type, upper),
    filter,
  );
}

function rangeMayMatch(
  lower: SingleValue | undefined,
  upper: SingleValue | undefined,
  filter: BoundFilter,
): boolean {
  // Without an end the range is open there. Bounds of floats say nothing of NaN, which no comparison matches.
  const aboveLower = (value: SingleValue, orEqual: boolean): boolean =>
    lower === undefined || compareValues(value, lower) > (orEqual ? -1 : 0);
  const belowUpper = (value: SingleValue, orEqual: boolean): boolean =>
    upper === undefined || compareValues(value, upper) < (orEqual ? 1 : 0);
  return filter.values.some((value) => {
    if (filter.operator === '<') return aboveLower(value, false);
    if (filter.operator === '<=') return aboveLower(value, true);
    if (filter.operator === '>') return belowUpper(value, false);
    if (filter.operator === '>=') return belowUpper(value, true);
    return aboveLower(value, true) && belowUpper(value, true);
  });
}

function identityIndex(spec: PartitionSpec, fieldId: number): number {
  return spec.fields.findIndex((field) => field.transform === 'identity' && field['source-id'] === fieldId);
}

function schemaOf(metadata: TableMetadata, snapshot: Snapshot | undefined, choice: SnapshotChoice): Schema {
  const chosen = choice.snapshotId !== undefined || choice.ref !== undefined || choice.asOfMs !== undefined;
  const schema = metadata.schemas.find((item) => item['schema-id'] === snapshot?.['schema-id']);
  return (chosen ? schema : undefined) ?? currentSchema(metadata);
}

function present(snapshot: Snapshot | undefined, about: string): Snapshot {
  if (snapshot === undefined) throw new OctavoError('snapshot_not_found', about);
  return snapshot;
}

/** Bytes of a partition value, for the summaries of a manifest list. */
export function partitionBytes(type: string, value: Exclude<PartitionValue, null>): Buffer {
  return Buffer.isBuffer(value) ? value : encodeValue(type, value);
}
