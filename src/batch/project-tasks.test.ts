import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadProjectTasks } from './project-tasks.ts';

const root = await mkdtemp(join(tmpdir(), 'octavo-project-tasks-'));
after(() => rm(root, { recursive: true, force: true }));

const folderOf = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = join(root, name, 'tasks');
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return folder;
};
const taskText = (name: string, body: string): string =>
  `export default {\n  name: '${name}',\n  needs: () => [],\n  target: () => ({}),\n  run: async () => {\n${body}\n  },\n};\n`;
const context = { signal: new AbortController().signal } as never;

test('what a task throws names its file, and the line in it; it is tried again as before', async () => {
  const folder = await folderOf('throwing', {
    'a.ts': taskText('a', "    throw new TypeError('no report');"),
    'b.ts': taskText('b', "    throw 'a text';"),
  });
  const [first, second] = await loadProjectTasks(folder, undefined);
  await assert.rejects(async () => first?.run(context), {
    name: 'TypeError',
    message: 'tasks/a.ts:6: no report',
  });
  await assert.rejects(async () => second?.run(context), { name: 'Error', message: 'tasks/b.ts: a text' });
});

test('two tasks of one name are told with both files, and one of Octavo’s own as such', async () => {
  const folder = await folderOf('twice', { 'a.ts': taskText('report', ''), 'b.ts': taskText('report', '') });
  await assert.rejects(loadProjectTasks(folder, undefined), {
    code: 'task_duplicate',
    message: /tasks\/b\.ts: 'report' is the name of a task of tasks\/a\.ts too/,
  });
  await assert.rejects(loadProjectTasks(folder, undefined, ['report']), {
    message: /tasks\/a\.ts: 'report' is the name of a task of Octavo itself too/,
  });
});
