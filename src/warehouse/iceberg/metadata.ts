/** A snapshot's 64-bit id. Other engines make ids beyond 2^53, so it is never a number. */
export type SnapshotId = bigint;

/** `boolean int long float double date time timestamp timestamptz string uuid binary`, `fixed[L]` or `decimal(P,S)`. */
export type PrimitiveType = string;

/** A type of Iceberg v2. */
export type IcebergType = PrimitiveType | StructType | ListType | MapType;

export interface StructType {
  readonly type: 'struct';
  readonly fields: readonly SchemaField[];
}

export interface ListType {
  readonly type: 'list';
  readonly 'element-id': number;
  readonly element: IcebergType;
  readonly 'element-required': boolean;
}

export interface MapType {
  readonly type: 'map';
  readonly 'key-id': number;
  readonly key: IcebergType;
  readonly 'value-id': number;
  readonly value: IcebergType;
  readonly 'value-required': boolean;
}

/** A column, or a field of a struct. The id is what data files know it by; the name may change. */
export interface SchemaField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: IcebergType;
  readonly doc?: string;
  /** What rows written before the field was added have in it: format version 3, refused. */
  readonly 'initial-default'?: unknown;
  /** What writers put in the field when they have nothing for it: format version 3, refused. */
  readonly 'write-default'?: unknown;
}

export interface Schema extends StructType {
  readonly 'schema-id': number;
  readonly 'identifier-field-ids'?: readonly number[];
}

export interface PartitionField {
  readonly 'source-id': number;
  /** 1000 or more, never reused for another source or transform. */
  readonly 'field-id': number;
  readonly name: string;
  /** We write `identity`; others (`bucket[16]`, `day`, …) are read. */
  readonly transform: string;
}

export interface PartitionSpec {
  readonly 'spec-id': number;
  readonly fields: readonly PartitionField[];
}

export interface SortOrder {
  readonly 'order-id': number;
  readonly fields: readonly {
    readonly transform: string;
    readonly 'source-id': number;
    readonly direction: 'asc' | 'desc';
    readonly 'null-order': 'nulls-first' | 'nulls-last';
  }[];
}

/** The exact contents of a table at one moment. */
export interface Snapshot {
  readonly 'snapshot-id': SnapshotId;
  readonly 'parent-snapshot-id'?: SnapshotId;
  readonly 'sequence-number': number;
  readonly 'timestamp-ms': number;
  readonly 'manifest-list': string;
  readonly summary: Readonly<Record<string, string>> & { readonly operation: SnapshotOperation };
  readonly 'schema-id'?: number;
}

export type SnapshotOperation = 'append' | 'replace' | 'overwrite' | 'delete';

/** A name for a snapshot: `main` is the branch that readers see; tags keep a snapshot from expiring. */
export interface SnapshotRef {
  readonly 'snapshot-id': SnapshotId;
  readonly type: 'branch' | 'tag';
  readonly 'max-ref-age-ms'?: number;
  readonly 'max-snapshot-age-ms'?: number;
  readonly 'min-snapshots-to-keep'?: number;
}

/** Statistics files that other engines made; kept, never read. */
export type StatisticsFile = { readonly 'snapshot-id': SnapshotId; readonly 'statistics-path': string };

/**
 * Table metadata, format version 2, with the names of the metadata file.
 * See https://iceberg.apache.org/spec/#table-metadata.
 */
export interface TableMetadata {
  readonly 'format-version': 1 | 2;
  readonly 'table-uuid': string;
  /** Absolute path of the table's folder. */
  readonly location: string;
  readonly 'last-sequence-number': number;
  readonly 'last-updated-ms': number;
  readonly 'last-column-id': number;
  readonly schemas: readonly Schema[];
  readonly 'current-schema-id': number;
  readonly 'partition-specs': readonly PartitionSpec[];
  readonly 'default-spec-id': number;
  readonly 'last-partition-id': number;
  readonly 'sort-orders': readonly SortOrder[];
  readonly 'default-sort-order-id': number;
  readonly properties: Readonly<Record<string, string>>;
  /** Absent while the table has no snapshot. */
  readonly 'current-snapshot-id'?: SnapshotId;
  readonly snapshots: readonly Snapshot[];
  readonly refs: Readonly<Record<string, SnapshotRef>>;
  readonly 'snapshot-log': readonly { readonly 'timestamp-ms': number; readonly 'snapshot-id': SnapshotId }[];
  readonly 'metadata-log': readonly { readonly 'timestamp-ms': number; readonly 'metadata-file': string }[];
  readonly statistics?: readonly StatisticsFile[];
  readonly 'partition-statistics'?: readonly StatisticsFile[];
}

