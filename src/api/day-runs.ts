import { errorCodes, type BusinessDay, type ErrorCode } from '../base/index.ts';
import {
  median,
  parseTaskId,
  type AttemptRecord,
  type Forecast,
  type RequestedRun as Requested,
} from '../batch/index.ts';
import { isRunning, type DayTask } from './cycle-tasks.ts';
import { listStage, type Morning } from './mornings.ts';
import type { DayRun, RequestedRun, RunDays, TaskAttempt } from './run-schemas.ts';

/** Between a failure and its retry nothing runs for so long at most. */
const restMs = 30_000;

/** Every task of a morning as it is told. */
export function dayRunsOf(
  morning: Pick<Morning, 'day' | 'tasks' | 'past' | 'nowMs'>,
  coming: Forecast | undefined,
): DayRun[] {
  const { day, tasks, past, nowMs } = morning;
  const states = statesOf(tasks, nowMs);
  const critical = criticalOf(tasks, coming, nowMs);
  const known = new Set(tasks.map(({ id }) => id));
  return tasks.map((task) => {
    const state = states.get(task.id) ?? 'waiting';
    const span = state === 'done' ? undefined : coming?.spans.get(task.id);
    const running = task.attempts.find((attempt) => isRunning(attempt, nowMs));
    const usual = past.get(task.id) ?? [];
    const [failure] = task.failures;
    const told = running ?? task.success ?? failure;
    return {
      id: task.id,
      task: task.name,
      stage: task.stage,
      state,
      started_at: instant(
        (running !== undefined && task.success !== undefined ? running : firstOf(task))?.startedMs,
      ),
      finished_at: running === undefined ? instant(told?.finishedMs) : null,
      expected_start_at: span === undefined || running !== undefined ? null : instant(nowMs + span.startMs),
      expected_finish_at: span === undefined ? null : instant(nowMs + span.endMs),
      usual_seconds: usual.length === 0 ? null : median(usual) / 1000,
      attempts: task.attempts.length,
      progress: running?.progress ?? null,
      error: state === 'failed' || state === 'retrying' ? errorOf(failure) : null,
      needs: task.needs.filter((need) => known.has(need)),
      other_needs: needsByTask(task.needs.filter((need) => !known.has(need))),
      critical: critical.has(task.id),
    };
  }, day);
}

/** How each task stands: its attempts, and whether what it needs has failed. */
function statesOf(tasks: readonly DayTask[], nowMs: number): ReadonlyMap<string, DayRun['state']> {
  const states = new Map<string, DayRun['state']>();
  for (const task of tasks) {
    const [failure] = task.failures;
    const stuck = task.needs.some((need) => ['failed', 'blocked'].includes(states.get(need) ?? ''));
    if (task.attempts.some((attempt) => isRunning(attempt, nowMs))) states.set(task.id, 'running');
    else if (task.success !== undefined) states.set(task.id, 'done');
    else if (failure !== undefined)
      states.set(task.id, nowMs - (failure.finishedMs ?? 0) < restMs ? 'retrying' : 'failed');
    else states.set(task.id, stuck ? 'blocked' : 'waiting');
  }
  return states;
}

/** The chain that ends with the last list: of each task the need that ends last. */
function criticalOf(
  tasks: readonly DayTask[],
  coming: Forecast | undefined,
  nowMs: number,
): ReadonlySet<string> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const endOf = (task: DayTask): number => {
    const span = coming?.spans.get(task.id);
    return task.success?.finishedMs ?? (span === undefined ? 0 : nowMs + span.endMs);
  };
  const last = (some: readonly DayTask[]): DayTask | undefined =>
    some.toSorted((a, b) => endOf(b) - endOf(a)).find((task) => endOf(task) > 0);
  const lists = tasks.filter(({ stage }) => stage === listStage);
  const chain = new Set<string>();
  let at = last(lists.length === 0 ? tasks : lists);
  while (at !== undefined && !chain.has(at.id)) {
    chain.add(at.id);
    at = last(at.needs.flatMap((need) => byId.get(need) ?? []));
  }
  return chain;
}

