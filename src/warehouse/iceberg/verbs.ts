import { OctavoError, type BusinessDay } from '../../base/index.ts';
import type { LoadedTable, TableId } from '../catalog-port.ts';
import { commitSnapshot } from './commit.ts';
import type { Committed, CommitOptions, TableContext } from './commit-options.ts';
import { dayOfFile, type DataFileInput } from './data-file.ts';
import {
  currentSchema,
  snapshotById,
  type SchemaField,
  type SnapshotId,
  type TableUpdate,
} from './metadata.ts';
import { assignFields, columnNamed, createSchema, type ColumnSpec } from './schema.ts';

/** A table to be made. */
export interface TableSpec {
  readonly columns: readonly ColumnSpec[];
  /** A column that files are partitioned by (identity), e.g. `business_day`. Default: unpartitioned. */
  readonly partitionBy?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** Absolute folder. Default: the catalogue's folder, namespace, table. */
  readonly location?: string;
}

/** Makes an empty table; the namespace is made when it is missing. `table_exists` when there is one. */
export async function createTable(context: TableContext, id: TableId, spec: TableSpec): Promise<LoadedTable> {
  const schema = createSchema(spec.columns);
  const partition = spec.partitionBy === undefined ? undefined : columnNamed(schema, spec.partitionBy);
  const fields = partition
    ? [{ 'source-id': partition.id, 'field-id': 1000, name: partition.name, transform: 'identity' }]
    : [];
  await context.catalog.createNamespace(id.namespace).catch(ignore('namespace_exists'));
  const updates: readonly TableUpdate[] = [
    ...(spec.location === undefined ? [] : [{ action: 'set-location' as const, location: spec.location }]),
    { action: 'add-schema', schema },
    { action: 'set-current-schema', 'schema-id': -1 },
    { action: 'add-spec', spec: { 'spec-id': 0, fields } },
    { action: 'set-default-spec', 'spec-id': -1 },
    { action: 'set-properties', updates: spec.properties ?? {} },
  ];
  try {
    return await context.catalog.commit(id, [{ type: 'assert-create' }], updates);
  } catch (cause) {
    if (!(cause instanceof OctavoError) || cause.code !== 'commit_conflict') throw cause;
    throw new OctavoError('table_exists', `${id.namespace}.${id.name}`, { cause });
  }
}

/** Adds files to what is there. Appends of other writers never conflict with it. */
export function append(
  context: TableContext,
  id: TableId,
  files: readonly DataFileInput[],
  options: CommitOptions = {},
): Promise<Committed> {
  return commitSnapshot(context, id, { operation: 'append', files }, options);
}

/** What happens when another writer changes the same days while they are being replaced. */
export interface ReplaceOptions extends CommitOptions {
  /**
   * `fail` (default): `commit_conflict`, the caller decides. `replace`: the days become exactly
   * these files, whatever the other wrote into them; right when the caller is the days' only owner.
   */
  readonly onConflict?: 'fail' | 'replace';
  /** The snapshot that the new contents were made from: `commit_conflict` when the days were changed since (null: the table was empty). */
  readonly readSnapshotId?: SnapshotId | null;
}

/** Makes the days' contents exactly these files (none: the days become empty); other days stay. */
export async function replaceDays(
  context: TableContext,
  id: TableId,
  days: readonly BusinessDay[],
  files: readonly DataFileInput[],
  options: ReplaceOptions = {},
): Promise<Committed> {
  const replaced = new Set(days);
  const stray = files.find((file) => file.day === undefined || !replaced.has(file.day));
  if (stray !== undefined)
    throw new OctavoError(
      'update_invalid',
      `${stray.path} is of day ${stray.day ?? '(none)'}, which is not replaced`,
    );
  return commitSnapshot(
    context,
    id,
    {
      operation: files.length > 0 ? 'overwrite' : 'delete',
      files,
      overOthers: options.onConflict === 'replace',
      ...(options.readSnapshotId === undefined ? {} : { readSnapshotId: options.readSnapshotId }),
      removes: (file, spec) => {
        const day = dayOfFile(file, spec);
        if (day !== undefined) return replaced.has(day);
        if (spec.fields.length === 1 && spec.fields[0]?.transform === 'identity') return false;
        throw new OctavoError(
          'table_unsupported',
          `${file.path} is not partitioned by day, so a day cannot be replaced`,
        );
      },
    },
    options,
  );
}

/** Empties the days. */
export function deleteDays(
  context: TableContext,
  id: TableId,
  days: readonly BusinessDay[],
  options: ReplaceOptions = {},
): Promise<Committed> {
  return replaceDays(context, id, days, [], options);
}

/** Makes the table's contents exactly these files. */
export function replaceAll(
  context: TableContext,
  id: TableId,
  files: readonly DataFileInput[],
  options: ReplaceOptions = {},
): Promise<Committed> {
  const overOthers = options.onConflict === 'replace';
  return commitSnapshot(
    context,
    id,
    { operation: 'overwrite', files, overOthers, removes: () => true },
    options,
  );
}

