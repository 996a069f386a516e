import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileStorage, hasCode } from '../base/index.ts';
import { readYamlFolder } from './yaml-folder.ts';

const read = (root: string): Promise<readonly { readonly id: string }[]> =>
  readYamlFolder(root, 'alerts', {
    storage: fileStorage(),
    code: 'alert_invalid',
    parse: (text) => [...text.matchAll(/id: ([\w-]+)/g)].map((found) => ({ id: found[1] ?? '' })),
  });

test('an id that two files or one declare twice is told with both files, the line, and the code of what it is', async () => {
  const root = await mkdtemp(join(tmpdir(), 'octavo-yaml-'));
  const write = (name: string, text: string): Promise<void> => writeFile(join(root, 'alerts', name), text);
  assert.deepEqual(await read(root), [], 'a folder that is not there declares nothing');
  await mkdir(join(root, 'alerts'));
  await write('a.yaml', 'alerts:\n  - id: low\n  - id: low-2\n');
  await write('readme.md', 'id: low\n');
  assert.deepEqual(
    (await read(root)).map(({ id }) => id),
    ['low', 'low-2'],
  );
  const told = (message: RegExp) => (error: Error) =>
    hasCode(error, 'alert_invalid') && message.test(error.message);
  await write('b.yml', 'alerts:\n  - id: high\n  - id: low\n');
  await assert.rejects(read(root), told(/alerts\/b\.yml:3: 'low' is the id of one of alerts\/a\.yaml too/));
  await write('b.yml', 'alerts:\n  - id: high\n  - id: high\n');
  await assert.rejects(read(root), told(/alerts\/b\.yml:3: 'high' is the id of one of alerts\/b\.yml too/));
  await rm(root, { recursive: true });
});
