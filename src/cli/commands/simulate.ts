import type { Command } from 'commander';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { simulateHistory } from '../history.ts';
import { simulationOptions, simulationOf, type SimulationOptions } from '../simulation-options.ts';

/** `octavo simulate` */
export function registerSimulate(program: Command, cli: Cli): void {
  simulationOptions(program.command('simulate'))
    .description('Write a made-up store’s history into the event log and the shop’s database.')
    .addHelpText(
      'after',
      '\nExample:\n  octavo simulate --days 60 --scale 2 --seed 7\nThen `octavo backfill --from … --to …`, or `octavo start`.',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<SimulationOptions>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, { ...options, own: true }, async (platform) => {
        const store = await answer.steps.step('make', (report) =>
          simulateHistory(platform, simulationOf(options), report),
        );
        await answer.steps.step('load', async (report) => report.count(await platform.loadAll(report)));
        store.shop.close();
        answer.say(`the store has ${store.days.length} days, ${store.days[0]} to ${store.days.at(-1)}`);
      });
    });
}
