import type { BusinessDay } from '../base/index.ts';
import { latestDueDay, median, quantile, type Forecast } from '../batch/index.ts';
import { noticesOf } from './cycle-notices.ts';
import type { DayTask } from './cycle-tasks.ts';
import { expectationOf, listStage, type BatchView, type Morning, type MorningOptions } from './mornings.ts';
import type { CycleStage, CycleStatus } from './status-schemas.ts';

const stageOrder = ['extract', 'load', 'seal', 'model', 'statistics', listStage, 'recommend'];

/** Says how mornings stand. */
export function createCycleView(
  options: MorningOptions & { readonly morningOf: (day?: BusinessDay) => Promise<Morning> },
): (day?: BusinessDay) => Promise<CycleStatus> {
  const { batch, calendar, clock, morningOf } = options;
  return async (asked) => {
    const morning = await morningOf(asked);
    const due = latestDueDay(calendar, clock.now(), batch.delayMs);
    const last = due > morning.day ? due : morning.day;
    const next = calendar.intervalOf(calendar.addDays(last, 1)).endMs + batch.delayMs;
    return statusOf(morning, batch, next);
  };
}

function statusOf(morning: Morning, batch: BatchView, nextBeginsMs: number): CycleStatus {
  const { day, tasks, beginsMs, dueMs, nowMs } = morning;
  const lists = tasks.filter(({ stage }) => stage === listStage);
  const starts = tasks.map(startOf).filter((start) => start !== undefined);
  const startedMs = starts.length === 0 ? undefined : Math.min(...starts);
  const done = tasks.filter(({ success }) => success !== undefined).length;
  const state = stateOf(morning, done);
  const coming = state === 'waiting' || state === 'running' ? expectationOf(morning, batch) : undefined;
  const stages = stagesOf(morning, coming);
  return {
    business_day: day,
    state,
    begins_at: toText(beginsMs),
    due_at: toText(dueMs),
    started_at: startedMs === undefined ? null : toText(startedMs),
    lists_out_at: nullable(lastEnd(lists)),
    finished_at: nullable(lastEnd(tasks)),
    made_up: startedMs !== undefined && startedMs > dueMs,
    forecast: coming === undefined ? null : forecastOf(coming, morning),
    tasks: tasks.length,
    done,
    stages,
    notices: noticesOf({ tasks, past: morning.past, dueMs, nowMs, lateMs: lateOf(coming, nowMs) }),
    next_begins_at: toText(nextBeginsMs),
  };
}

function stateOf({ tasks, nowMs }: Morning, done: number): CycleStatus['state'] {
  if (tasks.length === 0) return 'none';
  if (done === tasks.length) return 'done';
  if (tasks.some(({ running }) => running !== undefined)) return 'running';
  const broken = tasks.some(({ success, failures }) => success === undefined && failures.length > 0);
  if (broken && !restsShortly(tasks, nowMs)) return 'failed';
  return done > 0 || broken ? 'running' : 'waiting';
}

/** Between two tasks, and between a failure and its retry, nothing runs for a moment. */
function restsShortly(tasks: readonly DayTask[], nowMs: number): boolean {
  const ends = tasks.flatMap(({ success, failures }) =>
    [success, ...failures].flatMap((attempt) => attempt?.finishedMs ?? []),
  );
  return nowMs - Math.max(0, ...ends) < restMs;
}

const restMs = 30_000;

function lateOf(coming: Forecast | undefined, nowMs: number): number | undefined {
  return coming === undefined ? undefined : nowMs + quantile(coming.endsMs, 0.5);
}

function forecastOf(coming: Forecast, { tasks, past, dueMs, nowMs }: Morning): CycleStatus['forecast'] {
  const { endsMs } = coming;
  const onTime = endsMs.filter((end) => nowMs + end <= dueMs).length / endsMs.length;
  const cost = new Map<string, number>();
  for (const { id, stage } of tasks) cost.set(stage, (cost.get(stage) ?? 0) + median(past.get(id) ?? []));
  const [slowest = listStage] = [...cost].toSorted(([, a], [, b]) => b - a).map(([stage]) => stage);
  return {
    expected_at: toText(nowMs + quantile(endsMs, 0.5)),
    early_at: toText(nowMs + quantile(endsMs, 0.05)),
    late_at: toText(nowMs + quantile(endsMs, 0.95)),
    on_time: onTime,
    slowest_stage: slowest,
  };
}

function stagesOf({ tasks, nowMs }: Morning, coming: Forecast | undefined): CycleStage[] {
  const names = [...new Set(tasks.map(({ stage }) => stage))].toSorted(
    (a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1),
  );
  return names.map((stage) => {
    const mine = tasks.filter((task) => task.stage === stage);
    const open = mine.filter(({ success }) => success === undefined);
    const starts = mine.map(startOf).filter((start) => start !== undefined);
    const spans = open.map(({ id }) => coming?.spans.get(id)).filter((span) => span !== undefined);
    const last = lastEnd(mine);
    return {
      stage,
      tasks: mine.length,
      done: mine.length - open.length,
      running: mine.filter(({ running }) => running !== undefined).length,
      failed: open.filter(({ running, failures }) => running === undefined && failures.length > 0).length,
      started_at: starts.length === 0 ? null : toText(Math.min(...starts)),
      finished_at: nullable(last),
      expected_start_at:
        spans.length === 0 || starts.length > 0
          ? null
          : toText(nowMs + Math.min(...spans.map(({ startMs }) => startMs))),
      expected_finish_at:
        spans.length === 0 ? null : toText(nowMs + Math.max(...spans.map(({ endMs }) => endMs))),
    };
  });
}

/** Where a stage stands among the others. */
export function placeOf(stage: string): number {
  const place = stageOrder.indexOf(stage);
  return place === -1 ? stageOrder.length : place;
}

/** When the first of its attempts began. */
export function startOf({ success, running, failures }: DayTask): number | undefined {
  const starts = [success, running, ...failures].flatMap((attempt) => attempt?.startedMs ?? []);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** When the last of them was done; undefined until all are. */
function lastEnd(tasks: readonly DayTask[]): number | undefined {
  const ends = tasks.flatMap(({ success }) => success?.finishedMs ?? []);
  return tasks.length === 0 || ends.length < tasks.length ? undefined : Math.max(...ends);
}

function nullable(instantMs: number | undefined): string | null {
  return instantMs === undefined ? null : toText(instantMs);
}

function toText(instantMs: number): string {
  return new Date(Math.round(instantMs)).toISOString();
}
