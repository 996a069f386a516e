import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../base/index.ts';
import { scopes } from '../../api/index.ts';
import { numberOption, portOption } from '../arguments.ts';
import { answerOf, commandOf, optionsOf, withPlatform, type Answer, type Cli } from '../command.ts';
import { simulateHistory, type HistoryRequest, type SimulatedStore } from '../history.ts';
import { isInstalled, packageFolder } from '../invocation.ts';
import { keptKey } from '../kept-key.ts';
import { sendLiveTraffic } from '../live-traffic.ts';
import type { Platform } from '../platform.ts';
import { assertPortFree, startService } from '../service.ts';
import { showStore } from '../show-store.ts';
import { simulationOf, simulationOptions, type SimulationOptions } from '../simulation-options.ts';
import { runStages } from '../stages.ts';
import { stopped } from './start.ts';

interface DemoOptions extends SimulationOptions {
  readonly port?: string;
  readonly rate: string;
}

const bookstore = join(packageFolder, 'examples', 'bookstore');

/** `octavo demo`, which `npm start` runs. */
export function registerDemo(program: Command, cli: Cli): void {
  simulationOptions(program.command('demo'))
    .description(
      'Make a bookstore with a month of history, run everything on it, and serve it with live traffic.',
    )
    .option('--port <port>', 'port to listen on')
    .option('--rate <events>', 'live events a second, 0 for none; natural: as in the history', 'natural')
    .addHelpText(
      'after',
      `
Examples:
  octavo demo
  octavo demo --days 90 --scale 3 --data ./big-store
  octavo demo --port 9000 --json

A second start goes on with what is there. With --json every step is a line {"step","status","seconds","counts"},
with the status done, skipped, failed or cancelled; the last line is {"ready":true,"url","key"}.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const given = optionsOf<DemoOptions>(command);
      const options = { ...given, ...placeOf(program, cli, given) };
      const request = simulationOf(options);
      const rate =
        options.rate === 'natural'
          ? options.rate
          : numberOption('rate', options.rate, { from: 0, to: 10_000, whole: false });
      const chosenPort = options.port === undefined ? undefined : portOption(options.port);
      const answer = answerOf(cli, options);
      const addressOf = ({ http }: Config): { host: string; port: number } => ({
        host: http.host,
        port: chosenPort ?? http.port,
      });
      const opened = {
        ...options,
        own: true,
        command: 'octavo demo',
        beforeMaking: (config: Config) => assertPortFree(addressOf(config)),
      };
      await withPlatform(cli, opened, async (platform) => {
        const service = await startService(platform, {
          ...addressOf(platform.config),
          command: 'octavo demo',
          openToLocal: true,
          storePages: join(bookstore, 'store'),
        });
        let store: SimulatedStore | undefined;
        try {
          store = await makeStore(cli, answer, platform, request);
          service.work();
          const key = await keptKey(platform, 'demo.key', () => platform.keys.create('demo', scopes));
          const again = commandOf(cli, options, platform);
          await showStore(answer, { platform, url: service.url, key, command: again, live: rate !== 0 });
          answer.document({ ready: true, url: service.url, key });
          const live = sendLiveTraffic({
            platform,
            store,
            url: service.url,
            key,
            rate,
            signal: cli.signal,
          });
          await stopped(cli.signal);
          await live;
        } finally {
          store?.shop.close();
          await service.close();
          if (cli.signal.aborted) answer.say('stopped; run it again and it goes on from here');
        }
      });
    });
}

/** The example project and, where that lies in an installed package, a data folder here. */
function placeOf(
  program: Command,
  cli: Cli,
  given: DemoOptions & { readonly project: string; readonly data?: string | undefined },
): { readonly project: string; readonly data: string | undefined } {
  if (program.getOptionValueSource('project') !== 'default')
    return { project: given.project, data: given.data };
  const data = given.data ?? (isInstalled() ? 'octavo-demo' : undefined);
  return { project: bookstore, data: data === undefined ? undefined : resolve(cli.workingDirectory, data) };
}

async function makeStore(
  cli: Cli,
  answer: Answer,
  platform: Platform,
  request: HistoryRequest,
): Promise<SimulatedStore> {
  const { step } = answer.steps;
  const { signal } = cli;
  const store = await step('make', async (report) => {
    const made = await simulateHistory(platform, request, report, signal);
    if (made.written === 0) report.skip();
    return made;
  });
  try {
    if (request.days !== undefined && request.days !== store.days.length && store.written < store.days.length)
      answer.note(`this store has ${store.days.length} days since ${store.days[0]}; --days is for a new one`);
    await step('load', async (report) => {
      const counts = await platform.loadAll({ report, signal });
      report.count(counts);
      if (counts['events'] === 0) report.skip();
    });
    await runStages({ platform, steps: answer.steps, days: store.days, signal });
    return store;
  } catch (error) {
    store.shop.close();
    throw error;
  }
}
