import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { avroMetadata, avroRead } from 'icebird';
import { hasCode } from '../../base/index.ts';
import type { DataFile, ManifestEntry } from './data-file.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { readManifestList, writeManifestList } from './manifest-list.ts';
import { createSchema } from './schema.ts';

const schema = createSchema([
  { name: 'id', type: 'long' },
  { name: 'business_day', type: 'date' },
]);
const spec = {
  'spec-id': 3,
  fields: [{ 'source-id': 2, 'field-id': 1000, name: 'business_day', transform: 'identity' }],
};
const file: DataFile = {
  content: 0,
  path: '/w/a.parquet',
  format: 'PARQUET',
  partition: { business_day: 20_000 },
  recordCount: 7,
  sizeBytes: 700,
  columnSizes: new Map([[1, 30n]]),
  valueCounts: new Map([[1, 7n]]),
  nullCounts: new Map([[1, 0n]]),
  nanCounts: new Map([[1, 0n]]),
  lowerBounds: new Map([[1, Buffer.from([1])]]),
  upperBounds: new Map([[1, Buffer.from([9])]]),
  keyMetadata: Buffer.from('key'),
  splitOffsets: [4n],
  equalityIds: [1],
  sortOrderId: 0,
  referencedDataFile: '/w/b.parquet',
};
const entry = (status: ManifestEntry['status']): ManifestEntry => ({
  status,
  snapshotId: 2n ** 62n + 1n,
  sequenceNumber: 5n,
  fileSequenceNumber: 4n,
  file,
});
const inherited = { snapshotId: 1n, sequenceNumber: 9n };

describe('a manifest', () => {
  const bytes = writeManifest([entry('existing'), entry('added')], { schema, spec });

  it('keeps every field of a data file; added files inherit the sequence number', () => {
    const { specId, content, entries } = readManifest(bytes, 'm', inherited);
    assert.deepEqual([specId, content], [3, 'data']);
    assert.deepEqual(entries[0], entry('existing'));
    assert.deepEqual(entries[1], { ...entry('added'), sequenceNumber: 9n, fileSequenceNumber: 9n });
  });

  it('has field ids in its header', () => {
    const { header } = headerOf(bytes);
    assert.match(header['avro.schema'] ?? '', /"name":"file_path","type":"string","field-id":100/);
    assert.equal(header['partition-spec'], JSON.stringify(spec.fields));
    assert.equal(JSON.parse(header['schema'] ?? '')['schema-id'], 0);
  });

  it('is read by a library of other hands', () => {
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    const { metadata, syncMarker } = avroMetadata(reader) as { metadata: never; syncMarker: Uint8Array };
    const records = avroRead({ reader, metadata, syncMarker }) as {
      data_file: { file_path: string; record_count: bigint };
    }[];
    assert.deepEqual(
      records.map((record) => [record.data_file.file_path, Number(record.data_file.record_count)]),
      [
        ['/w/a.parquet', 7],
        ['/w/a.parquet', 7],
      ],
    );
  });

  it('that is torn or damaged is named', () => {
    for (const damaged of [bytes.subarray(0, bytes.length - 5), Buffer.from('no'), Buffer.alloc(0)]) {
      assert.throws(
        () => readManifest(damaged, '/w/m.avro', inherited),
        (error) => hasCode(error, 'metadata_damaged') && error.message.includes('/w/m.avro'),
      );
    }
  });
});

describe('a manifest list', () => {
  it('keeps every field', () => {
    const line = {
      path: '/w/m.avro',
      lengthBytes: 100,
      specId: 3,
      content: 'deletes' as const,
      sequenceNumber: 2n ** 60n,
      minSequenceNumber: 1n,
      addedSnapshotId: 2n ** 62n + 3n,
      addedFiles: 1,
      existingFiles: 2,
      deletedFiles: 3,
      addedRows: 4,
      existingRows: 5,
      deletedRows: 6,
      partitions: [
        {
          containsNull: true,
          containsNan: false,
          lowerBound: Buffer.from([1]),
          upperBound: Buffer.from([2]),
        },
      ],
      keyMetadata: Buffer.from('k'),
    };
    const bytes = writeManifestList([line], { id: 1n, parentId: undefined, sequenceNumber: 1n });
    assert.deepEqual(readManifestList(bytes, 'l'), [line]);
  });
});

function headerOf(bytes: Buffer): { header: Record<string, string> } {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const { metadata } = avroMetadata(reader) as unknown as { metadata: Record<string, unknown> };
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return { header: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, text(value)])) };
}
