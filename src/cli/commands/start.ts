import type { Command } from 'commander';
import { OctavoError } from '../../base/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import { startService } from '../service.ts';

/** `octavo start` */
export function registerStart(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('Serve the project: collect events, load them, run each day’s cycle, answer the API.')
    .option('--port <port>', 'port to listen on')
    .option('--host <address>', 'address to listen on')
    .addHelpText('after', '\nExample:\n  octavo start --port 8085')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ port?: string; host?: string }>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, { ...options, own: true }, async (platform) => {
        const { http } = platform.config;
        const service = await startService(platform, {
          host: options.host ?? http.host,
          port: options.port === undefined ? http.port : portOf(options.port),
        });
        try {
          service.work();
          answer.document({ ready: true, url: service.url });
          answer.say(`Octavo serves ${platform.config.name} at ${service.url}`);
          answer.say(`  API            ${service.url}/docs`);
          answer.say(`  events         POST ${service.url}/v1/events`);
          answer.say(`  tables         ${service.url}/iceberg`);
          answer.say('A key:  octavo keys create <name>.  Ctrl-C stops.');
          await stopped(cli.signal);
        } finally {
          await service.close();
        }
      });
    });
}

/** Errors: `argument_invalid`. */
export function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== '') return port;
  throw new OctavoError('argument_invalid', `--port is '${text}', expected 0 to 65535`);
}

/** Resolves when the signal aborts. */
export async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
