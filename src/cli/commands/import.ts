import type { Command } from 'commander';
import { exitCodeOf } from '../../batch/index.ts';
import { OctavoError, suggestion } from '../../base/index.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Cli } from '../command.ts';
import { runGoals } from '../run-plan.ts';

/** `octavo import` */
export function registerImport(program: Command, cli: Cli): void {
  program
    .command('import')
    .description('Extract a source’s rows into the warehouse.')
    .option('--source <name>', 'a source of the configuration (default: all)')
    .option('--from <path>', 'read it from this file, folder or glob instead of the configured path')
    .addHelpText('after', exampleText('octavo import --source retail --from "./by-day/*.csv"'))
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ source?: string; from?: string }>(command);
      const answer = answerOf(cli, options);
      if (options.from !== undefined && options.source === undefined) {
        throw new OctavoError('argument_invalid', '--from needs --source, to say which source lies there');
      }
      const sourcePaths = options.from === undefined ? {} : { [options.source ?? '']: options.from };
      await withPlatform(
        cli,
        { ...options, own: true, command: 'octavo import', sourcePaths },
        async (platform) => {
          const names = Object.keys(platform.sources);
          if (names.length === 0)
            throw new OctavoError(
              'config_invalid',
              'octavo.config.ts: no sources are declared to import from',
            );
          if (options.source !== undefined && !names.includes(options.source)) {
            throw new OctavoError(
              'argument_invalid',
              `--source '${options.source}'${suggestion(options.source, names)}`,
            );
          }
          const { source } = options;
          const wanted = (name: string): boolean =>
            source === undefined
              ? name.startsWith('extract:')
              : name === `extract:${source}` || name.startsWith(`extract:${source}.`);
          const { calendar, clock } = platform;
          const day = calendar.addDays(calendar.dayOf(clock.now()), -1);
          const goals = platform.registry.tasks
            .filter(({ name }) => wanted(name))
            .map(({ name }) => ({ task: name, parameters: { day } }));
          const result = await runGoals(cli, answer, platform, { goals, force: true });
          if (result !== undefined) process.exitCode = exitCodeOf(result);
        },
      );
    });
}
