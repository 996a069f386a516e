import type { Command } from 'commander';
import { answerOf, commandOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { simulateHistory } from '../history.ts';
import { simulationOptions, simulationOf, type SimulationOptions } from '../simulation-options.ts';

/** `octavo simulate` */
export function registerSimulate(program: Command, cli: Cli): void {
  simulationOptions(program.command('simulate'))
    .description('Write a made-up store’s history into the event log and the shop’s database.')
    .addHelpText(
      'after',
      `
Example:
  octavo simulate --days 60 --scale 2 --seed 7
Then \`octavo backfill --from … --to …\` makes every day of it, or \`octavo run\` the newest.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<SimulationOptions>(command);
      const answer = answerOf(cli, options);
      const request = simulationOf(options);
      const { signal } = cli;
      await withPlatform(cli, { ...options, own: true, command: 'octavo simulate' }, async (platform) => {
        const store = await answer.steps.step('make', async (report) => {
          const made = await simulateHistory(platform, request, report, signal);
          if (made.written === 0) report.skip();
          return made;
        });
        store.shop.close();
        await answer.steps.step('load', async (report) => {
          const counts = await platform.loadAll({ report, signal });
          report.count(counts);
          if (counts['events'] === 0) report.skip();
        });
        const [from, to] = [store.days[0], store.days.at(-1)];
        answer.document({ days: store.days.length, written: store.written, from, to });
        answer.say(`the store has ${store.days.length} days, ${from} to ${to}`);
        answer.say(`next: ${commandOf(cli, options, platform)} backfill --from ${from} --to ${to}`);
      });
    });
}
