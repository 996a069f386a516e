import { OctavoError, parseDay, type BusinessDay } from '../base/index.ts';
import {
  existingTargets,
  parseTaskId,
  type AttemptRecord,
  type BatchState,
  type Plan,
  type Registry,
  type ResolvedTask,
  type Task,
  type TaskRef,
} from '../batch/index.ts';
import { isRunning, stageOf, type DayTask } from './cycle-tasks.ts';
import { errorOf, needsByTask } from './day-runs.ts';
import type { TaskDetail, TaskIndex, TaskPlan } from './run-schemas.ts';

const attemptsMax = 1000;

/** A task as the index names it. */
export function taskSummary(task: Task): TaskIndex['tasks'][number] {
  return {
    task: task.name,
    stage: stageOf(task.name),
    description: task.description,
    daily: task.daily,
    reads: [...(task.lineage?.reads ?? [])],
    makes: [...(task.lineage?.makes ?? [])],
  };
}

/** A task of a day; tasks without days take none. Errors: `task_unknown`, `task_parameter_invalid`, `day_invalid`. */
export function taskRefOf(
  registry: Registry,
  name: string,
  given: { readonly day: BusinessDay; readonly parameters?: TaskRef['parameters'] },
): TaskRef {
  const task = registry.task(name);
  const day = task.parameters['day'] === undefined ? {} : { day: parseDay(given.day) };
  return { task: name, parameters: { ...day, ...given.parameters } };
}

const plannedShown = 200;

/** What a plan would run. */
export function taskPlanOf(plan: Plan): TaskPlan {
  const open = [...plan.nodes.values()].filter(({ done }) => !done);
  return {
    goals: [...plan.goals],
    runs: open.slice(0, plannedShown).map(({ id }) => id),
    count: open.length,
    present: plan.nodes.size - open.length,
  };
}

/** Everything of a task but its logs. */
export async function taskDetailOf(
  batch: { readonly registry: Registry; readonly state: BatchState },
  name: string,
  view: {
    readonly day: BusinessDay;
    readonly tasks: readonly DayTask[];
    readonly nowMs: number;
    readonly historyMax: number;
  },
): Promise<TaskDetail> {
  const { registry, state } = batch;
  const task = registry.task(name);
  const resolved = resolvedOf(registry, name, view.day);
  const target = resolved === undefined ? undefined : task.target(resolved.ref.parameters);
  const found = target === undefined ? undefined : await existingTargets([target], state);
  const attempts = await state.attempts({ task: name, limit: attemptsMax });
  return {
    ...taskSummary(task),
    id: resolved?.id ?? null,
    business_day: resolved?.ref.parameters['day'] === undefined ? null : view.day,
    target:
      target === undefined ? null : { description: target.description, exists: found?.has(target) === true },
    retries: task.retries,
    timeout_seconds: task.timeoutMs / 1000,
    resources: task.resources,
    needs:
      resolved === undefined
        ? []
        : needsByTask([
            ...new Set(task.needs(resolved.ref.parameters).map((need) => registry.resolve(need).id)),
          ]),
    needed_by: neededBy(view.tasks, resolved?.id),
    history: historyOf(attempts, view.nowMs).slice(0, view.historyMax),
  };
}

/** Undefined for a task that wants more than a day. */
function resolvedOf(registry: Registry, name: string, day: BusinessDay): ResolvedTask | undefined {
  try {
    return registry.resolve(taskRefOf(registry, name, { day }));
  } catch (error) {
    if (error instanceof OctavoError && error.code === 'task_parameter_invalid') return undefined;
    throw error;
  }
}

function neededBy(tasks: readonly DayTask[], id: string | undefined): string[] {
  return tasks.filter(({ needs }) => id !== undefined && needs.includes(id)).map(({ name }) => name);
}

/** One entry for each day (or other parameters), newest attempt first. */
function historyOf(attempts: readonly AttemptRecord[], nowMs: number): TaskDetail['history'] {
  return [...Map.groupBy(attempts, ({ taskId }) => taskId)]
    .map(([id, ofDay]) => {
      const { day } = parseTaskId(id).parameters;
      const [newest] = ofDay;
      const success = ofDay.find(({ outcome }) => outcome === 'succeeded');
      const present = ofDay.find(({ outcome }) => outcome === 'present');
      const running = ofDay.find((attempt) => isRunning(attempt, nowMs));
      const told = running ?? success ?? present ?? newest;
      const state =
        running !== undefined
          ? ('running' as const)
          : success !== undefined || present !== undefined
            ? ('done' as const)
            : newest?.outcome === 'cancelled'
              ? ('cancelled' as const)
              : ('failed' as const);
      return {
        id,
        business_day: typeof day === 'string' ? day : null,
        state,
        started_at: new Date(told?.startedMs ?? 0).toISOString(),
        seconds: told?.finishedMs === undefined ? null : (told.finishedMs - told.startedMs) / 1000,
        attempts: ofDay.length,
        present: success === undefined && present !== undefined,
        counts: told?.counts ?? {},
        error: state === 'failed' ? errorOf(newest) : null,
      };
    })
    .toSorted((a, b) => ((a.business_day ?? a.started_at) < (b.business_day ?? b.started_at) ? 1 : -1));
}
