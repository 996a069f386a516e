import {
  planGoals,
  planText,
  runPlan,
  type Plan,
  type RunEvent,
  type RunOptions,
  type RunResult,
  type TaskRef,
} from '../batch/index.ts';
import { OctavoError, type BusinessDay } from '../base/index.ts';
import type { Answer, Cli } from './command.ts';
import type { Platform } from './platform.ts';
import { assertProjectTables } from './declared-place.ts';
import { countsText, createBar } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What is to be run. */
export interface RunRequest {
  readonly goals: readonly TaskRef[];
  readonly force?: boolean;
  /** Only say what would run. */
  readonly plan?: boolean;
  /** Leave out the closing sentence. */
  readonly quiet?: boolean;
}

/** Plans the goals and runs what is missing, showing each task as it ends. Errors: those of planning, `day_open`. */
export async function runGoals(
  cli: Pick<Cli, 'terminal' | 'signal'>,
  answer: Answer,
  platform: Platform,
  request: RunRequest,
): Promise<RunResult | undefined> {
  const { registry, state } = platform;
  if (request.plan === true) await assertProjectTables(platform);
  const plan = await planGoals({ registry, state, force: request.force ?? false }, request.goals);
  if (request.plan === true) {
    answer.say(planText(plan));
    answer.document({
      goals: plan.goals,
      tasks: [...plan.nodes.values()].map(({ id, done, forced, needs, target }) => ({
        id,
        done,
        forced,
        needs,
        target: target.description,
      })),
    });
    return undefined;
  }
  refuseOpenDays(plan, platform);
  const show = answer.json
    ? (event: RunEvent): void => answer.document(event)
    : createRunDisplay(cli.terminal, () => platform.clock.now());
  try {
    const result = await runPlan({
      plan,
      ...runnerOf(platform),
      signal: cli.signal,
      onEvent: show,
    });
    if (request.quiet !== true) answer.say(summaryOf(result));
    return result;
  } finally {
    cli.terminal.status(undefined);
  }
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

/** Shows a run: a line for each task as it ends, and below them a bar with what is running. */
export function createRunDisplay(terminal: Terminal, nowMs: () => number): (event: RunEvent) => void {
  const bar = createBar(terminal, { name: 'running', nowMs });
  const running = new Map<string, string>();
  let total = 0;
  let ended = 0;
  return (event) => {
    if (event.type === 'run-started') {
      total = event.tasks;
      ended = event.done;
    } else if (event.type === 'started') running.set(event.taskId, '');
    else if (event.type === 'progress')
      running.set(event.taskId, ` ${event.done} of ${event.total} ${event.unit}`.trimEnd());
    else if ('taskId' in event) {
      running.delete(event.taskId);
      if (event.type === 'finished' || event.type === 'failed' || event.type === 'blocked') ended += 1;
    }
    const line = eventLine(event);
    if (line !== undefined) terminal.err(line);
    if (event.type === 'run-finished') bar.clear();
    else bar.show(ended, total, ['tasks', ...[...running].map(([id, far]) => `· ${id}${far}`)].join(' '));
  };
}

/** One line for what people want to see of a run. */
function eventLine(event: RunEvent): string | undefined {
  if (event.type === 'finished' && event.outcome === 'succeeded')
    return `✓ ${event.taskId}  ${event.seconds.toFixed(2)} s  ${countsText(event.counts)}`.trimEnd();
  if (event.type === 'retry') {
    const seconds = (event.waitMs / 1000).toFixed(0);
    return `↻ ${event.taskId}  attempt ${event.attempt} failed, again in ${seconds} s: ${event.code}: ${event.message}`;
  }
  if (event.type === 'failed') return `✗ ${event.taskId}  ${event.code}: ${event.message}`;
  if (event.type === 'waiting') return `… ${event.taskId}  is being run by ${event.worker}`;
  return undefined;
}

/** A day is sealed after its end: what needs an open day sealed can't be run yet. Errors: `day_open`. */
export function refuseOpenDays(plan: Plan, platform: Platform): void {
  for (const { ref, done } of plan.nodes.values()) {
    const { day } = ref.parameters;
    if (ref.task === 'seal' && !done && typeof day === 'string') assertOver(platform, day);
  }
}

/** Errors: `day_open` for a business day that is not over, with the newest one that is. */
export function assertOver({ calendar, clock }: Platform, day: BusinessDay | undefined): void {
  const today = calendar.dayOf(clock.now());
  if (day === undefined || day < today) return;
  const end = new Date(calendar.intervalOf(day).endMs).toISOString();
  throw new OctavoError('day_open', `${day} ends at ${end}`, {
    details: { hint: `the newest day that is over is ${calendar.addDays(today, -1)}` },
  });
}

function summaryOf(result: RunResult): string {
  const seconds = ((result.finishedMs - result.startedMs) / 1000).toFixed(1);
  const parts = [`${result.succeeded} run`, `${result.present} there already`];
  if (result.failed.length > 0) parts.push(`${result.failed.length} failed`);
  if (result.blocked.length > 0) parts.push(`${result.blocked.length} blocked by them`);
  const next =
    result.failed.length > 0 ? `\nits log: octavo status --task "${result.failed[0]?.taskId ?? ''}"` : '';
  return `${result.outcome}: ${parts.join(', ')} in ${seconds} s${next}`;
}