/** What must hold of the table for a commit to be applied (REST protocol). */
export type TableRequirement =
  | { readonly type: 'assert-create' }
  | { readonly type: 'assert-table-uuid'; readonly uuid: string }
  /** A null id means that the reference must not exist. */
  | {
      readonly type: 'assert-ref-snapshot-id';
      readonly ref: string;
      readonly 'snapshot-id': SnapshotId | null;
    }
  | { readonly type: 'assert-last-assigned-field-id'; readonly 'last-assigned-field-id': number }
  | { readonly type: 'assert-current-schema-id'; readonly 'current-schema-id': number }
  | { readonly type: 'assert-last-assigned-partition-id'; readonly 'last-assigned-partition-id': number }
  | { readonly type: 'assert-default-spec-id'; readonly 'default-spec-id': number }
  | { readonly type: 'assert-default-sort-order-id'; readonly 'default-sort-order-id': number }
  /** Ours: refused with `fenced` when the property `octavo.fence.<name>` is greater than the token. */
  | { readonly type: 'octavo-assert-fence'; readonly name: string; readonly token: number };

/** One change of table metadata (REST protocol). A schema, spec or order id of -1 means "the one just added". */
export type TableUpdate =
  | { readonly action: 'assign-uuid'; readonly uuid: string }
  | { readonly action: 'upgrade-format-version'; readonly 'format-version': number }
  | { readonly action: 'add-schema'; readonly schema: Schema; readonly 'last-column-id'?: number }
  | { readonly action: 'set-current-schema'; readonly 'schema-id': number }
  | { readonly action: 'add-spec'; readonly spec: PartitionSpec }
  | { readonly action: 'set-default-spec'; readonly 'spec-id': number }
  | { readonly action: 'add-sort-order'; readonly 'sort-order': SortOrder }
  | { readonly action: 'set-default-sort-order'; readonly 'sort-order-id': number }
  | { readonly action: 'set-location'; readonly location: string }
  | { readonly action: 'set-properties'; readonly updates: Readonly<Record<string, string>> }
  | { readonly action: 'remove-properties'; readonly removals: readonly string[] }
  | { readonly action: 'add-snapshot'; readonly snapshot: Snapshot }
  | ({ readonly action: 'set-snapshot-ref'; readonly 'ref-name': string } & SnapshotRef)
  | { readonly action: 'remove-snapshot-ref'; readonly 'ref-name': string }
  | { readonly action: 'remove-snapshots'; readonly 'snapshot-ids': readonly SnapshotId[] }
  | {
      readonly action: 'set-statistics';
      readonly 'snapshot-id'?: SnapshotId;
      readonly statistics: StatisticsFile;
    }
  | { readonly action: 'remove-statistics'; readonly 'snapshot-id': SnapshotId }
  | { readonly action: 'set-partition-statistics'; readonly 'partition-statistics': StatisticsFile }
  | { readonly action: 'remove-partition-statistics'; readonly 'snapshot-id': SnapshotId }
  | { readonly action: 'remove-schemas'; readonly 'schema-ids': readonly number[] }
  | { readonly action: 'remove-partition-specs'; readonly 'spec-ids': readonly number[] };

/** The schema that readers see. */
export function currentSchema(metadata: TableMetadata): Schema {
  return found(metadata.schemas, (schema) => schema['schema-id'] === metadata['current-schema-id']);
}

/** The partition spec that new files are written with. */
export function defaultSpec(metadata: TableMetadata): PartitionSpec {
  return found(metadata['partition-specs'], (spec) => spec['spec-id'] === metadata['default-spec-id']);
}

/** The snapshot that readers see; undefined while the table is empty. */
export function currentSnapshot(metadata: TableMetadata): Snapshot | undefined {
  const id = metadata['current-snapshot-id'];
  return id === undefined ? undefined : snapshotById(metadata, id);
}

/** The snapshot with this id, when the table still has it. */
export function snapshotById(metadata: TableMetadata, id: SnapshotId): Snapshot | undefined {
  return metadata.snapshots.find((snapshot) => snapshot['snapshot-id'] === id);
}

function found<T>(list: readonly T[], test: (item: T) => boolean): T {
  const item = list.find(test);
  if (item === undefined) throw new RangeError('table metadata names a schema or spec that it does not hold');
  return item;
}
