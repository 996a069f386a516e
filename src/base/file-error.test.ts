import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { OctavoError } from './errors.ts';
import { fileError } from './file-error.ts';

test('what a file throws while it is loaded is told with its line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'octavo-file-error-'));
  const messageOf = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    const thrown: unknown = await import(`${pathToFileURL(path).href}?now`).catch((error: unknown) => error);
    return fileError({ path, shown: `tasks/${name}`, code: 'task_file_invalid', thrown }).about;
  };
  try {
    assert.equal(
      await messageOf('a.ts', 'const a: number = 1;\nthrow new Error(`boom ${a}`);\n'),
      'tasks/a.ts:2: boom 1',
    );
    assert.equal(
      await messageOf('b.ts', 'const a = 1;\n\nconst b = ;\n'),
      'tasks/b.ts:3: Expression expected',
    );
    assert.equal(
      await messageOf('c.ts', 'const defined = 1;\n\nexport default defind + defined;\n'),
      'tasks/c.ts:3: defind is not defined',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('an error of ours keeps its code, and its sentence is not said twice', () => {
  const thrown = new OctavoError('task_invalid', "task 'a': unknown key 'neds'");
  const error = fileError({ path: '/nowhere/a.ts', shown: 'tasks/a.ts', code: 'task_file_invalid', thrown });
  assert.equal(error.code, 'task_invalid');
  assert.equal(error.message, "a task is not defined correctly: tasks/a.ts: task 'a': unknown key 'neds'");
});
