import { OctavoError } from '../../base/index.ts';
import type { Snapshot, TableMetadata, TableRequirement, TableUpdate } from './metadata.ts';
import {
  addSchema,
  addSortOrder,
  addSpec,
  removeSchemas,
  removeSpecs,
  type Draft,
} from './metadata-draft.ts';
import { checkRequirements } from './requirements.ts';

/** When and from where a change of metadata is made. */
export interface UpdateContext {
  readonly nowMs: number;
  /** Where the metadata that is changed lies; becomes an entry of the metadata log. */
  readonly previousLocation?: string;
  /** Entries kept of the metadata log. Default 100. */
  readonly metadataLogMax?: number;
}

/**
 * The table's metadata after a commit, or an error; nothing is read or written. `metadata` is
 * undefined when the table is being created. Errors: `commit_conflict`, `update_invalid`,
 * `table_unsupported`. The rules are those of the REST protocol and of
 * https://iceberg.apache.org/spec/#table-metadata.
 */
export function applyUpdates(
  metadata: TableMetadata | undefined,
  requirements: readonly TableRequirement[],
  updates: readonly TableUpdate[],
  context: UpdateContext,
): TableMetadata {
  checkRequirements(metadata, requirements);
  let draft: Draft = { metadata: metadata ?? emptyMetadata, lastAdded: {}, addedSnapshots: new Map() };
  for (const update of updates) draft = applyUpdate(draft, update, context);
  return finish(draft, metadata, context);
}

const emptyMetadata: TableMetadata = {
  'format-version': 2,
  'table-uuid': '',
  location: '',
  'last-sequence-number': 0,
  'last-updated-ms': 0,
  'last-column-id': 0,
  schemas: [],
  'current-schema-id': -1,
  'partition-specs': [],
  'default-spec-id': -1,
  'last-partition-id': 999,
  'sort-orders': [],
  'default-sort-order-id': -1,
  properties: {},
  snapshots: [],
  refs: {},
  'snapshot-log': [],
  'metadata-log': [],
};

function applyUpdate(draft: Draft, update: TableUpdate, context: UpdateContext): Draft {
  const { metadata } = draft;
  const change = (part: Partial<TableMetadata>): Draft => ({ ...draft, metadata: { ...metadata, ...part } });
  switch (update.action) {
    case 'assign-uuid':
      if (metadata['table-uuid'] !== '' && metadata['table-uuid'] !== update.uuid) {
        throw invalid('assign-uuid', 'the table has another uuid already');
      }
      return change({ 'table-uuid': update.uuid });
    case 'upgrade-format-version':
      return change({ 'format-version': formatVersion(metadata, update['format-version']) });
    case 'add-schema':
      return addSchema(draft, update.schema, update['last-column-id']);
    case 'set-current-schema': {
      const id = lastAdded(draft.lastAdded.schema, update['schema-id'], 'set-current-schema');
      requireId(metadata.schemas, 'schema-id', id, 'set-current-schema');
      return change({ 'current-schema-id': id });
    }
    case 'add-spec':
      return addSpec(draft, update.spec);
    case 'set-default-spec': {
      const id = lastAdded(draft.lastAdded.spec, update['spec-id'], 'set-default-spec');
      requireId(metadata['partition-specs'], 'spec-id', id, 'set-default-spec');
      return change({ 'default-spec-id': id });
    }
    case 'add-sort-order':
      return addSortOrder(draft, update['sort-order']);
    case 'set-default-sort-order': {
      const id = lastAdded(draft.lastAdded.order, update['sort-order-id'], 'set-default-sort-order');
      requireId(metadata['sort-orders'], 'order-id', id, 'set-default-sort-order');
      return change({ 'default-sort-order-id': id });
    }
    case 'set-location':
      return change({ location: update.location.replace(/\/+$/, '') });
    case 'set-properties':
      return change({ properties: { ...metadata.properties, ...update.updates } });
    case 'remove-properties': {
      const removed = new Set(update.removals);
      const kept = Object.entries(metadata.properties).filter(([key]) => !removed.has(key));
      return change({ properties: Object.fromEntries(kept) });
    }
    case 'add-snapshot':
      return addSnapshot(draft, update.snapshot);
    case 'set-snapshot-ref':
      return setRef(draft, update, context);
    case 'remove-snapshot-ref':
      return removeRef(draft, update['ref-name']);
    case 'remove-snapshots':
      return removeSnapshots(draft, new Set(update['snapshot-ids']));
    case 'set-statistics': {
      const others = without(metadata.statistics, update.statistics['snapshot-id']);
      return change({ statistics: [...others, update.statistics] });
    }
    case 'remove-statistics':
      return change({ statistics: without(metadata.statistics, update['snapshot-id']) });
    case 'set-partition-statistics': {
      const added = update['partition-statistics'];
      const others = without(metadata['partition-statistics'], added['snapshot-id']);
      return change({ 'partition-statistics': [...others, added] });
    }
    case 'remove-partition-statistics':
      return change({
        'partition-statistics': without(metadata['partition-statistics'], update['snapshot-id']),
      });
    case 'remove-schemas':
      return removeSchemas(draft, update['schema-ids']);
    case 'remove-partition-specs':
      return removeSpecs(draft, update['spec-ids']);
    default:
      throw invalid((update as { action: string }).action, 'this update is not known');
  }
}

