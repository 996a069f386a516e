import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileError, OctavoError } from '../base/index.ts';
import { type Task } from './task.ts';

/**
 * The tasks of a project's `tasks/*.ts`, by file name. A file exports by default a task, an array of tasks,
 * or a function of the platform that returns them. Errors: `task_file_invalid` with file and line,
 * `task_invalid` from `defineTask`, `task_duplicate` with both files. No folder: no tasks.
 *
 * @param own - names of the tasks that Octavo makes itself
 */
export async function loadProjectTasks(
  folder: string,
  platform: unknown,
  own: Iterable<string> = [],
): Promise<readonly Task[]> {
  const names = await readdir(folder).catch(() => []);
  const tasks: Task[] = [];
  const places = new Map([...own].map((name) => [name, 'a task of Octavo itself']));
  for (const name of names.filter((one) => one.endsWith('.ts') && !one.endsWith('.test.ts')).sort()) {
    const shown = `${basename(folder)}/${name}`;
    for (const task of await loadTaskFile(join(folder, name), shown, platform)) {
      const other = places.get(task.name);
      if (other !== undefined)
        throw new OctavoError('task_duplicate', `${shown}: '${task.name}' is the name of ${other} too`);
      places.set(task.name, `a task of ${shown}`);
      tasks.push(task);
    }
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
    return (tasks as readonly Task[]).map((task) => tellFile(task, path, shown));
  } catch (thrown) {
    throw fileError({ path, shown, code: 'task_file_invalid', thrown });
  }
}

/** The task, so that what it throws names its file, and the line where the stack has one of it. */
function tellFile(task: Task, path: string, shown: string): Task {
  return {
    ...task,
    run: async (context) => {
      try {
        await task.run(context);
      } catch (thrown) {
        if (context.signal.aborted) throw thrown;
        const told = fileError({ path, shown, code: 'task_failed', thrown });
        if (thrown instanceof OctavoError)
          throw new OctavoError(thrown.code, told.about, {
            cause: thrown,
            details: { ...told.details, ...thrown.details },
          });
        // It stays an error that is not ours: those are tried again.
        const error = new Error(told.about, { cause: thrown });
        error.name = thrown instanceof Error ? thrown.name : 'Error';
        throw error;
      }
    },
  };
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
