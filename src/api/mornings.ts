import { seededRandom, type BusinessDay, type Calendar, type Clock } from '../base/index.ts';
import { forecast, type BatchState, type Forecast, type Registry, type RunDesk } from '../batch/index.ts';
import { pastDurations, tasksOfDay, type DayTask } from './cycle-tasks.ts';

/** What the daily cycle is made of. */
export interface BatchView {
  readonly state: BatchState;
  readonly registry: Registry;
  /** After the end of a day until its cycle begins, milliseconds. */
  readonly delayMs: number;
  /** Wall-clock time at which the lists are promised, `HH:MM`, on the morning after the day. */
  readonly deadline: string;
  readonly workers: number;
  readonly limits: Readonly<Record<string, number>>;
  /** Takes wishes for runs; absent in a process that runs nothing. */
  readonly desk?: RunDesk;
}

/** The work of a business day as it stands. */
export interface Morning {
  readonly day: BusinessDay;
  readonly tasks: readonly DayTask[];
  /** How long each task took on other days, milliseconds. */
  readonly past: ReadonlyMap<string, readonly number[]>;
  readonly beginsMs: number;
  readonly dueMs: number;
  readonly nowMs: number;
}

/** The part of a morning that the promise is about. */
export const listStage = 'bestseller';

/** What mornings are read from. */
export interface MorningOptions {
  readonly batch: BatchView;
  readonly calendar: Calendar;
  readonly clock: Clock;
}

/** Reads mornings, by default that of the newest day that is over; the past is looked up once a day. */
export function createMornings({
  batch,
  calendar,
  clock,
}: MorningOptions): (day?: BusinessDay) => Promise<Morning> {
  let known: { readonly key: string; readonly past: Morning['past'] } | undefined;
  let prepared = false;
  return async (asked) => {
    // What tasks need goes by where the history begins.
    if (!prepared) await batch.registry.prepare?.([]);
    prepared = true;
    const nowMs = clock.now();
    const day = asked ?? calendar.addDays(calendar.dayOf(nowMs), -1);
    const tasks = await tasksOfDay(batch, day, nowMs);
    const key = `${day} ${tasks.length}`;
    if (known?.key !== key) {
      const before = (days: number): BusinessDay => calendar.addDays(day, -days);
      known = { key, past: await pastDurations(batch, tasks, { day, before }) };
    }
    return {
      day,
      tasks,
      past: known.past,
      beginsMs: calendar.intervalOf(day).endMs + batch.delayMs,
      dueMs: dueOf(calendar, day, batch.deadline),
      nowMs,
    };
  };
}

/** What is to be expected of the rest; undefined while nothing is known of other days. */
export function expectationOf(
  { tasks, past, beginsMs, nowMs, day }: Morning,
  batch: BatchView,
): Forecast | undefined {
  const lists = tasks.filter(({ stage }) => stage === listStage);
  return forecast({
    tasks: tasks.map((task) => ({
      id: task.id,
      needs: task.needs,
      done: task.success !== undefined,
      runningMs: task.running === undefined ? undefined : nowMs - task.running.startedMs,
      pastMs: past.get(task.id) ?? [],
      resources: task.resources,
    })),
    goals: (lists.length === 0 ? tasks : lists).map(({ id }) => id),
    workers: batch.workers,
    limits: batch.limits,
    waitMs: Math.max(0, beginsMs - nowMs),
    random: seededRandom(day),
  });
}

/** The first instant after the day's end at which the clock shows the deadline. */
function dueOf(calendar: Calendar, day: BusinessDay, deadline: string): number {
  const end = Temporal.Instant.fromEpochMilliseconds(calendar.intervalOf(day).endMs).toZonedDateTimeISO(
    calendar.timeZone,
  );
  const due = end.withPlainTime(Temporal.PlainTime.from(deadline));
  return (Temporal.ZonedDateTime.compare(due, end) > 0 ? due : due.add({ days: 1 })).epochMilliseconds;
}
