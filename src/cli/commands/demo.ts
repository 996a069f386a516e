import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { scopes } from '../../api/index.ts';
import type { RunEvent, TaskRef } from '../../batch/index.ts';
import { OctavoError, type BusinessDay } from '../../base/index.ts';
import { runGoals } from '../../batch/index.ts';
import { answerOf, optionsOf, withPlatform, type Answer, type Cli } from '../command.ts';
import { simulateHistory, type SimulatedStore } from '../history.ts';
import { sendLiveTraffic } from '../live-traffic.ts';
import type { Platform } from '../platform.ts';
import { runnerOf } from '../run-plan.ts';
import { startService } from '../service.ts';
import { showStore } from '../show-store.ts';
import { simulationOf, simulationOptions, type SimulationOptions } from '../simulation-options.ts';
import { portOf, stopped } from './start.ts';

interface DemoOptions extends SimulationOptions {
  readonly port?: string;
  readonly rate: string;
}

const bookstore = fileURLToPath(new URL('../../../examples/bookstore', import.meta.url));

/** `octavo demo`, which `npm start` runs. */
export function registerDemo(program: Command, cli: Cli): void {
  simulationOptions(program.command('demo'))
    .description(
      'Make a bookstore with a month of history, run everything on it, and serve it with live traffic.',
    )
    .option('--port <port>', 'port to listen on')
    .option('--rate <events>', 'live events a second', '5')
    .addHelpText('after', '\nExamples:\n  octavo demo\n  octavo demo --days 90 --scale 3 --data ./big-store')
    .action(async (_options: unknown, command: Command) => {
      const given = optionsOf<DemoOptions>(command);
      const project = program.getOptionValueSource('project') === 'default' ? bookstore : given.project;
      const data = given.data === undefined ? undefined : resolve(cli.workingDirectory, given.data);
      const options = { ...given, project, data };
      const request = simulationOf(options);
      const eventsPerSecond = Number(options.rate);
      if (!(eventsPerSecond >= 0 && eventsPerSecond <= 10_000)) {
        throw new OctavoError('argument_invalid', `--rate is '${options.rate}', expected 0 to 10000`);
      }
      const answer = answerOf(cli, options);
      await withPlatform(cli, { ...options, own: true }, async (platform) => {
        const port = options.port === undefined ? platform.config.http.port : portOf(options.port);
        const service = await startService(platform, { host: platform.config.http.host, port });
        try {
          const store = await makeStore(cli, answer, platform, request);
          service.work();
          const key = await demoKey(platform);
          await showStore(cli, answer, { platform, url: service.url, key });
          answer.document({ ready: true, url: service.url, key });
          const live = sendLiveTraffic({
            platform,
            store,
            url: service.url,
            key,
            eventsPerSecond,
            signal: cli.signal,
          });
          await stopped(cli.signal);
          await live;
          store.shop.close();
        } finally {
          await service.close();
          if (cli.signal.aborted) answer.say('stopped; run it again and it goes on from here');
        }
      });
    });
}

async function makeStore(
  cli: Cli,
  answer: Answer,
  platform: Platform,
  request: ReturnType<typeof simulationOf>,
): Promise<SimulatedStore> {
  const { step } = answer.steps;
  const store = await step('make', async (report) => {
    const made = await simulateHistory(platform, request, report);
    if (made.written === 0) report.skip();
    return made;
  });
  await step('load', async (report) => {
    const counts = await platform.loadAll(report);
    report.count(counts);
    if (counts['events'] === 0) report.skip();
  });
  for (const stage of stages) {
    const goals = stage.goals(platform, store.days);
    await step(stage.name, async (report) => {
      let ended = 0;
      let ran = 0;
      const totals: Record<string, number> = {};
      const result = await runGoals(
        {
          ...runnerOf(platform),
          registry: platform.registry,
          signal: cli.signal,
          onEvent: (event: RunEvent) => {
            if (event.type !== 'finished') return;
            report.progress((ended += 1), goals.length, 'tasks');
            if (event.outcome !== 'succeeded') return;
            ran += 1;
            for (const [name, value] of Object.entries(event.counts))
              totals[name] = (totals[name] ?? 0) + value;
          },
        },
        goals,
      );
      cli.signal.throwIfAborted();
      const failure = result.failed[0];
      if (failure !== undefined)
        throw new OctavoError('task_failed', `${failure.taskId}: ${failure.code}: ${failure.message}`);
      report.count({ days: store.days.length, tasks: ran, ...totals });
      if (ran === 0) report.skip();
    });
  }
  return store;
}

interface Stage {
  readonly name: string;
  readonly goals: (platform: Platform, days: readonly BusinessDay[]) => readonly TaskRef[];
}

/** The way of the data, stage by stage; each stage finds the ones before it done. */
const stages: readonly Stage[] = [
  { name: 'extract', goals: (platform, days) => daily(platform, 'extract:', days.slice(-1)) },
  { name: 'seal', goals: (platform, days) => daily(platform, 'seal', days) },
  { name: 'model', goals: (platform, days) => daily(platform, 'model:', days) },
  { name: 'count', goals: (platform, days) => daily(platform, 'statistics:', days) },
  { name: 'rank', goals: (platform, days) => daily(platform, 'bestseller:', days) },
  { name: 'recommend', goals: (platform, days) => daily(platform, 'recommend:', days.slice(-1)) },
  { name: 'publish', goals: (platform, days) => daily(platform, '', days.slice(-1)) },
];

function daily(platform: Platform, prefix: string, days: readonly BusinessDay[]): readonly TaskRef[] {
  const tasks = platform.registry.tasks.filter(({ name, daily: everyDay }) =>
    prefix === '' ? everyDay : name.startsWith(prefix),
  );
  return days.flatMap((day) => tasks.map((task) => ({ task: task.name, parameters: { day } })));
}

/** The demo's key is kept in its data folder, so that a second start prints the same. */
async function demoKey(platform: Platform): Promise<string> {
  const path = join(platform.dataFolder, 'demo.key');
  const known = await platform.storage.read(path).catch(() => undefined);
  if (known !== undefined && platform.keys.verify(known.toString('utf8')) !== undefined)
    return known.toString('utf8');
  const { key } = platform.keys.create('demo', scopes);
  await platform.storage.write(path, key);
  return key;
}