/** A day in one line. */
export function runDayOf(
  day: BusinessDay,
  tasks: readonly DayTask[],
  nowMs: number,
): RunDays['days'][number] {
  const states = statesOf(tasks, nowMs);
  const count = (...which: readonly DayRun['state'][]): number =>
    [...states.values()].filter((state) => which.includes(state)).length;
  const attempts = tasks.flatMap((task) => task.attempts);
  const ends = attempts.flatMap(({ finishedMs }) => finishedMs ?? []);
  const starts = attempts.map(({ startedMs }) => startedMs);
  const [done, failed] = [count('done'), count('failed')];
  const state =
    attempts.length === 0
      ? 'none'
      : done === tasks.length
        ? 'done'
        : count('running', 'retrying') > 0
          ? 'running'
          : failed > 0
            ? 'failed'
            : done > 0
              ? 'partial'
              : 'waiting';
  return {
    business_day: day,
    state,
    tasks: tasks.length,
    done,
    failed,
    started_at: starts.length === 0 ? null : instant(Math.min(...starts)),
    finished_at: ends.length === 0 ? null : instant(Math.max(...ends)),
    work_seconds: attempts.reduce(
      (sum, { startedMs, finishedMs }) => sum + ((finishedMs ?? nowMs) - startedMs) / 1000,
      0,
    ),
  };
}

/** Needs as people read them: a task, and of which days. */
export function needsByTask(ids: readonly string[]): DayRun['other_needs'] {
  const byTask = Map.groupBy(ids.map(parseTaskId), ({ task }) => task);
  return [...byTask].map(([task, refs]) => {
    const days = refs.flatMap(({ parameters: { day } }) => (typeof day === 'string' ? [day] : [])).toSorted();
    return { task, from: days[0] ?? null, to: days.at(-1) ?? null, count: refs.length };
  });
}

/** An attempt as it is told. */
export function attemptOf(attempt: AttemptRecord): TaskAttempt {
  return {
    token: attempt.token,
    run: attempt.runId,
    attempt: attempt.attempt,
    worker: attempt.worker,
    outcome: attempt.outcome ?? null,
    started_at: new Date(attempt.startedMs).toISOString(),
    finished_at: instant(attempt.finishedMs),
    counts: attempt.counts,
    progress: attempt.progress ?? null,
    error: errorOf(attempt),
    log: [...attempt.log],
  };
}

/** A wish as it is told. */
export function requestOf(run: Requested): RequestedRun {
  return {
    request: run.id,
    run: run.runId ?? null,
    goals: [...run.goals],
    force: run.force,
    asked_by: run.askedBy ?? null,
    asked_at: new Date(run.askedMs).toISOString(),
    state: run.state,
    tasks: run.tasks,
    done: run.done,
    errors: run.failed.map(({ taskId, code, message }) => ({
      id: taskId,
      code,
      message,
      hint: hintOf(code),
    })),
    finished_at: instant(run.finishedMs),
  };
}

/** What was wrong with an attempt, and what to do. */
export function errorOf(attempt: AttemptRecord | undefined): TaskAttempt['error'] {
  if (attempt === undefined || attempt.outcome === undefined) return null;
  if (attempt.outcome === 'succeeded' || attempt.outcome === 'present') return null;
  const code = attempt.errorCode ?? (attempt.outcome === 'lost' ? 'lease_lost' : attempt.outcome);
  return { code, message: attempt.errorMessage ?? '', hint: hintOf(code) };
}

function hintOf(code: string): string | null {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode].hint : null;
}

function firstOf({ attempts }: DayTask): AttemptRecord | undefined {
  return attempts.at(-1);
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(Math.round(ms)).toISOString();
}
