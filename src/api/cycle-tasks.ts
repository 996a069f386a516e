import type { BusinessDay } from '../base/index.ts';
import { dailyGoals, type AttemptRecord, type BatchState, type Registry } from '../batch/index.ts';

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
}

const attemptsMax = 20;
/** Days that a forecast learns from. */
const pastDays = 14;

/** Every task of the business day, needs before what needs them. */
export async function tasksOfDay(
  batch: { readonly registry: Registry; readonly state: BatchState },
  day: BusinessDay,
  nowMs: number,
): Promise<readonly DayTask[]> {
  const { registry, state } = batch;
  const found = new Map<string, DayTask>();
  const visit = async (ref: ReturnType<typeof dailyGoals>[number]): Promise<void> => {
    const { id, task, ref: complete } = registry.resolve(ref);
    if (found.has(id) || complete.parameters['day'] !== day) return;
    const needs = task.needs(complete.parameters).map((need) => registry.resolve(need));
    for (const need of needs) await visit(need.ref);
    const attempts = await state.attempts({ taskId: id, limit: attemptsMax });
    found.set(id, {
      id,
      name: task.name,
      stage: task.name.split(':')[0] ?? task.name,
      needs: needs.map((need) => need.id),
      resources: task.resources,
      ...outcomeOf(attempts, nowMs),
    });
  };
  for (const goal of dailyGoals({ registry }, day)) await visit(goal);
  return [...found.values()];
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
    running:
      success === undefined
        ? attempts.find(({ outcome, expiresMs }) => outcome === undefined && expiresMs > nowMs)
        : undefined,
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
