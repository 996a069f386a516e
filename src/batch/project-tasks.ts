import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileError, OctavoError } from '../base/index.ts';
import { type Task } from './task.ts';

/**
 * The tasks of a project's `tasks/*.ts`, by file name. A file exports by default a task, an array of tasks,
 * or a function of the platform that returns them. Errors: `task_file_invalid` with file and line,
 * `task_invalid` from `defineTask`. No folder: no tasks.
 */
export async function loadProjectTasks(folder: string, platform: unknown): Promise<readonly Task[]> {
  const names = await readdir(folder).catch(() => []);
  const tasks: Task[] = [];
  for (const name of names.filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts')).sort()) {
    tasks.push(...(await loadTaskFile(join(folder, name), `${basename(folder)}/${name}`, platform)));
  }
  return tasks;
}

async function loadTaskFile(path: string, shown: string, platform: unknown): Promise<readonly Task[]> {
  try {
    const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    const made: unknown =
      typeof loaded.default === 'function'
        ? await (loaded.default as (of: unknown) => unknown)(platform)
        : loaded.default;
    const tasks: readonly unknown[] = Array.isArray(made) ? made : [made];
    for (const task of tasks)
      if (!isTask(task))
        throw new OctavoError('task_file_invalid', `the default export is ${describe(task)}`);
    return tasks as readonly Task[];
  } catch (thrown) {
    throw fileError({ path, shown, code: 'task_file_invalid', thrown });
  }
}

function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null) return false;
  const { name, run, needs, target } = value as Record<string, unknown>;
  return typeof name === 'string' && [run, needs, target].every((member) => typeof member === 'function');
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'object' ? 'an object that defineTask() did not make' : `a ${typeof value}`;
}
