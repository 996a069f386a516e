import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { hasCode, type ErrorCode } from '../../base/index.ts';
import { formatIcebergJson, parseIcebergJson } from './json.ts';
import type { Snapshot, TableMetadata, TableRequirement, TableUpdate } from './metadata.ts';
import { applyUpdates } from './metadata-update.ts';
import { createSchema } from './schema.ts';

const schema = createSchema([
  { name: 'id', type: 'long' },
  { name: 'business_day', type: 'date' },
]);
const created = applyUpdates(
  undefined,
  [{ type: 'assert-create' }],
  [
    { action: 'assign-uuid', uuid: '0190a000-0000-7000-8000-000000000001' },
    { action: 'set-location', location: '/w/raw/t/' },
    { action: 'add-schema', schema },
    { action: 'set-current-schema', 'schema-id': -1 },
    {
      action: 'add-spec',
      spec: {
        'spec-id': 0,
        fields: [{ 'source-id': 2, 'field-id': 1000, name: 'business_day', transform: 'identity' }],
      },
    },
    { action: 'set-default-spec', 'spec-id': -1 },
  ],
  { nowMs: 1000 },
);

const snapshot = (id: bigint, sequence: number, timestampMs = 2000, parent?: bigint): Snapshot => ({
  'snapshot-id': id,
  ...(parent === undefined ? {} : { 'parent-snapshot-id': parent }),
  'sequence-number': sequence,
  'timestamp-ms': timestampMs,
  'manifest-list': `/w/raw/t/metadata/snap-${id}.avro`,
  summary: { operation: 'append' },
});
const onMain = (added: Snapshot): readonly TableUpdate[] => [
  { action: 'add-snapshot', snapshot: added },
  { action: 'set-snapshot-ref', 'ref-name': 'main', type: 'branch', 'snapshot-id': added['snapshot-id'] },
];
const change = (
  metadata: TableMetadata,
  updates: readonly TableUpdate[],
  requirements: readonly TableRequirement[] = [],
): TableMetadata =>
  applyUpdates(metadata, requirements, updates, {
    nowMs: 3000,
    previousLocation: '/w/raw/t/metadata/0.json',
  });
const refuses = (code: ErrorCode, run: () => unknown): void =>
  assert.throws(run, (error) => hasCode(error, code));

