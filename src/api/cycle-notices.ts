import { median } from '../batch/index.ts';
import type { DayTask } from './cycle-tasks.ts';
import type { CycleNotice } from './status-schemas.ts';

const levels = ['late', 'risk', 'watch', 'ok'] as const;
/** A task that runs longer than usual by this factor, and by so much, is slow. */
const slowFactor = 2;
const slowMs = 60_000;

/** What the people of the morning should know of, worst first. */
export function noticesOf(morning: {
  readonly tasks: readonly DayTask[];
  readonly past: ReadonlyMap<string, readonly number[]>;
  readonly dueMs: number;
  readonly nowMs: number;
  /** When the lists are expected; undefined when they are out or nothing is known. */
  readonly lateMs: number | undefined;
}): CycleNotice[] {
  const { tasks, past, dueMs, nowMs, lateMs } = morning;
  const notices = tasks.flatMap((task) => [
    ...failureOf(task, nowMs > dueMs),
    ...slownessOf(task, median(past.get(task.id) ?? []), nowMs),
    ...sealOf(task),
  ]);
  if (lateMs !== undefined && lateMs > dueMs && nowMs <= dueMs) {
    notices.unshift(notice('risk', 'forecast_late', { at: toText(lateMs), count: (lateMs - dueMs) / 1000 }));
  }
  return notices.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level));
}

function failureOf(task: DayTask, late: boolean): readonly CycleNotice[] {
  const [last] = task.failures;
  if (last === undefined) return [];
  const common = { task: task.name, count: task.failures.length, at: nullable(last.finishedMs) };
  if (task.success !== undefined) return [notice('ok', 'task_repeated', common)];
  if (task.running !== undefined) return [notice('watch', 'task_repeated', common)];
  const detail = last.errorMessage ?? last.errorCode ?? null;
  return [notice(late ? 'late' : 'risk', 'task_failed', { ...common, detail })];
}

function slownessOf(task: DayTask, usualMs: number, nowMs: number): readonly CycleNotice[] {
  if (task.running === undefined || usualMs === 0) return [];
  const runsMs = nowMs - task.running.startedMs;
  if (runsMs < usualMs * slowFactor || runsMs < usualMs + slowMs) return [];
  const at = toText(task.running.startedMs);
  return [notice('watch', 'task_slow', { task: task.name, at, count: runsMs / 1000, usual: usualMs / 1000 })];
}

/** What the seal of the day counted. */
function sealOf(task: DayTask): readonly CycleNotice[] {
  if (task.stage !== 'seal' || task.success === undefined) return [];
  const { counts, finishedMs } = task.success;
  const told = [
    ['watch', 'events_failed', counts['failed']],
    ['watch', 'events_late', counts['late']],
    ['ok', 'duplicates_dropped', counts['duplicates']],
  ] as const;
  return told.flatMap(([level, code, count = 0]) =>
    count > 0 ? [notice(level, code, { count, at: nullable(finishedMs) })] : [],
  );
}

function notice(
  level: CycleNotice['level'],
  code: CycleNotice['code'],
  rest: Partial<CycleNotice>,
): CycleNotice {
  return { level, code, at: null, task: null, count: null, usual: null, detail: null, ...rest };
}

function nullable(instantMs: number | undefined): string | null {
  return instantMs === undefined ? null : toText(instantMs);
}

function toText(instantMs: number): string {
  return new Date(Math.round(instantMs)).toISOString();
}