function addSnapshot(draft: Draft, snapshot: Snapshot): Draft {
  const { metadata } = draft;
  const id = snapshot['snapshot-id'];
  if (metadata.snapshots.some((known) => known['snapshot-id'] === id)) {
    throw invalid('add-snapshot', `the table has a snapshot ${id} already`);
  }
  if (snapshot['sequence-number'] <= metadata['last-sequence-number']) {
    throw new OctavoError(
      'commit_conflict',
      `sequence number ${snapshot['sequence-number']} is not above ${metadata['last-sequence-number']}`,
    );
  }
  if (snapshot['timestamp-ms'] < metadata['last-updated-ms'] - clockSkewMaxMs) {
    throw invalid('add-snapshot', 'its time is before the last change of the table');
  }
  const parent = snapshot['parent-snapshot-id'];
  if (typeof snapshot['manifest-list'] !== 'string') {
    throw new OctavoError('table_unsupported', 'a snapshot without a manifest list (format version 1)');
  }
  const { 'parent-snapshot-id': _, ...rest } = snapshot;
  const added: Snapshot = parent === undefined || parent === null ? rest : snapshot;
  return {
    ...draft,
    addedSnapshots: new Map([...draft.addedSnapshots, [id, added]]),
    metadata: {
      ...metadata,
      snapshots: [...metadata.snapshots, added],
      'last-sequence-number': snapshot['sequence-number'],
      'last-updated-ms': Math.max(metadata['last-updated-ms'], snapshot['timestamp-ms']),
    },
  };
}

function setRef(
  draft: Draft,
  update: TableUpdate & { action: 'set-snapshot-ref' },
  context: UpdateContext,
): Draft {
  const { metadata } = draft;
  const { action: _, 'ref-name': name, ...ref } = update;
  const id = ref['snapshot-id'];
  const snapshot = metadata.snapshots.find((known) => known['snapshot-id'] === id);
  if (snapshot === undefined)
    throw invalid('set-snapshot-ref', `'${name}' names snapshot ${id}, which the table does not have`);
  if (name === 'main' && ref.type !== 'branch') throw invalid('set-snapshot-ref', `'main' must be a branch`);
  const refs = { ...metadata.refs, [name]: ref };
  if (name !== 'main' || metadata['current-snapshot-id'] === id)
    return { ...draft, metadata: { ...metadata, refs } };
  const timestampMs = draft.addedSnapshots.has(id) ? snapshot['timestamp-ms'] : context.nowMs;
  const entry = {
    'timestamp-ms': Math.max(timestampMs, metadata['snapshot-log'].at(-1)?.['timestamp-ms'] ?? 0),
    'snapshot-id': id,
  };
  return {
    ...draft,
    metadata: {
      ...metadata,
      refs,
      'current-snapshot-id': id,
      'snapshot-log': [...metadata['snapshot-log'], entry],
    },
  };
}

