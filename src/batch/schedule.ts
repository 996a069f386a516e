import { count, silentLogger, type BusinessDay, type Calendar } from '../base/index.ts';
import { runGoals, type RunGoalsOptions } from './run-goals.ts';
import { type RunResult } from './run-events.ts';
import { type CycleDay } from './state-port.ts';
import { type TaskRef } from './task.ts';

/** The day's cycle: all daily tasks, for every business day after it has ended. */
export interface CycleOptions extends Omit<RunGoalsOptions, 'key' | 'force'> {
  readonly calendar: Calendar;
  /** After the end of a day until its cycle begins, for late events. */
  readonly delayMs: number;
  /** The first day to run when none has been run yet. Default: the latest that is over. */
  readonly firstDay?: BusinessDay;
  /** Days before the latest that are caught up after a pause. Default 400; older ones are for `backfill`. */
  readonly catchUpDaysMax?: number;
  /** Runs of a day that fails. Default 5. */
  readonly attemptsMax?: number;
  /** Between two runs of a day that fails. Default 600,000. */
  readonly retryMs?: number;
  /** Newest runs whose history is kept. Default 2,000. */
  readonly runsKept?: number;
  readonly onDay?: (day: BusinessDay, result: RunResult) => void;
}

/** The latest business day whose end lies at least the delay in the past. */
export function latestDueDay(calendar: Calendar, nowMs: number, delayMs: number): BusinessDay {
  return calendar.addDays(calendar.dayOf(nowMs - delayMs), -1);
}

/** The days that are to be run now, in order: those after the first known one that have not succeeded or been given up. */
export function dueDays(due: {
  readonly calendar: Calendar;
  readonly nowMs: number;
  readonly delayMs: number;
  readonly known: readonly CycleDay[];
  readonly firstDay?: BusinessDay | undefined;
  readonly catchUpDaysMax: number;
  readonly attemptsMax: number;
  readonly retryMs: number;
}): readonly BusinessDay[] {
  const { calendar, nowMs, known } = due;
  const latest = latestDueDay(calendar, nowMs, due.delayMs);
  const earliest = calendar.addDays(latest, 1 - due.catchUpDaysMax);
  const begin = [due.firstDay, known[0]?.day].filter((day) => day !== undefined).sort()[0] ?? latest;
  const byDay = new Map(known.map((one) => [one.day, one]));
  return calendar.range(begin > earliest ? begin : earliest, latest).filter((day) => {
    return isToBeRun(byDay.get(day), due);
  });
}

/** Whether a day is still to be run: it never was, or it failed, has waited, and is not given up yet. What somebody stopped stays so. */
export function isToBeRun(
  past: CycleDay | undefined,
  rules: { readonly nowMs: number; readonly attemptsMax: number; readonly retryMs: number },
): boolean {
  if (past === undefined) return true;
  if (past.outcome === 'succeeded' || past.outcome === 'cancelled' || past.attempts >= rules.attemptsMax)
    return false;
  return rules.nowMs >= past.finishedMs + rules.retryMs || rules.nowMs < past.finishedMs;
}

/** Runs the days that are due now, oldest first, and records each; returns how many were run. */
export async function runDueDays(options: CycleOptions): Promise<number> {
  const { calendar, state, clock, registry, signal } = options;
  const known = await state.cycleDays(cycleName);
  const { delayMs, firstDay, catchUpDaysMax = 400, attemptsMax = 5, retryMs = 600_000 } = options;
  const nowMs = clock.now();
  const days = dueDays({ calendar, nowMs, delayMs, known, firstDay, catchUpDaysMax, attemptsMax, retryMs });
  const isOver = (): boolean => signal?.aborted === true;
  let ran = 0;
  for (const day of days) {
    if (isOver()) break;
    const result = await runGoals({ ...options, key: `cycle:${day}` }, dailyGoals(options, day));
    // The process stops: the day is still to be run. Otherwise somebody has stopped it.
    if (result.outcome === 'cancelled' && isOver()) break;
    await state.recordCycleDay(cycleName, day, result.outcome);
    count('octavo_batch_cycle_days_total', { outcome: result.outcome });
    options.onDay?.(day, result);
    ran += 1;
  }
  if (registry.tasks.length > 0 && ran > 0) await state.prune(options.runsKept ?? runsKeptDefault);
  return ran;
}

/** Runs the cycle until the signal aborts. A round that fails is logged and tried again in a minute. */
export async function runCycle(options: CycleOptions & { readonly signal: AbortSignal }): Promise<void> {
  const { clock, signal, log = silentLogger } = options;
  while (!signal.aborted) {
    try {
      await runDueDays(options);
    } catch (error) {
      log.error('the day’s cycle failed', { error });
    }
    // Looked at every minute, not slept through: a sleeping machine and a clock that moves are then harmless.
    await clock.sleep(lookMs, signal).catch(() => undefined);
  }
}

/** Every daily task for the day. */
export function dailyGoals(options: Pick<CycleOptions, 'registry'>, day: BusinessDay): readonly TaskRef[] {
  return options.registry.tasks
    .filter((task) => task.daily)
    .map((task) => ({ task: task.name, parameters: { day } }));
}

/** The name under which the state keeps the days of the cycle. */
export const cycleName = 'daily';
const lookMs = 60_000;
const runsKeptDefault = 2_000;
