import type { Command } from 'commander';
import { exitCodeOf, parseTaskId, type Registry, type TaskRef } from '../../batch/index.ts';
import { OctavoError, parseDay, type BusinessDay } from '../../base/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { runGoals } from '../run-plan.ts';

interface RunOptions {
  day?: string;
  force?: boolean;
  plan?: boolean;
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
    .addHelpText(
      'after',
      '\nExamples:\n  octavo run --plan\n  octavo run --day 2026-11-02\n  octavo run bestseller:daily --day 2026-11-02 --force',
    )
    .action(async (tasks: string[], _options: unknown, command: Command) => {
      const options = optionsOf<RunOptions>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, { ...options, own: options.plan !== true }, async (platform) => {
        const { calendar, clock, registry } = platform;
        const yesterday = calendar.addDays(calendar.dayOf(clock.now()), -1);
        const day = options.day === undefined ? yesterday : parseDay(options.day);
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
    .addHelpText('after', '\nExample:\n  octavo backfill bestseller:weekly --from 2026-10-01 --to 2026-10-31')
    .action(async (tasks: string[], _options: unknown, command: Command) => {
      const options = optionsOf<RunOptions & { from: string; to: string }>(command);
      const answer = answerOf(cli, options);
      const [from, to] = [parseDay(options.from), parseDay(options.to)];
      if (from > to) throw new OctavoError('argument_invalid', `--from ${from} is after --to ${to}`);
      await withPlatform(cli, { ...options, own: options.plan !== true }, async (platform) => {
        const days = platform.calendar.range(from, to);
        const goals = days.flatMap((day) => goalsOf(platform.registry, tasks, day));
        const result = await runGoals(cli, answer, platform, { goals, ...flags(options) });
        if (result !== undefined) process.exitCode = exitCodeOf(result);
      });
    });
}

/** The tasks asked for, on a day; without any, all that belong to the day’s cycle. */
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

function flags(options: RunOptions): { readonly force: boolean; readonly plan: boolean } {
  return { force: options.force === true, plan: options.plan === true };
}
