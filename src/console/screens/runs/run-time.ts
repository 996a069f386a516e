import type { DayRun, DayRuns } from '../../../api/index.ts';

/** How long a task took, or runs by now, in seconds; undefined before it begins. */
export function secondsOf(run: DayRun, nowMs: number): number | undefined {
  if (run.started_at === null) return undefined;
  const end = run.finished_at === null ? nowMs : Date.parse(run.finished_at);
  return Math.max(0, end - Date.parse(run.started_at)) / 1000;
}

/** What the axis shows, and how many tasks ran at another time. */
export interface RunDomain {
  readonly fromMs: number;
  readonly toMs: number;
  readonly outside: number;
}

const spanMinMs = 20_000;
/** A pause of so many times what ran before it parts one time of work from the next. */
const farFactor = 10;
const pauseMs = 10 * 60_000;

/**
 * The time in which most of the day's tasks ran: a task that somebody repeated hours later must not make specks of the
 * others.
 */
export function runDomain(tasks: DayRuns['tasks'], nowMs: number): RunDomain {
  const spans = tasks
    .flatMap((task) => {
      const from = task.started_at ?? task.expected_start_at;
      if (from === null) return [];
      const open = task.state === 'running' ? nowMs : Date.parse(from);
      const ends = [task.finished_at, task.expected_finish_at].flatMap((at) =>
        at === null ? [] : [Date.parse(at)],
      );
      return [{ from: Date.parse(from), to: Math.max(open, ...ends) }];
    })
    .toSorted((a, b) => a.from - b.from);
  const clusters: { from: number; to: number; count: number }[] = [];
  for (const span of spans) {
    const last = clusters.at(-1);
    if (last === undefined || span.from - last.to > Math.max(pauseMs, farFactor * (last.to - last.from)))
      clusters.push({ ...span, count: 1 });
    else Object.assign(last, { to: Math.max(last.to, span.to), count: last.count + 1 });
  }
  const [main] = clusters.toSorted((a, b) => b.count - a.count || b.from - a.from);
  if (main === undefined) return { fromMs: nowMs, toMs: nowMs + spanMinMs, outside: 0 };
  const lengthMs = Math.max(spanMinMs, main.to - main.from);
  return { fromMs: main.from, toMs: main.from + lengthMs * 1.04, outside: spans.length - main.count };
}
