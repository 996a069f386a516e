import { existingTargets } from './existing-targets.ts';
import { planGraph, type Plan, type PlanOptions } from './graph.ts';
import { type Registry } from './registry.ts';
import { type RunResult } from './run-events.ts';
import { type RunOptions } from './run-options.ts';
import { runPlan } from './runner.ts';
import { type BatchState } from './state-port.ts';
import { type TaskRef } from './task.ts';

/** What runs goals: everything but the plan. */
export interface RunGoalsOptions extends Omit<RunOptions, 'plan'> {
  readonly registry: Registry;
  readonly force?: PlanOptions['force'];
}

/** Plans the goals against the targets that exist and the markers of the state. */
export async function planGoals(
  options: { readonly registry: Registry; readonly state: BatchState; readonly force?: PlanOptions['force'] },
  goals: readonly TaskRef[],
): Promise<Plan> {
  const { registry, state, force = false } = options;
  await registry.prepare?.(goals);
  return await planGraph(registry, goals, {
    existing: async (targets) => await existingTargets(targets, state),
    force,
  });
}

/** Plans and runs the goals. Errors: those of `planGraph`; failures of tasks are in the result. */
export async function runGoals(options: RunGoalsOptions, goals: readonly TaskRef[]): Promise<RunResult> {
  return await runPlan({ ...options, plan: await planGoals(options, goals) });
}
