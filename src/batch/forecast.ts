import type { Random } from '../base/index.ts';

/** A task of the day as the forecast sees it. */
export interface ForecastTask {
  readonly id: string;
  /** Ids of tasks of the same day that must be done first. */
  readonly needs: readonly string[];
  /** Done already. */
  readonly done: boolean;
  /** How long it runs by now; undefined while it waits. */
  readonly runningMs: number | undefined;
  /** How long it took on other days, milliseconds; unordered. Empty when it never ran. */
  readonly pastMs: readonly number[];
  readonly resources: Readonly<Record<string, number>>;
}

/** When a task starts and ends, milliseconds from now. */
export interface ForecastSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** What is to be expected of a day that is not over. */
export interface Forecast {
  /** Each task that is not done, in the middle of all that may come. */
  readonly spans: ReadonlyMap<string, ForecastSpan>;
  /** Ends of the goals' last in many draws, milliseconds from now, ascending. */
  readonly endsMs: readonly number[];
}

/** Draws of the rest of a day. */
const drawsMax = 200;

/**
 * Plays the rest of the day many times over: every task takes as long as on a day drawn from its past,
 * on as many workers and resources as there are. Undefined while nothing is known of any task.
 */
export function forecast(options: {
  readonly tasks: readonly ForecastTask[];
  /** Ids whose last end is asked for. */
  readonly goals: readonly string[];
  readonly workers: number;
  /** How much of each resource there is; 1 when it is not named. */
  readonly limits: Readonly<Record<string, number>>;
  /** Until the first task may start, milliseconds. */
  readonly waitMs: number;
  readonly random: Random;
}): Forecast | undefined {
  const { tasks, goals, random } = options;
  const open = tasks.filter((task) => !task.done);
  if (open.every((task) => task.pastMs.length === 0)) return undefined;
  const usual = play(options, (task) => restOf(task, median(task.pastMs)));
  const endsMs: number[] = [];
  for (let draw = 0; draw < drawsMax; draw += 1) {
    const spans = play(options, (task) =>
      restOf(task, task.pastMs.length === 0 ? 0 : random.pick(likely(task))),
    );
    endsMs.push(lastEnd(spans, goals));
  }
  return { spans: usual, endsMs: endsMs.sort((a, b) => a - b) };
}

/** The value below which the share of the ascending values lies. */
export function quantile(ascending: readonly number[], share: number): number {
  const place = Math.min(ascending.length - 1, Math.floor(share * ascending.length));
  return ascending[place] ?? 0;
}

/** The middle of unordered values; 0 of none. */
export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Of a task that runs, only the past that took longer than it runs by now. */
function likely(task: ForecastTask): readonly number[] {
  const { runningMs, pastMs } = task;
  if (runningMs === undefined) return pastMs;
  const longer = pastMs.filter((past) => past > runningMs);
  return longer.length === 0 ? [Math.max(...pastMs)] : longer;
}

/** A task that runs longer than ever is taken to be half done with its overtime. */
function restOf(task: ForecastTask, wholeMs: number): number {
  const { runningMs } = task;
  if (runningMs === undefined) return wholeMs;
  return wholeMs > runningMs ? wholeMs - runningMs : (runningMs - wholeMs) / 2;
}

interface Running {
  readonly task: ForecastTask;
  readonly startMs: number;
  readonly endMs: number;
}

/** One possible rest of the day: earlier tasks of the plan first, on free workers and resources. */
function play(
  options: Parameters<typeof forecast>[0],
  durationOf: (task: ForecastTask) => number,
): ReadonlyMap<string, ForecastSpan> {
  const { workers, limits, waitMs } = options;
  const spans = new Map<string, ForecastSpan>();
  const ended = new Set(options.tasks.filter((task) => task.done).map((task) => task.id));
  const waiting = options.tasks.filter((task) => !task.done && task.runningMs === undefined);
  let running: Running[] = options.tasks
    .filter((task) => !task.done && task.runningMs !== undefined)
    .map((task) => ({ task, startMs: -(task.runningMs ?? 0), endMs: durationOf(task) }));
  const known = new Set(options.tasks.map((task) => task.id));
  let nowMs = running.length > 0 ? 0 : waitMs;
  for (;;) {
    const used = usedBy(running);
    for (let index = 0; index < waiting.length && running.length < workers;) {
      const task = waiting[index] as ForecastTask;
      const ready = task.needs.every((need) => ended.has(need) || !known.has(need));
      if (!ready || !hasRoom(task, used, limits)) {
        index += 1;
        continue;
      }
      waiting.splice(index, 1);
      for (const [name, amount] of Object.entries(task.resources)) used[name] = (used[name] ?? 0) + amount;
      running.push({ task, startMs: nowMs, endMs: nowMs + durationOf(task) });
    }
    if (running.length === 0) return spans;
    nowMs = Math.max(nowMs, Math.min(...running.map(({ endMs }) => endMs)));
    const over = running.filter(({ endMs }) => endMs <= nowMs);
    running = running.filter(({ endMs }) => endMs > nowMs);
    for (const { task, startMs, endMs } of over) {
      ended.add(task.id);
      spans.set(task.id, { startMs, endMs });
    }
  }
}

function usedBy(running: readonly Running[]): Record<string, number> {
  const used: Record<string, number> = {};
  for (const { task } of running)
    for (const [name, amount] of Object.entries(task.resources)) used[name] = (used[name] ?? 0) + amount;
  return used;
}

function hasRoom(
  task: ForecastTask,
  used: Readonly<Record<string, number>>,
  limits: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(task.resources).every(
    ([name, amount]) => (used[name] ?? 0) === 0 || (used[name] ?? 0) + amount <= (limits[name] ?? 1),
  );
}

function lastEnd(spans: ReadonlyMap<string, ForecastSpan>, goals: readonly string[]): number {
  return Math.max(0, ...goals.map((goal) => spans.get(goal)?.endMs ?? 0));
}