function removeRef(draft: Draft, name: string): Draft {
  const { [name]: _, ...refs } = draft.metadata.refs;
  if (name !== 'main') return { ...draft, metadata: { ...draft.metadata, refs } };
  const { 'current-snapshot-id': __, ...metadata } = draft.metadata;
  return { ...draft, metadata: { ...metadata, refs, 'snapshot-log': [] } };
}

function removeSnapshots(draft: Draft, ids: ReadonlySet<bigint>): Draft {
  const { metadata } = draft;
  const current = metadata['current-snapshot-id'];
  if (current !== undefined && ids.has(current)) {
    throw invalid('remove-snapshots', `snapshot ${current} is what 'main' names; move 'main' first`);
  }
  const has = (item: { readonly 'snapshot-id': bigint }): boolean => ids.has(item['snapshot-id']);
  // What came before a removed snapshot can no longer be told from the log, so the log begins after it.
  const lastRemoved = metadata['snapshot-log'].findLastIndex(has);
  return {
    ...draft,
    metadata: {
      ...metadata,
      snapshots: metadata.snapshots.filter((snapshot) => !has(snapshot)),
      refs: Object.fromEntries(Object.entries(metadata.refs).filter(([, ref]) => !has(ref))),
      'snapshot-log': metadata['snapshot-log'].slice(lastRemoved + 1),
      ...(metadata.statistics && { statistics: metadata.statistics.filter((file) => !has(file)) }),
      ...(metadata['partition-statistics'] && {
        'partition-statistics': metadata['partition-statistics'].filter((file) => !has(file)),
      }),
    },
  };
}

function finish(draft: Draft, base: TableMetadata | undefined, context: UpdateContext): TableMetadata {
  const { metadata } = draft;
  if (metadata.location === '') throw invalid('set-location', 'the table has no location');
  if (metadata['table-uuid'] === '') throw invalid('assign-uuid', 'the table has no uuid');
  if (metadata['current-schema-id'] < 0) throw invalid('set-current-schema', 'the table has no schema');
  const specs =
    metadata['partition-specs'].length > 0 ? metadata['partition-specs'] : [{ 'spec-id': 0, fields: [] }];
  const orders =
    metadata['sort-orders'].length > 0 ? metadata['sort-orders'] : [{ 'order-id': 0, fields: [] }];
  const log =
    base === undefined || context.previousLocation === undefined
      ? metadata['metadata-log']
      : [
          ...metadata['metadata-log'],
          { 'timestamp-ms': base['last-updated-ms'], 'metadata-file': context.previousLocation },
        ];
  return {
    ...metadata,
    'partition-specs': specs,
    'default-spec-id': Math.max(0, metadata['default-spec-id']),
    'sort-orders': orders,
    'default-sort-order-id': Math.max(0, metadata['default-sort-order-id']),
    'last-updated-ms': Math.max(metadata['last-updated-ms'], context.nowMs),
    'metadata-log': log.slice(-(context.metadataLogMax ?? metadataLogMaxDefault)),
  };
}

function formatVersion(metadata: TableMetadata, wanted: number): 1 | 2 {
  if (wanted > 2)
    throw new OctavoError('table_unsupported', `format version ${wanted}; Octavo writes version 2`);
  if (wanted < metadata['format-version'])
    throw invalid('upgrade-format-version', `version ${wanted} is lower than the table's`);
  return 2;
}

function lastAdded(added: number | undefined, id: number, action: string): number {
  if (id !== -1) return id;
  if (added === undefined) throw invalid(action, 'the id is -1 (the last added), but nothing was added');
  return added;
}

function requireId<K extends string>(
  list: readonly Readonly<Record<K, number>>[],
  key: K,
  id: number,
  action: string,
): void {
  if (!list.some((item) => item[key] === id)) throw invalid(action, `the table has no ${key} ${id}`);
}

function without<T extends { readonly 'snapshot-id': bigint }>(
  list: readonly T[] | undefined,
  id: bigint,
): readonly T[] {
  return (list ?? []).filter((item) => item['snapshot-id'] !== id);
}

function invalid(action: string, about: string): OctavoError {
  return new OctavoError('update_invalid', `${action}: ${about}`, { details: { action } });
}

const clockSkewMaxMs = 60_000;
const metadataLogMaxDefault = 100;
