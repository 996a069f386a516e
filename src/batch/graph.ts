import { OctavoError, toOctavoError } from '../base/index.ts';
import { type Registry, type ResolvedTask } from './registry.ts';
import { type Target, type TaskRef } from './task.ts';

/** One task of a plan. */
export interface PlanNode extends ResolvedTask {
  readonly target: Target;
  /** Position in the plan; earlier ones are started first. Needs always come before what needs them. */
  readonly order: number;
  /** The target exists and the task is not forced: nothing to do. */
  readonly done: boolean;
  /** Runs though its target may exist. */
  readonly forced: boolean;
  /** Ids of tasks that must be done first. Empty for a task that is done: nobody looks behind it. */
  readonly needs: readonly string[];
  /** Ids of tasks in the plan that need this one. */
  readonly neededBy: readonly string[];
}

/** What there is to do for some goals: a graph without cycles, in an order in which it could run. */
export interface Plan {
  readonly goals: readonly string[];
  /** In the order of `PlanNode.order`. */
  readonly nodes: ReadonlyMap<string, PlanNode>;
}

export interface PlanOptions {
  /** Those of the targets that exist. */
  readonly existing: (targets: readonly Target[]) => Promise<ReadonlySet<Target>>;
  /** Which tasks run though their target exists; `true` for the goals. Default none. */
  readonly force?: boolean | ((task: ResolvedTask) => boolean);
  /** Default 100,000. */
  readonly tasksMax?: number;
}

interface Draft {
  readonly resolved: ResolvedTask;
  readonly target: Target;
  readonly forced: boolean;
  done: boolean;
  needs: readonly string[];
}

/**
 * Follows the needs of the goals until targets that exist. Errors: `task_unknown` and
 * `task_parameter_invalid` (with the task that asked), `task_cycle` with the circle, `task_graph_too_large`.
 */
export async function planGraph(
  registry: Registry,
  goals: readonly TaskRef[],
  options: PlanOptions,
): Promise<Plan> {
  const tasksMax = options.tasksMax ?? 100_000;
  const drafts = new Map<string, Draft>();
  const goalTasks = goals.map((goal) => registry.resolve(goal));
  const goalIds = [...new Set(goalTasks.map((goal) => goal.id))];
  let wave: readonly ResolvedTask[] = goalTasks;
  while (wave.length > 0) {
    const added = addDrafts(drafts, wave, options.force ?? false, new Set(goalIds));
    if (drafts.size > tasksMax) throw tooLarge(goalIds, tasksMax);
    const found = await options.existing(added.filter((draft) => !draft.forced).map((draft) => draft.target));
    const next: ResolvedTask[] = [];
    for (const draft of added) {
      draft.done = found.has(draft.target);
      if (draft.done) continue;
      const needs = needsOf(registry, draft.resolved);
      draft.needs = [...new Set(needs.map((need) => need.id))];
      next.push(...needs);
    }
    wave = next;
  }
  return assemble(goalIds, drafts);
}

function addDrafts(
  drafts: Map<string, Draft>,
  wave: readonly ResolvedTask[],
  force: boolean | ((task: ResolvedTask) => boolean),
  goals: ReadonlySet<string>,
): readonly Draft[] {
  const added: Draft[] = [];
  for (const resolved of wave) {
    if (drafts.has(resolved.id)) continue;
    const forced = typeof force === 'function' ? force(resolved) : force && goals.has(resolved.id);
    const target = callTask(resolved, 'target', () => resolved.task.target(resolved.ref.parameters));
    const draft: Draft = { resolved, target, forced, done: false, needs: [] };
    drafts.set(resolved.id, draft);
    added.push(draft);
  }
  return added;
}

function needsOf(registry: Registry, resolved: ResolvedTask): readonly ResolvedTask[] {
  const refs = callTask(resolved, 'needs', () => resolved.task.needs(resolved.ref.parameters));
  return refs.map((ref) => {
    try {
      return registry.resolve(ref);
    } catch (cause) {
      const error = toOctavoError(cause);
      throw new OctavoError(error.code, `'${resolved.id}' needs ${error.about}`, {
        details: error.details,
        cause,
      });
    }
  });
}

function callTask<T>(resolved: ResolvedTask, what: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OctavoError('task_invalid', `'${what}' of '${resolved.id}' threw: ${reason}`, { cause });
  }
}

/** Orders the drafts so that needs come first and the goals' order is kept (depth first, iterative). */
function assemble(goals: readonly string[], drafts: ReadonlyMap<string, Draft>): Plan {
  const order: string[] = [];
  const neededBy = new Map<string, string[]>();
  const visiting = new Set<string>();
  const visited = new Set<string>();
  for (const goal of goals) {
    const stack: { readonly id: string; next: number }[] = [{ id: goal, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1) as { readonly id: string; next: number };
      if (top.next === 0 && visited.has(top.id)) {
        stack.pop();
        continue;
      }
      visiting.add(top.id);
      const need = drafts.get(top.id)?.needs[top.next];
      top.next += 1;
      if (need === undefined) {
        visiting.delete(top.id);
        visited.add(top.id);
        order.push(top.id);
        stack.pop();
        continue;
      }
      (neededBy.get(need) ?? neededBy.set(need, []).get(need))?.push(top.id);
      if (visiting.has(need))
        throw circle(
          stack.map((one) => one.id),
          need,
        );
      if (!visited.has(need)) stack.push({ id: need, next: 0 });
    }
  }
  const nodes = new Map<string, PlanNode>();
  for (const [position, id] of order.entries()) {
    const { resolved, target, forced, done, needs } = drafts.get(id) as Draft;
    nodes.set(id, {
      ...resolved,
      target,
      forced,
      done,
      needs,
      order: position,
      neededBy: neededBy.get(id) ?? [],
    });
  }
  return { goals, nodes };
}

function circle(path: readonly string[], again: string): OctavoError {
  const ids = [...path.slice(path.indexOf(again)), again];
  return new OctavoError('task_cycle', ids.join(' needs '), { details: { task: again } });
}

function tooLarge(goals: readonly string[], tasksMax: number): OctavoError {
  return new OctavoError(
    'task_graph_too_large',
    `more than ${tasksMax} tasks for ${goals.slice(0, 3).join(', ')}`,
  );
}
