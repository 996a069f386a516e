import { OctavoError, suggestion } from '../base/index.ts';
import { resolveRef } from './parameters.ts';
import { taskIdOf } from './task-id.ts';
import { type Task, type TaskRef } from './task.ts';

/** A reference whose task is known and whose parameters are complete. */
export interface ResolvedTask {
  /** Canonical: equal work has an equal id. */
  readonly id: string;
  readonly ref: TaskRef;
  readonly task: Task;
}

/** All tasks of a project by name. */
export interface Registry {
  readonly tasks: readonly Task[];
  /** Errors: `task_unknown` with the nearest name. */
  task(name: string): Task;
  has(name: string): boolean;
  /** Errors: `task_unknown`, `task_parameter_invalid`. */
  resolve(ref: TaskRef): ResolvedTask;
  /** Called before goals are planned, so that needs can go by what is there now. */
  readonly prepare?: (goals: readonly TaskRef[]) => Promise<void>;
}

/** Joins tasks into one registry. Errors: `task_duplicate`, naming every name that is there twice. */
export function createRegistry(tasks: readonly Task[], prepare?: Registry['prepare']): Registry {
  const byName = new Map<string, Task>();
  const duplicates = new Set<string>();
  for (const task of tasks) {
    if (byName.has(task.name)) duplicates.add(task.name);
    byName.set(task.name, task);
  }
  if (duplicates.size > 0) throw new OctavoError('task_duplicate', [...duplicates].sort().join(', '));
  const find = (name: string): Task => {
    const task = byName.get(name);
    if (task !== undefined) return task;
    throw new OctavoError('task_unknown', `'${name}'${suggestion(name, byName.keys())}`, {
      details: { task: name },
    });
  };
  return {
    tasks: [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    task: find,
    has: (name) => byName.has(name),
    resolve: (given) => {
      const task = find(given.task);
      const ref = resolveRef(task, given.parameters);
      return { id: taskIdOf(ref), ref, task };
    },
    ...(prepare === undefined ? {} : { prepare }),
  };
}
