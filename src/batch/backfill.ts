import { OctavoError, type BusinessDay, type Calendar } from '../base/index.ts';
import { createRegistry } from './registry.ts';
import { type RunResult } from './run-events.ts';
import { runGoals, type RunGoalsOptions } from './run-goals.ts';
import { type TaskParameters } from './task.ts';

/** Which days of a task to make. */
export interface BackfillOptions extends RunGoalsOptions {
  readonly calendar: Calendar;
  readonly task: string;
  readonly from: BusinessDay;
  /** Included. */
  readonly to: BusinessDay;
  readonly parameters?: TaskParameters;
  /** Default false: oldest first. */
  readonly newestFirst?: boolean;
  /** How many days of the task run at the same time. Default: as many as there are workers. */
  readonly inFlightMax?: number;
}

/** Days of one backfill. */
const backfillDaysMax = 10_000;

/** Makes a task for every day of a range, with what it needs. Errors: `argument_invalid`, those of `runGoals`. */
export async function backfill(options: BackfillOptions): Promise<RunResult> {
  const { calendar, from, to, inFlightMax } = options;
  const length = calendar.daysBetween(from, to) + 1;
  if (length < 1 || length > backfillDaysMax) {
    throw new OctavoError(
      'argument_invalid',
      `${from} to ${to} is ${length} days, expected 1 to ${backfillDaysMax}`,
    );
  }
  const days = calendar.range(from, to);
  const ordered = options.newestFirst === true ? days.toReversed() : days;
  const goals = ordered.map((day) => ({ task: options.task, parameters: { ...options.parameters, day } }));
  if (inFlightMax === undefined) return await runGoals(options, goals);
  const resource = `backfill:${options.task}`;
  const tasks = options.registry.tasks.map((task) =>
    task.name === options.task ? { ...task, resources: { ...task.resources, [resource]: 1 } } : task,
  );
  const limits = { ...options.limits, [resource]: inFlightMax };
  return await runGoals(
    { ...options, registry: createRegistry(tasks, options.registry.prepare), limits },
    goals,
  );
}
