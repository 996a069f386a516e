import {
  planGoals,
  planText,
  runPlan,
  type RunEvent,
  type RunOptions,
  type RunResult,
  type TaskRef,
} from '../batch/index.ts';
import type { Answer, Cli } from './command.ts';
import type { Platform } from './platform.ts';

/** What is to be run. */
export interface RunRequest {
  readonly goals: readonly TaskRef[];
  readonly force?: boolean;
  /** Only say what would run. */
  readonly plan?: boolean;
}

/** Plans the goals and runs what is missing, showing each task as it ends. */
export async function runGoals(
  cli: Pick<Cli, 'terminal' | 'signal'>,
  answer: Answer,
  platform: Platform,
  request: RunRequest,
): Promise<RunResult | undefined> {
  const { registry, state } = platform;
  const plan = await planGoals({ registry, state, force: request.force ?? false }, request.goals);
  if (request.plan === true) {
    answer.say(planText(plan));
    answer.document(
      [...plan.nodes.values()].map(({ id, done, needs, target }) => ({
        id,
        done,
        needs,
        target: target.description,
      })),
    );
    return undefined;
  }
  const result = await runPlan({
    plan,
    ...runnerOf(platform),
    signal: cli.signal,
    onEvent: (event) => {
      if (answer.json) answer.document(event);
      else showEvent(cli.terminal.err, event);
    },
  });
  if (!answer.json) answer.say(summaryOf(result));
  return result;
}

/** How this platform runs plans. */
export function runnerOf(platform: Platform): Omit<RunOptions, 'plan'> {
  const { state, clock, random, worker, log, config, resources } = platform;
  return {
    state,
    clock,
    random: random.fork('run'),
    worker,
    log,
    workers: config.batch.workers,
    limits: resources,
    leaseMs: config.batch.leaseMs,
  };
}

/** One line for what people want to see of a run. */
export function showEvent(show: (line: string) => void, event: RunEvent): void {
  if (event.type === 'finished' && event.outcome === 'succeeded') {
    const counts = Object.entries(event.counts).map(
      ([name, value]) => `${value.toLocaleString('en-US')} ${name.replaceAll('_', ' ')}`,
    );
    show(`✓ ${event.taskId}  ${event.seconds.toFixed(2)} s  ${counts.join(', ')}`.trimEnd());
  } else if (event.type === 'retry') {
    show(
      `↻ ${event.taskId}  attempt ${event.attempt} failed, again in ${(event.waitMs / 1000).toFixed(0)} s: ${event.message}`,
    );
  } else if (event.type === 'failed') {
    show(`✗ ${event.taskId}  ${event.code}: ${event.message}`);
  } else if (event.type === 'waiting') {
    show(`… ${event.taskId}  is being run by ${event.worker}`);
  }
}

function summaryOf(result: RunResult): string {
  const seconds = ((result.finishedMs - result.startedMs) / 1000).toFixed(1);
  const parts = [`${result.succeeded} run`, `${result.present} there already`];
  if (result.failed.length > 0) parts.push(`${result.failed.length} failed`);
  if (result.blocked.length > 0) parts.push(`${result.blocked.length} blocked by them`);
  return `${result.outcome}: ${parts.join(', ')} in ${seconds} s`;
}