describe('table metadata', () => {
  it('is created with a spec, a sort order and no snapshot', () => {
    assert.equal(created.location, '/w/raw/t');
    assert.equal(created['last-column-id'], 2);
    assert.equal(created['last-partition-id'], 1000);
    assert.deepEqual(created['sort-orders'], [{ 'order-id': 0, fields: [] }]);
    assert.equal(created['current-snapshot-id'], undefined);
  });

  it('moves main, counts sequence numbers and logs both', () => {
    const first = change(created, onMain(snapshot(1n, 1)));
    const second = change(first, onMain(snapshot(2n, 2, 2500, 1n)));
    assert.equal(second['current-snapshot-id'], 2n);
    assert.equal(second['last-sequence-number'], 2);
    assert.deepEqual(
      second['snapshot-log'].map((entry) => entry['snapshot-id']),
      [1n, 2n],
    );
    assert.equal(second['metadata-log'].length, 2);
  });

  it('refuses snapshots that are known, behind, or dangling', () => {
    const first = change(created, onMain(snapshot(1n, 1)));
    refuses('update_invalid', () => change(first, onMain(snapshot(1n, 2))));
    refuses('commit_conflict', () => change(first, onMain(snapshot(2n, 1))));
    refuses('update_invalid', () =>
      change(first, [{ action: 'set-snapshot-ref', 'ref-name': 'x', type: 'tag', 'snapshot-id': 9n }]),
    );
    refuses('update_invalid', () => change(first, [{ action: 'remove-snapshots', 'snapshot-ids': [1n] }]));
    refuses('update_invalid', () => change(first, [{ action: 'set-current-schema', 'schema-id': -1 }]));
    refuses('table_unsupported', () =>
      change(first, [{ action: 'upgrade-format-version', 'format-version': 3 }]),
    );
    refuses('update_invalid', () => change(first, [{ action: 'compact-me' } as never]));
  });

  it('forgets a removed snapshot with its tags and the log before it', () => {
    const base = change(change(created, onMain(snapshot(1n, 1))), [
      ...onMain(snapshot(2n, 2, 2500, 1n)),
      { action: 'set-snapshot-ref', 'ref-name': 'old', type: 'tag', 'snapshot-id': 1n },
    ]);
    const after = change(base, [{ action: 'remove-snapshots', 'snapshot-ids': [1n] }]);
    assert.deepEqual(Object.keys(after.refs), ['main']);
    assert.deepEqual(
      after['snapshot-log'].map((entry) => entry['snapshot-id']),
      [2n],
    );
  });

  it('reuses the id of an equal schema', () => {
    const wider = {
      ...schema,
      fields: [...schema.fields, { id: 3, name: 'note', type: 'string', required: false }],
    };
    const second = change(created, [
      { action: 'add-schema', schema: wider },
      { action: 'set-current-schema', 'schema-id': -1 },
    ]);
    assert.deepEqual([second['current-schema-id'], second['last-column-id']], [1, 3]);
    const back = change(second, [
      { action: 'add-schema', schema },
      { action: 'set-current-schema', 'schema-id': -1 },
    ]);
    assert.deepEqual([back['current-schema-id'], back.schemas.length, back['last-column-id']], [0, 2, 3]);
  });

  it('refuses default values, which readers of version 2 would not see', () => {
    const struct = { type: 'struct' as const, fields: [] as object[] };
    for (const field of [
      { id: 3, name: 'n', type: 'int', required: false, 'initial-default': 0 },
      { id: 3, name: 'n', type: 'int', required: false, 'write-default': 7 },
      {
        id: 3,
        name: 'n',
        type: { ...struct, fields: [{ id: 4, name: 'x', type: 'int', 'initial-default': 1 }] },
      },
    ]) {
      refuses('table_unsupported', () =>
        change(created, [
          { action: 'add-schema', schema: { ...schema, fields: [...schema.fields, field] } as never },
        ]),
      );
    }
    const none = { id: 3, name: 'n', type: 'int', required: false, 'initial-default': null };
    change(created, [{ action: 'add-schema', schema: { ...schema, fields: [...schema.fields, none] } }]);
  });

  it('refuses other names for fields inside a column, which are read by name', () => {
    const items = (...fields: readonly (readonly [number, string])[]): TableUpdate => {
      const inner = fields.map(([id, name]) => ({ id, name, type: 'int', required: false }));
      const element = { type: 'struct' as const, fields: inner };
      const list = { type: 'list' as const, 'element-id': 4, element, 'element-required': false };
      const column = { id: 3, name: 'items', type: list, required: false };
      return { action: 'add-schema', schema: { ...schema, fields: [...schema.fields, column] } };
    };
    const set: TableUpdate = { action: 'set-current-schema', 'schema-id': -1 };
    const base = change(created, [items([5, 'a'], [6, 'b']), set]);
    const wider = change(base, [items([5, 'a'], [7, 'c'], [6, 'b']), set]);
    const narrower = change(wider, [items([5, 'a'], [7, 'c']), set]);
    refuses('table_unsupported', () => change(wider, [items([5, 'a'], [7, 'd'])]));
    refuses('table_unsupported', () => change(wider, [items([5, 'b'], [6, 'a'])]));
    refuses('table_unsupported', () => change(narrower, [items([5, 'a'], [7, 'c'], [8, 'b'])]));
    change(narrower, [items([5, 'a'], [7, 'c'], [6, 'b'])]);
  });

  it('checks every requirement', () => {
    const failing: readonly TableRequirement[] = [
      { type: 'assert-create' },
      { type: 'assert-table-uuid', uuid: 'other' },
      { type: 'assert-ref-snapshot-id', ref: 'main', 'snapshot-id': 5n },
      { type: 'assert-last-assigned-field-id', 'last-assigned-field-id': 9 },
      { type: 'assert-current-schema-id', 'current-schema-id': 9 },
      { type: 'assert-last-assigned-partition-id', 'last-assigned-partition-id': 9 },
      { type: 'assert-default-spec-id', 'default-spec-id': 9 },
      { type: 'assert-default-sort-order-id', 'default-sort-order-id': 9 },
      { type: 'assert-nothing-known' } as never,
    ];
    for (const requirement of failing) refuses('commit_conflict', () => change(created, [], [requirement]));
    change(created, [], [{ type: 'assert-ref-snapshot-id', ref: 'main', 'snapshot-id': null }]);
  });

  it('keeps 64-bit ids through JSON', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (id) => {
        const text = formatIcebergJson({ 'snapshot-id': id, 'snapshot-ids': [id, 1n], count: 5 });
        assert.deepEqual(parseIcebergJson(text), { 'snapshot-id': id, 'snapshot-ids': [id, 1n], count: 5 });
        assert.ok(text.includes(`"snapshot-id":${id},`));
      }),
    );
  });
});
