import type { Command } from 'commander';
import type { Config } from '../../base/index.ts';
import { portOption } from '../arguments.ts';
import { answerOf, commandOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { assertPortFree, startService } from '../service.ts';

/** `octavo start` */
export function registerStart(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('Serve the project: collect events, load them, run each day’s cycle, answer the API.')
    .option('--port <port>', 'port to listen on')
    .option('--host <address>', 'address to listen on')
    .addHelpText(
      'after',
      `
Examples:
  octavo start
  octavo start --port 9000 --host 0.0.0.0

It holds the data folder until Ctrl-C; commands that only read work beside it. With --json the first line is
{"ready":true,"url":…}.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ port?: string; host?: string }>(command);
      const answer = answerOf(cli, options);
      const given = options.port === undefined ? undefined : portOption(options.port);
      const addressOf = ({ http }: Config): { host: string; port: number } => ({
        host: options.host ?? http.host,
        port: given ?? http.port,
      });
      const opened = {
        ...options,
        own: true,
        command: 'octavo start',
        beforeMaking: (config: Config) => assertPortFree(addressOf(config)),
      };
      await withPlatform(cli, opened, async (platform) => {
        const { name } = platform.config;
        const service = await startService(platform, {
          ...addressOf(platform.config),
          command: 'octavo start',
        });
        try {
          service.work();
          answer.document({ ready: true, url: service.url });
          answer.say(`Octavo serves ${name} at ${service.url}`);
          answer.say(`  console        ${service.url}/`);
          answer.say(`  API            ${service.url}/docs`);
          answer.say(`  events         POST ${service.url}/v1/events`);
          answer.say(`  tables         ${service.url}/iceberg`);
          const again = commandOf(cli, options, platform);
          answer.say(`\nPeople sign in to the console, programs bring a key to the API:`);
          answer.say(`  ${again} users add <name> --role admin`);
          answer.say(`  ${again} keys create <name>\n\nCtrl-C stops.`);
          await stopped(cli.signal);
        } finally {
          await service.close();
          answer.say('stopped');
        }
      });
    });
}

/** Resolves when the signal aborts. */
export async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
