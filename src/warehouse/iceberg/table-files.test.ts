import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileStorage, hasCode } from '../../base/index.ts';
import { writeManifestList, type ManifestFile } from './manifest-list.ts';
import type { Snapshot } from './metadata.ts';
import { createTableFiles } from './table-files.ts';

const folder = await mkdtemp(join(tmpdir(), 'octavo-files-'));
after(() => rm(folder, { recursive: true }));

const manifest = (content: 'data' | 'deletes', addedFiles: number): ManifestFile => ({
  path: `/nowhere/${content}.avro`,
  lengthBytes: 1,
  specId: 0,
  content,
  sequenceNumber: 1n,
  minSequenceNumber: 1n,
  addedSnapshotId: 1n,
  addedFiles,
  existingFiles: 0,
  deletedFiles: 0,
  addedRows: 1,
  existingRows: 0,
  deletedRows: 0,
});
const snapshotAt = (path: string): Snapshot => ({
  'snapshot-id': 1n,
  'sequence-number': 1,
  'timestamp-ms': 1,
  'manifest-list': path,
  summary: { operation: 'append' },
});

describe('the files of a table', () => {
  it('are refused when the snapshot holds delete files, and read when those are gone', async () => {
    const storage = fileStorage();
    const files = createTableFiles(storage);
    const snapshot = { id: 1n, parentId: undefined, sequenceNumber: 1n };
    const [live, gone] = [join(folder, 'live.avro'), join(folder, 'gone.avro')];
    await storage.create(live, writeManifestList([manifest('data', 1), manifest('deletes', 1)], snapshot));
    await storage.create(gone, writeManifestList([manifest('data', 1), manifest('deletes', 0)], snapshot));
    await assert.rejects(files.manifests(snapshotAt(live)), (error) =>
      hasCode(error, 'table_has_delete_files'),
    );
    assert.equal((await files.manifests(snapshotAt(`file://${gone}`))).length, 1);
  });

  it('are named when they are missing', async () => {
    const files = createTableFiles(fileStorage());
    const missing = join(folder, 'missing.avro');
    await assert.rejects(
      files.manifests(snapshotAt(missing)),
      (error) => hasCode(error, 'metadata_damaged') && error.message.includes(missing),
    );
  });
});
