import type { BusinessDay } from '../base/index.ts';
import {
  dailyGoals,
  type AttemptRecord,
  type BatchState,
  type Registry,
  type ResolvedTask,
} from '../batch/index.ts';

/** One task of a day, and what became of it. */
export interface DayTask {
  readonly id: string;
  readonly name: string;
  /** Its part of the morning: the name up to the colon. */
  readonly stage: string;
  readonly needs: readonly string[];
  readonly resources: Readonly<Record<string, number>>;
  /** The first attempt that succeeded. */
  readonly success: AttemptRecord | undefined;
  /** The attempt that runs, while none has succeeded. */
  readonly running: AttemptRecord | undefined;
  /** Attempts that failed before the first success, newest first. */
  readonly failures: readonly AttemptRecord[];
  /** The last ones of all, newest first. */
  readonly attempts: readonly AttemptRecord[];
}

interface Batch {
  readonly registry: Registry;
  readonly state: BatchState;
}

const attemptsMax = 20;
/** Days that a forecast learns from. */
const pastDays = 14;

/** Every task of the business day, needs before what needs them. */
export async function tasksOfDay(batch: Batch, day: BusinessDay, nowMs: number): Promise<readonly DayTask[]> {
  const { registry } = batch;
  const found = new Map<string, DayTask>();
  const visit = async (ref: ReturnType<typeof dailyGoals>[number]): Promise<void> => {
    const resolved = registry.resolve(ref);
    if (found.has(resolved.id) || resolved.ref.parameters['day'] !== day) return;
    const needs = needsOf(registry, resolved);
    for (const need of needs) await visit(need.ref);
    found.set(resolved.id, await readTask(batch, resolved, needs, nowMs));
  };
  for (const goal of dailyGoals({ registry }, day)) await visit(goal);
  return [...found.values()];
}

/**
 * Tasks that were run for the day though its cycle does not need them any more: extracts and whole tables that a later
 * day has made again.
 */
export async function otherTasksOfDay(
  batch: Batch,
  known: readonly DayTask[],
  day: BusinessDay,
  nowMs: number,
): Promise<readonly DayTask[]> {
  const { registry } = batch;
  const names = new Set(known.map(({ name }) => name));
  const found: DayTask[] = [];
  for (const task of registry.tasks) {
    const alone = Object.entries(task.parameters).every(
      ([name, spec]) => name === 'day' || spec.default !== undefined,
    );
    if (names.has(task.name) || task.parameters['day'] === undefined || !alone) continue;
    const resolved = registry.resolve({ task: task.name, parameters: { day } });
    const read = await readTask(batch, resolved, needsOf(registry, resolved), nowMs);
    if (read.attempts.length > 0) found.push(read);
  }
  return found;
}

/** The part of the morning that a task belongs to. */
export function stageOf(name: string): string {
  return name.split(':')[0] ?? name;
}

function needsOf(registry: Registry, { task, ref }: ResolvedTask): readonly ResolvedTask[] {
  return task.needs(ref.parameters).map((need) => registry.resolve(need));
}

async function readTask(
  { state }: Batch,
  { id, task }: ResolvedTask,
  needs: readonly ResolvedTask[],
  nowMs: number,
): Promise<DayTask> {
  const attempts = await state.attempts({ taskId: id, limit: attemptsMax });
  return {
    id,
    name: task.name,
    stage: stageOf(task.name),
    needs: [...new Set(needs.map((need) => need.id))],
    resources: task.resources,
    attempts,
    ...outcomeOf(attempts, nowMs),
  };
}

/** Whether the attempt is at work. */
export function isRunning({ outcome, expiresMs }: AttemptRecord, nowMs: number): boolean {
  return outcome === undefined && expiresMs > nowMs;
}

/** What became of a task, from its attempts, newest first. */
function outcomeOf(
  attempts: readonly AttemptRecord[],
  nowMs: number,
): Pick<DayTask, 'success' | 'running' | 'failures'> {
  const succeeded = attempts.findLastIndex(({ outcome }) => outcome === 'succeeded' || outcome === 'present');
  const success = attempts[succeeded];
  const before = succeeded === -1 ? attempts : attempts.slice(succeeded + 1);
  return {
    success,
    running: success === undefined ? attempts.find((attempt) => isRunning(attempt, nowMs)) : undefined,
    failures: before.filter(({ outcome }) => outcome === 'failed' || outcome === 'lost'),
  };
}

/** How long a task took on other days, milliseconds. */
export async function pastDurations(
  batch: { readonly state: BatchState },
  tasks: readonly Pick<DayTask, 'id'>[],
  days: { readonly day: BusinessDay; readonly before: (days: number) => BusinessDay },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const past = new Map<string, readonly number[]>();
  for (const { id } of tasks) {
    const durations: number[] = [];
    for (let back = 1; back <= pastDays; back += 1) {
      const taskId = id.replaceAll(days.day, days.before(back));
      for (const { outcome, startedMs, finishedMs } of await batch.state.attempts({ taskId, limit: 2 }))
        if (outcome === 'succeeded' && finishedMs !== undefined) durations.push(finishedMs - startedMs);
    }
    past.set(id, durations);
  }
  return past;
}
