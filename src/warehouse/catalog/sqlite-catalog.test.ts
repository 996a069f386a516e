import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileStorage, hasCode, manualClock, seededRandom } from '../../base/index.ts';
import { createSchema } from '../iceberg/schema.ts';
import { catalogContract } from './catalog.contract.ts';
import type { FullCatalog } from './full-catalog.ts';
import { createSqliteCatalog } from './sqlite-catalog.ts';

const root = await mkdtemp(join(tmpdir(), 'octavo-catalog-'));
after(() => rm(root, { recursive: true }));
let number = 0;

async function folderOf(): Promise<string> {
  const folder = join(root, String(number++));
  await fileStorage().makeDirectory(folder);
  return folder;
}

function open(folder: string, seed: number): FullCatalog {
  return createSqliteCatalog({
    path: join(folder, 'catalog.db'),
    warehouseFolder: join(folder, 'warehouse'),
    storage: fileStorage(),
    clock: manualClock(1_000_000),
    random: seededRandom(seed),
  });
}

catalogContract('SQLite', {
  open: async () => {
    const folder = await folderOf();
    return { first: open(folder, 1), second: open(folder, 2) };
  },
});

describe('the catalogue on SQLite with its files', () => {
  const id = { namespace: 'raw', name: 'events' };
  const make = async (catalog: FullCatalog): Promise<void> => {
    await catalog.createNamespace('raw');
    await catalog.commit(
      id,
      [{ type: 'assert-create' }],
      [
        { action: 'add-schema', schema: createSchema([{ name: 'id', type: 'long' }]) },
        { action: 'set-current-schema', 'schema-id': -1 },
      ],
    );
  };

  it('names a damaged metadata file and the last good one, and goes back to it when told', async () => {
    const folder = await folderOf();
    const catalog = open(folder, 1);
    await make(catalog);
    const good = await catalog.load(id);
    const bad = await catalog.commit(id, [], [{ action: 'set-properties', updates: { a: '1' } }]);
    await catalog.close();
    for (const damage of ['', '{"format-version":2', '{"format-version":2}']) {
      await writeFile(bad.metadataLocation, damage);
      const fresh = open(folder, 3);
      await assert.rejects(fresh.load(id), (error) => {
        assert.ok(hasCode(error, 'metadata_damaged'));
        assert.equal(error.details['lastGood'], good.metadataLocation);
        return error.message.includes(bad.metadataLocation);
      });
      await fresh.close();
    }
    const fresh = open(folder, 4);
    assert.deepEqual(await fresh.readable(id), [good.metadataLocation]);
    await fresh.register(id, good.metadataLocation, { overwrite: true });
    assert.deepEqual((await fresh.load(id)).metadata, good.metadata);
    await fresh.commit(id, [], [{ action: 'set-properties', updates: { a: '2' } }]);
    await fresh.close();
  });

  it('keeps a hundred old metadata files and removes older ones', async () => {
    const folder = await folderOf();
    const catalog = open(folder, 1);
    await make(catalog);
    for (let index = 0; index < 110; index++) {
      await catalog.commit(id, [], [{ action: 'set-properties', updates: { index: String(index) } }]);
    }
    const { metadata } = await catalog.load(id);
    assert.equal(metadata['metadata-log'].length, 100);
    assert.equal((await readdir(join(folder, 'warehouse/raw/events/metadata'))).length, 101);
    await catalog.close();
  });

  it('commits several tables together or none', async () => {
    const catalog = open(await folderOf(), 1);
    await make(catalog);
    const other = { namespace: 'raw', name: 'other' };
    await catalog.commit(
      other,
      [{ type: 'assert-create' }],
      [
        { action: 'add-schema', schema: createSchema([{ name: 'id', type: 'long' }]) },
        { action: 'set-current-schema', 'schema-id': -1 },
      ],
    );
    const updates = [{ action: 'set-properties', updates: { both: '1' } }] as const;
    const failing = catalog.commitAll([
      { id, requirements: [], updates },
      { id: other, requirements: [{ type: 'assert-current-schema-id', 'current-schema-id': 5 }], updates },
    ]);
    await assert.rejects(failing, (error) => hasCode(error, 'commit_conflict'));
    assert.equal((await catalog.load(id)).metadata.properties['both'], undefined);
    await catalog.commitAll([
      { id, requirements: [], updates },
      { id: other, requirements: [], updates },
    ]);
    assert.equal((await catalog.load(other)).metadata.properties['both'], '1');
    await catalog.rename(other, { namespace: 'raw', name: 'renamed' });
    assert.deepEqual(
      (await catalog.tables('raw')).map((table) => table.name),
      ['events', 'renamed'],
    );
    await assert.rejects(catalog.dropNamespace('raw'), (error) => hasCode(error, 'namespace_not_empty'));
    await catalog.close();
  });
});
