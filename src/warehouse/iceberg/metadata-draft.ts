import { OctavoError } from '../../base/index.ts';
import type { PartitionSpec, Schema, Snapshot, SortOrder, TableMetadata } from './metadata.ts';
import { checkNestedNames } from './nested-names.ts';
import { allFields, fieldWithDefault, isPrimitive, lastColumnId, sameStruct } from './schema.ts';

/** Table metadata while the updates of one commit are applied to it. */
export interface Draft {
  readonly metadata: TableMetadata;
  /** What an id of -1 stands for. */
  readonly lastAdded: { readonly schema?: number; readonly spec?: number; readonly order?: number };
  readonly addedSnapshots: ReadonlyMap<bigint, Snapshot>;
}

/** Adds the schema under the id of an equal one, or the next free id. */
export function addSchema(draft: Draft, schema: Schema, lastId = 0): Draft {
  const { metadata } = draft;
  assertSchema(schema);
  checkNestedNames([...metadata.schemas, schema]);
  const same = metadata.schemas.find(
    (known) =>
      sameStruct(known, schema) && sameIds(known['identifier-field-ids'], schema['identifier-field-ids']),
  );
  const id = same?.['schema-id'] ?? nextId(metadata.schemas.map((known) => known['schema-id']));
  return {
    ...draft,
    lastAdded: { ...draft.lastAdded, schema: id },
    metadata: {
      ...metadata,
      schemas: same === undefined ? [...metadata.schemas, { ...schema, 'schema-id': id }] : metadata.schemas,
      'last-column-id': Math.max(metadata['last-column-id'], lastId, lastColumnId(schema)),
    },
  };
}

/** Adds the partition spec under the id of an equal one, or the next free id; fields without an id get one. */
export function addSpec(draft: Draft, spec: PartitionSpec): Draft {
  const { metadata } = draft;
  let lastFieldId = metadata['last-partition-id'];
  const columns = new Set(metadata.schemas.flatMap((schema) => allFields(schema).map((field) => field.id)));
  const fields = spec.fields.map((field) => {
    if (!columns.has(field['source-id'])) {
      throw new OctavoError(
        'update_invalid',
        `add-spec: no column has the id ${field['source-id']} (field '${field.name}')`,
      );
    }
    const id = (field['field-id'] as number | undefined) ?? ++lastFieldId;
    lastFieldId = Math.max(lastFieldId, id);
    return { ...field, 'field-id': id };
  });
  const text = JSON.stringify(
    fields.map((field) => [field['source-id'], field['field-id'], field.name, field.transform]),
  );
  const same = metadata['partition-specs'].find(
    (known) =>
      JSON.stringify(
        known.fields.map((field) => [field['source-id'], field['field-id'], field.name, field.transform]),
      ) === text,
  );
  const id = same?.['spec-id'] ?? nextId(metadata['partition-specs'].map((known) => known['spec-id']));
  return {
    ...draft,
    lastAdded: { ...draft.lastAdded, spec: id },
    metadata: {
      ...metadata,
      'partition-specs':
        same === undefined
          ? [...metadata['partition-specs'], { 'spec-id': id, fields }]
          : metadata['partition-specs'],
      'last-partition-id': lastFieldId,
    },
  };
}

/** Adds the sort order; the empty one has the id 0, others begin at 1. */
export function addSortOrder(draft: Draft, order: SortOrder): Draft {
  const { metadata } = draft;
  const text = JSON.stringify(order.fields);
  const same = metadata['sort-orders'].find((known) => JSON.stringify(known.fields) === text);
  const fresh =
    order.fields.length === 0
      ? 0
      : Math.max(1, nextId(metadata['sort-orders'].map((known) => known['order-id'])));
  const id = same?.['order-id'] ?? fresh;
  const orders =
    same === undefined ? [...metadata['sort-orders'], { ...order, 'order-id': id }] : metadata['sort-orders'];
  return {
    ...draft,
    lastAdded: { ...draft.lastAdded, order: id },
    metadata: { ...metadata, 'sort-orders': orders },
  };
}

/** Forgets schemas other than the current one. */
export function removeSchemas(draft: Draft, ids: readonly number[]): Draft {
  const { metadata } = draft;
  if (ids.includes(metadata['current-schema-id'])) {
    throw new OctavoError('update_invalid', 'remove-schemas: the current schema cannot be removed');
  }
  const schemas = metadata.schemas.filter((schema) => !ids.includes(schema['schema-id']));
  return { ...draft, metadata: { ...metadata, schemas } };
}

/** Forgets partition specs other than the default one. */
export function removeSpecs(draft: Draft, ids: readonly number[]): Draft {
  const { metadata } = draft;
  if (ids.includes(metadata['default-spec-id'])) {
    throw new OctavoError('update_invalid', 'remove-partition-specs: the default spec cannot be removed');
  }
  const specs = metadata['partition-specs'].filter((spec) => !ids.includes(spec['spec-id']));
  return { ...draft, metadata: { ...metadata, 'partition-specs': specs } };
}

function assertSchema(schema: Schema): void {
  const seen = new Set<number>();
  for (const { id, path, type } of allFields(schema)) {
    const name = path.join('.');
    if (seen.has(id)) throw new OctavoError('schema_invalid', `field id ${id} is used twice (at '${name}')`);
    seen.add(id);
    if (typeof type === 'string' && !isPrimitive(type)) {
      throw new OctavoError('table_unsupported', `column '${name}' has the type '${type}'`);
    }
  }
  const field = fieldWithDefault(schema);
  if (field !== undefined) {
    throw new OctavoError(
      'table_unsupported',
      `column '${field.name}' has a default value; Octavo writes format version 2, which has none`,
    );
  }
}

function sameIds(left: readonly number[] = [], right: readonly number[] = []): boolean {
  return left.join() === right.join();
}

function nextId(ids: readonly number[]): number {
  return Math.max(-1, ...ids) + 1;
}