/** Puts files in the place of others that hold the same rows. `commit_conflict` when another writer removed one of them. */
export function rewriteFiles(
  context: TableContext,
  id: TableId,
  paths: readonly string[],
  files: readonly DataFileInput[],
  options: CommitOptions & { readonly readSnapshotId: SnapshotId | null },
): Promise<Committed> {
  const replaced = new Set(paths);
  const { readSnapshotId } = options;
  const removes = (file: { readonly path: string }): boolean => replaced.has(file.path);
  return commitSnapshot(
    context,
    id,
    { operation: 'replace', files, overOthers: false, readSnapshotId, removes },
    options,
  );
}

/**
 * Puts files with other rows in the place of some: the caller has made them of what those held. `commit_conflict` when
 * one of them is not in the table any more.
 */
export function replaceFiles(
  context: TableContext,
  id: TableId,
  paths: readonly string[],
  files: readonly DataFileInput[],
  options: CommitOptions = {},
): Promise<Committed> {
  const replaced = new Set(paths);
  const removes = (file: { readonly path: string }): boolean => replaced.has(file.path);
  return commitSnapshot(context, id, { operation: 'overwrite', files, overOthers: false, removes }, options);
}

/** Adds a nullable column; rows written before read as null. */
export async function addColumn(
  context: TableContext,
  id: TableId,
  column: ColumnSpec,
): Promise<LoadedTable> {
  const { metadata } = await context.catalog.load(id);
  const schema = currentSchema(metadata);
  if (column.required === true)
    throw new OctavoError('schema_invalid', `'${column.name}': an added column must be nullable`);
  if (schema.fields.some((field) => field.name.toLowerCase() === column.name.toLowerCase())) {
    throw new OctavoError('schema_invalid', `the table has a column '${column.name}' already`);
  }
  let nextId = metadata['last-column-id'];
  const fields = [...schema.fields, ...assignFields([column], () => ++nextId)];
  return commitFields(context, id, metadata, fields);
}

/** Gives a column a wider type, which rows written before are read as. The caller knows that Iceberg can promote it. */
export async function widenColumn(
  context: TableContext,
  id: TableId,
  column: Pick<ColumnSpec, 'name' | 'type'>,
): Promise<LoadedTable> {
  const { metadata } = await context.catalog.load(id);
  const known = columnNamed(currentSchema(metadata), column.name);
  const fields = currentSchema(metadata).fields.map((field) =>
    field.id === known.id ? { ...field, type: column.type } : field,
  );
  return commitFields(context, id, metadata, fields);
}

function commitFields(
  context: TableContext,
  id: TableId,
  metadata: LoadedTable['metadata'],
  fields: readonly SchemaField[],
): Promise<LoadedTable> {
  const schema = currentSchema(metadata);
  return context.catalog.commit(
    id,
    [
      { type: 'assert-table-uuid', uuid: metadata['table-uuid'] },
      { type: 'assert-current-schema-id', 'current-schema-id': schema['schema-id'] },
      { type: 'assert-last-assigned-field-id', 'last-assigned-field-id': metadata['last-column-id'] },
    ],
    [
      { action: 'add-schema', schema: { ...schema, fields } },
      { action: 'set-current-schema', 'schema-id': -1 },
    ],
  );
}

/** Sets table properties without a snapshot. */
export function setProperties(
  context: TableContext,
  id: TableId,
  properties: Readonly<Record<string, string>>,
): Promise<LoadedTable> {
  return context.catalog.commit(id, [], [{ action: 'set-properties', updates: properties }]);
}

/** Makes an earlier snapshot the current one; nothing is lost, and it can be undone the same way. */
export async function rollback(
  context: TableContext,
  id: TableId,
  snapshotId: SnapshotId,
): Promise<LoadedTable> {
  await requireSnapshot(context, id, snapshotId);
  return context.catalog.commit(
    id,
    [],
    [{ action: 'set-snapshot-ref', 'ref-name': 'main', type: 'branch', 'snapshot-id': snapshotId }],
  );
}

/** Names a snapshot, so that it does not expire. */
export async function tag(
  context: TableContext,
  id: TableId,
  name: string,
  snapshotId: SnapshotId,
): Promise<LoadedTable> {
  await requireSnapshot(context, id, snapshotId);
  return context.catalog.commit(
    id,
    [],
    [{ action: 'set-snapshot-ref', 'ref-name': name, type: 'tag', 'snapshot-id': snapshotId }],
  );
}

/** Forgets a tag. */
export function removeTag(context: TableContext, id: TableId, name: string): Promise<LoadedTable> {
  return context.catalog.commit(id, [], [{ action: 'remove-snapshot-ref', 'ref-name': name }]);
}

async function requireSnapshot(context: TableContext, id: TableId, snapshotId: SnapshotId): Promise<void> {
  const { metadata } = await context.catalog.load(id);
  if (snapshotById(metadata, snapshotId) === undefined) {
    throw new OctavoError('snapshot_not_found', `${snapshotId} of ${id.namespace}.${id.name}`);
  }
}

function ignore(code: OctavoError['code']): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof OctavoError) || error.code !== code) throw error;
  };
}
