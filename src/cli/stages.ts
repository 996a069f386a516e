import { parseTaskId, runGoals, type RunEvent, type Task, type TaskRef } from '../batch/index.ts';
import { OctavoError, warningsOf, type BusinessDay } from '../base/index.ts';
import type { Platform } from './platform.ts';
import type { Counts, Steps } from './progress.ts';
import { runnerOf } from './run-plan.ts';

/** A task that ran, with its counts. */
interface Ran {
  readonly ref: TaskRef;
  readonly counts: Counts;
}

interface Stage {
  readonly name: string;
  /** Which tasks belong to it. */
  readonly owns: (task: Task) => boolean;
  /** Whether it is made for every day, or for the newest only. */
  readonly everyDay: boolean;
  /** What is told of the tasks that ran. */
  readonly counts: (ran: readonly Ran[]) => Counts;
}

const named =
  (prefix: string) =>
  (task: Task): boolean =>
    task.name.startsWith(prefix);

/** The way of the data, stage by stage; each stage finds the ones before it done. */
const stages: readonly Stage[] = [
  {
    name: 'extract',
    owns: named('extract:'),
    everyDay: false,
    counts: (ran) => ({ sources: ran.length, rows: total(ran, 'rows') }),
  },
  {
    name: 'seal',
    owns: ({ name }) => name === 'seal',
    everyDay: true,
    counts: (ran) => ({
      days: daysOf(ran),
      events: total(ran, 'events'),
      duplicates: total(ran, 'duplicates'),
      late: total(ran, 'late'),
    }),
  },
  {
    name: 'model',
    owns: named('model:'),
    everyDay: true,
    counts: (ran) => ({ days: daysOf(ran), tables: namesOf(ran), rows: total(ran, 'rows') }),
  },
  {
    name: 'count',
    owns: named('statistics:'),
    everyDay: true,
    counts: (ran) => ({ days: daysOf(ran), values: total(ran, 'rows') }),
  },
  {
    name: 'rank',
    owns: named('bestseller:'),
    everyDay: true,
    counts: (ran) => ({
      days: daysOf(ran),
      lists: namesOf(ran),
      editions: ran.length,
      counted: total(ran, 'counted'),
    }),
  },
  {
    name: 'recommend',
    owns: named('recommend:'),
    everyDay: false,
    counts: (ran) => ({
      recommenders: namesOf(ran),
      readers: most(ran, 'readers'),
      titles: most(ran, 'items'),
      interactions: most(ran, 'interactions'),
    }),
  },
  { name: 'publish', owns: ({ daily }) => daily, everyDay: false, counts: (ran) => ({ tasks: ran.length }) },
];

/** Runs every stage for the days, a step each. Errors: `task_failed` with the first task that failed, `cancelled`. */
export async function runStages(options: {
  readonly platform: Platform;
  readonly steps: Steps;
  readonly days: readonly BusinessDay[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const { platform, steps, days, signal } = options;
  for (const stage of stages) {
    const goals = goalsOf(stage, platform, days);
    await steps.step(stage.name, async (report) => {
      const ran: Ran[] = [];
      let [ended, tasks] = [0, 0];
      const result = await runGoals(
        {
          ...runnerOf(platform),
          log: warningsOf(platform.log),
          registry: platform.registry,
          signal,
          onEvent: (event: RunEvent) => {
            if (event.type === 'run-started') [ended, tasks] = [event.done, event.tasks];
            if (event.type !== 'finished') return;
            report.progress((ended += 1), tasks, 'tasks');
            const ref = parseTaskId(event.taskId);
            if (event.outcome === 'succeeded' && stage.owns(platform.registry.task(ref.task)))
              ran.push({ ref, counts: event.counts });
          },
        },
        goals,
      );
      signal.throwIfAborted();
      const failure = result.failed[0];
      if (failure !== undefined)
        throw new OctavoError('task_failed', `${failure.taskId}: ${failure.code}: ${failure.message}`);
      if (ran.length === 0) report.skip();
      else report.count(stage.counts(ran));
    });
  }
}

function goalsOf(stage: Stage, platform: Platform, days: readonly BusinessDay[]): readonly TaskRef[] {
  const tasks = platform.registry.tasks.filter(
    (task) => task.parameters['day'] !== undefined && stage.owns(task),
  );
  const wanted = stage.everyDay ? days : days.slice(-1);
  return wanted.flatMap((day) => tasks.map((task) => ({ task: task.name, parameters: { day } })));
}

function total(ran: readonly Ran[], name: string): number {
  return ran.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
}

function most(ran: readonly Ran[], name: string): number {
  return Math.max(0, ...ran.map(({ counts }) => counts[name] ?? 0));
}

function daysOf(ran: readonly Ran[]): number {
  return new Set(ran.map(({ ref }) => ref.parameters['day'])).size;
}

function namesOf(ran: readonly Ran[]): number {
  return new Set(ran.map(({ ref }) => ref.task)).size;
}
