import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultyStorage, fileStorage, hasCode, seededRandom, systemClock } from '../base/index.ts';
import { createDuckdbEngine } from './duckdb/engine.ts';
import { createSchema } from './iceberg/schema.ts';
import { writeFile } from './write-files.ts';

test('nothing is left of a file that gets no name', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-write-'));
  const engine = createDuckdbEngine({
    scratch: folder,
    directories: [folder],
    memory: '300MB',
    processesMax: 1,
  });
  t.after(async () => {
    await engine.close();
    await rm(folder, { recursive: true });
  });
  const counts = ({ name }: { readonly name: string }): boolean => name === 'rename';
  const storage = faultyStorage(fileStorage(), { seed: 1, at: 1, fault: 'fail', counts });
  const writer = { storage, clock: systemClock, random: seededRandom(1) };
  const schema = createSchema([{ name: 'id', type: 'long' }]);
  const write = { select: 'select 1::bigint as id', schema, folder };
  await engine.session(async (session) => {
    await assert.rejects(writeFile(session, writer, write), (error) => hasCode(error, 'storage_failed'));
    assert.deepEqual(await readdir(folder), []);
    assert.equal((await writeFile(session, writer, write)).recordCount, 1);
    assert.equal((await readdir(folder)).length, 1);
  });
});
