import type { Command } from 'commander';
import { exitCodeOf, parseTaskId, type Registry, type TaskRef } from '../../batch/index.ts';
import { OctavoError, textIn, type BusinessDay } from '../../base/index.ts';
import { dayOption } from '../arguments.ts';
import { answerOf, optionsOf, withPlatform, type Answer, type Cli } from '../command.ts';
import type { Platform } from '../platform.ts';
import { assertOver, runGoals } from '../run-plan.ts';

interface RunOptions {
  day?: string;
  force?: boolean;
  plan?: boolean;
  list?: boolean;
}

/** `octavo run` */
export function registerRun(program: Command, cli: Cli): void {
  program
    .command('run')
    .description('Run tasks and everything they need; without a task, a day’s whole cycle.')
    .argument('[task...]', 'names or ids, e.g. model:sale_lines or "bestseller:daily(day=2026-11-02)"')
    .option('--day <day>', 'business day of tasks that take one (default: yesterday)')
    .option('--force', 'run them though their targets exist')
    .option('--plan', 'only show what would run')
    .option('--list', 'only show the tasks there are')
    .addHelpText(
      'after',
      `
Examples:
  octavo run --list
  octavo run --plan
  octavo run --day 2026-11-02
  octavo run bestseller:daily --day 2026-11-02 --force

A task whose target exists is done and not run again. With --json every event of the run is a line; the last
one has the type run-finished.`,
    )
    .action(async (tasks: string[], _options: unknown, command: Command) => {
      const options = optionsOf<RunOptions>(command);
      const answer = answerOf(cli, options);
      const asked = dayOption('day', options.day);
      const own = options.plan !== true && options.list !== true;
      await withPlatform(cli, { ...options, own, command: 'octavo run' }, async (platform) => {
        const { calendar, clock, registry } = platform;
        if (options.list === true) {
          listTasks(answer, registry);
          return;
        }
        const day = asked ?? calendar.addDays(calendar.dayOf(clock.now()), -1);
        const goals = goalsOf(registry, tasks, day);
        const result = await runGoals(cli, answer, platform, { goals, ...flags(options) });
        if (result !== undefined) process.exitCode = exitCodeOf(result);
      });
    });
}

/** `octavo backfill` */
export function registerBackfill(program: Command, cli: Cli): void {
  program
    .command('backfill')
    .description('Run tasks for every day of a span; without a task, the whole cycle of each day.')
    .argument('[task...]', 'names of tasks that take a day')
    .requiredOption('--from <day>', 'first business day')
    .requiredOption('--to <day>', 'last business day')
    .option('--force', 'run them though their targets exist')
    .option('--plan', 'only show what would run')
    .addHelpText(
      'after',
      `
Examples:
  octavo backfill --from 2026-10-01 --to 2026-10-31 --plan
  octavo backfill bestseller:weekly --from 2026-10-01 --to 2026-10-31

Days are run one after the other, oldest first. With --json every event of every day's run is a line; the last
one has the type backfill-finished.`,
    )
    .action(async (tasks: string[], _options: unknown, command: Command) => {
      const options = optionsOf<RunOptions & { from: string; to: string }>(command);
      const answer = answerOf(cli, options);
      const [from, to] = [dayOption('from', options.from), dayOption('to', options.to)];
      if (from === undefined || to === undefined || from > to)
        throw new OctavoError('argument_invalid', `--from ${options.from} is after --to ${options.to}`);
      const own = options.plan !== true;
      await withPlatform(cli, { ...options, own, command: 'octavo backfill' }, async (platform) => {
        const { calendar, registry } = platform;
        const count = calendar.daysBetween(from, to) + 1;
        if (count > daysMax)
          throw new OctavoError('argument_invalid', `${from} to ${to} are ${count} days, at most ${daysMax}`);
        const days = calendar.range(from, to);
        if (options.plan === true) {
          const goals = days.flatMap((day) => goalsOf(registry, tasks, day));
          await runGoals(cli, answer, platform, { goals, ...flags(options) });
          return;
        }
        process.exitCode = await runDays({
          cli,
          answer,
          platform,
          tasks,
          days,
          force: options.force === true,
        });
      });
    });
}

/**
 * Runs the days one after the other, oldest first: what a day tells of the day before must be there. A day that
 * fails does not keep the next ones from being tried.
 */
async function runDays(options: {
  readonly cli: Cli;
  readonly answer: Answer;
  readonly platform: Platform;
  readonly tasks: readonly string[];
  readonly days: readonly BusinessDay[];
  readonly force: boolean;
}): Promise<number> {
  const { cli, answer, platform, tasks, days, force } = options;
  // What is asked of every day is checked before the first one is run.
  const goals = days.map((day) => goalsOf(platform.registry, tasks, day));
  if (tasks.length === 0) assertOver(platform, days.at(-1));
  const totals = { succeeded: 0, present: 0, failed: 0, blocked: 0 };
  const startedMs = platform.clock.now();
  let [ran, code] = [0, 0];
  for (const [index, day] of days.entries()) {
    if (cli.signal.aborted) break;
    answer.note(`${day}, day ${index + 1} of ${days.length}`);
    const result = await runGoals(cli, answer, platform, { goals: goals[index] ?? [], force, quiet: true });
    if (result === undefined) continue;
    ran += 1;
    totals.succeeded += result.succeeded;
    totals.present += result.present;
    totals.failed += result.failed.length;
    totals.blocked += result.blocked.length;
    code = Math.max(code, exitCodeOf(result));
  }
  const outcome = code === 130 ? 'cancelled' : code === 0 ? 'succeeded' : 'failed';
  const seconds = (platform.clock.now() - startedMs) / 1000;
  answer.document({ type: 'backfill-finished', outcome, days: days.length, ran, ...totals, seconds });
  answer.say(
    `${outcome}: ${ran} of ${days.length} days, ${totals.succeeded} run, ${totals.present} there already, ` +
      `${totals.failed} failed, ${totals.blocked} blocked in ${seconds.toFixed(1)} s`,
  );
  return code;
}

const daysMax = 10_000;

/** The tasks asked for, on a day; without any, all that belong to the day’s cycle. Errors: `task_unknown`. */
export function goalsOf(registry: Registry, asked: readonly string[], day: BusinessDay): readonly TaskRef[] {
  if (asked.length === 0) {
    return registry.tasks
      .filter((task) => task.daily)
      .map((task) => ({ task: task.name, parameters: { day } }));
  }
  return asked.map((text) => {
    const ref = parseTaskId(text);
    const takesDay = registry.task(ref.task).parameters['day'] !== undefined;
    return takesDay && ref.parameters['day'] === undefined
      ? { ...ref, parameters: { ...ref.parameters, day } }
      : ref;
  });
}

function listTasks(answer: Answer, registry: Registry): void {
  const rows = registry.tasks.map((task) => ({
    task: task.name,
    daily: task.daily,
    parameters: Object.entries(task.parameters)
      .map(([name, { type }]) => `${name}: ${type}`)
      .join(', '),
    description: textIn(task.description, 'en'),
  }));
  answer.rows(rows, { empty: 'the project has no tasks' });
}

function flags(options: RunOptions): { readonly force: boolean; readonly plan: boolean } {
  return { force: options.force === true, plan: options.plan === true };
}
