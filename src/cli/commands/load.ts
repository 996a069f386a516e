import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import type { Platform } from '../platform.ts';

/** `octavo load` */
export function registerLoad(program: Command, cli: Cli): void {
  program
    .command('load')
    .description('Move events from the event log into the warehouse, as a process of its own.')
    .option('--once', 'load what waits now, then end')
    .addHelpText(
      'after',
      `
Examples:
  octavo load                beside \`octavo start\` or other loaders, with the event log in Kafka
  octavo load --once         what waits now, e.g. before a backup

\`octavo start\` loads by itself. With \`eventLog: 'kafka'\` as many loaders as there are partitions may run
beside it: Kafka deals the partitions among them. A journal has one loader, the process that holds the data folder.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ once?: boolean }>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, { ...options, own: 'log', command: 'octavo load' }, async (platform) => {
        if (options.once === true) {
          await answer.steps.step('load', async (report) =>
            report.count(await platform.loadAll({ report, signal: cli.signal })),
          );
          return;
        }
        answer.document({ ready: true });
        answer.say('loading events; Ctrl-C stops');
        await loaderOf(platform).run(cli.signal);
        answer.say('stopped');
      });
    });
}

function loaderOf({ ownership }: Platform) {
  if (ownership === undefined) throw new OctavoError('internal', 'a loader needs the event log');
  return ownership.loader;
}
