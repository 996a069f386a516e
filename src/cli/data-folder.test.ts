import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { dataFolderExists, makeDataFolder } from './data-folder.ts';

const folder = await mkdtemp(join(tmpdir(), 'octavo-data-folder-'));
after(() => rm(folder, { recursive: true, force: true }));

test('a data folder is made with what lies above it, and may be there', async () => {
  const path = join(folder, 'a', 'b', 'c');
  assert.equal(await dataFolderExists(path), false);
  await makeDataFolder(path);
  await makeDataFolder(path);
  assert.ok((await stat(path)).isDirectory());
  assert.equal(await dataFolderExists(path), true);
});

test('a file, a place below a file, and a place where no folder can be made are refused at once', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const refused = (path: string, message: RegExp): Promise<void> =>
    assert.rejects(makeDataFolder(path), { code: 'argument_invalid', message });
  await refused(file, /it is a file, not a folder; choose another with --data/);
  await refused(join(file, 'x', 'y'), /file' is a file, not a folder/);
  if (process.platform === 'linux')
    await refused('/proc/octavo', /'\/proc\/octavo' cannot be made \(ENOENT\)/);
});
