import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { createLogger, fileStorage, OctavoError, systemClock, type Logger } from '../../base/index.ts';
import {
  checkShip,
  dryRun,
  openShip,
  shipStatus,
  stateDirectory,
  type Ship,
  type ShipConfig,
} from '../../collect/index.ts';
import { numberOption } from '../arguments.ts';
import { answerOf, exampleText, optionsOf, type Answer, type Cli, type GlobalOptions } from '../command.ts';
import { serveMetrics } from '../metrics-server.ts';
import { readConfig, shipConfigOf, type ShipFlags } from '../ship-config.ts';

/** `octavo ship` */
export function registerShip(program: Command, cli: Cli): void {
  const ship = program
    .command('ship')
    .description('Follow log files of web servers and send what readers did; needs no project.')
    .argument('[files...]', 'patterns of paths, quoted: "/var/log/nginx/access.log*"; .gz files are read too')
    .option('-c, --config <file>', 'everything in a file, see docs/guides/ship.md')
    .option('--to <url>', "the collector's address, https://collect.example/v1/events")
    .option('--key-file <file>', 'file with a key that may write events (default: $OCTAVO_SHIP_KEY)')
    .addOption(
      new Option('--format <name>', 'how lines are written')
        .choices(['combined', 'common', 'nginx', 'alb', 'json', 'logfmt', 'regex'])
        .default('combined'),
    )
    .option(
      '--pattern <text>',
      "nginx's log_format as it stands in nginx.conf, or the expression of the format regex",
    )
    .option(
      '--trusted-proxies <network...>',
      'whose X-Forwarded-For in the log is believed: 10.0.0.0/8, private',
    )
    .option('--site <url>', 'put before paths: https://books.example')
    .option('--exclude <pattern...>', 'files that are left out')
    .option('--drop <rule...>', 'leave out and count: assets, health')
    .option('--state <folder>', 'where it keeps how far it is (default: ./octavo-ship)')
    .option('--name <name>', 'of this agent, a part of its ids (default: the name of the machine)')
    .option('--once', 'send what is there, and end')
    .option('--dry-run', 'show what the first lines of each file become; nothing is sent')
    .option('--lines <count>', 'lines of each file that --dry-run shows', '3')
    .addHelpText(
      'after',
      `${exampleText(
        'octavo ship "/var/log/nginx/access.log*" --dry-run',
        'octavo ship "/var/log/nginx/access.log*" --to https://collect.example/v1/events --drop assets health',
        'octavo ship "/srv/archive/access-*.gz" --to https://collect.example/v1/events --once',
        'octavo ship check --config ship.yaml',
        'octavo ship --config ship.yaml',
        'octavo ship status --config ship.yaml',
      )}

A file is known by its content: renamed, copied and truncated, or compressed, it is gone on with where it was. What is sent
twice after a crash is recognised by its id.`,
    )
    .action(async (files: string[], _options: unknown, command: Command) => {
      const options = optionsOf<ShipFlags>(command);
      const answer = answerOf(cli, options);
      const config = await shipConfigOf(cli, files, options);
      if (options.dryRun === true) showDry(answer, config, cli.workingDirectory, options.lines ?? '3');
      else await runShip(cli, config, { ...options, once: options.once ?? false }, answer);
    });
  registerCheck(ship, cli);
  ship
    .command('status')
    .description('How far every file is acknowledged; works while the agent runs.')
    .option('-c, --config <file>', 'the file that the agent was started with')
    .option('--state <folder>', 'its folder, when it was started without a file')
    .addHelpText('after', exampleText('octavo ship status', 'octavo ship status --config ship.yaml --json'))
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<ShipFlags>(command);
      const folder =
        options.config === undefined
          ? resolve(cli.workingDirectory, options.state ?? 'octavo-ship')
          : stateDirectory(await readConfig(cli, options.config), cli.workingDirectory);
      const rows = await shipStatus(fileStorage(), folder);
      answerOf(cli, options).rows(
        rows.map((row) => ({ ...row })),
        { empty: `no file was followed yet in ${folder}` },
      );
    });
}

/** `octavo ship check` */
function registerCheck(ship: Command, cli: Cli): void {
  ship
    .command('check')
    .description(
      'Look at a configuration, its files, and where its state and events go, before the agent is started; nothing is sent.',
    )
    .argument('[files...]', 'as of octavo ship, whose options are taken too')
    .option('-c, --config <file>', 'the configuration file')
    .addHelpText(
      'after',
      exampleText(
        'octavo ship check --config ship.yaml',
        'octavo ship check "/var/log/nginx/access.log*" --to https://collect.example/v1/events',
      ),
    )
    .action(async (files: string[], _options: unknown, command: Command) => {
      const options = optionsOf<ShipFlags>(command);
      const config = await shipConfigOf(cli, files, options);
      const { workingDirectory, environment } = cli;
      const key = environment['OCTAVO_SHIP_KEY'];
      const parts = { workingDirectory, key, storage: fileStorage(), clock: systemClock };
      const checks = await checkShip({ config, ...parts });
      const answer = answerOf(cli, options);
      const shown = (ok: boolean): string | boolean => (answer.json ? ok : ok ? 'ok' : 'NO');
      answer.rows(
        checks.map(({ code, ...check }) => ({
          ...check,
          ok: shown(check.ok),
          code: code ?? (answer.json ? null : ''),
        })),
        { columns: ['ok', 'what', 'finding', 'code'] },
      );
      if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}

function showDry(answer: Answer, config: ShipConfig, workingDirectory: string, lines: string): void {
  const shown = dryRun(config, workingDirectory, numberOption('lines', lines, { from: 1, to: 1000 }));
  answer.document({ rows: shown });
  if (shown.length === 0) answer.note('no file matches, or none has a whole line');
  let file = '';
  for (const line of shown) {
    if (line.file !== file) answer.say(`\n${line.file}`);
    file = line.file;
    answer.say(`\n  ${line.line}`);
    if (line.dropped !== undefined) answer.say(`  -> left out by the rule '${line.dropped}'`);
    else if (line.failed !== undefined) answer.say(`  -> failed: ${line.failed}`);
    else answer.say(`  -> ${JSON.stringify(line.event)}`);
  }
}

async function runShip(
  cli: Cli,
  config: ShipConfig,
  options: GlobalOptions & { readonly once: boolean },
  answer: Answer,
): Promise<void> {
  const { once } = options;
  const logger: Logger = createLogger({
    write: (line) => cli.terminal.err(line.trimEnd()),
    format: answer.json ? 'json' : 'text',
    level: options.debug === true ? 'debug' : once ? 'warn' : 'info',
  });
  const ship = await openShip({
    config,
    hostName: hostname(),
    key: cli.environment['OCTAVO_SHIP_KEY'],
    workingDirectory: cli.workingDirectory,
    storage: fileStorage(),
    clock: systemClock,
    random: Math.random,
    logger,
    once,
  });
  const metrics = config.metrics === undefined || once ? undefined : await serveMetrics(config.metrics);
  try {
    if (!once) {
      answer.document({ ready: true, ...(metrics === undefined ? {} : { metrics: metrics.url }) });
      answer.say(
        `following ${config.inputs.map(({ files }) => [files].flat().join(' ')).join(' ')}; Ctrl-C stops`,
      );
    }
    await ship.agent.run(cli.signal);
  } finally {
    metrics?.close();
    await ship.close();
    const { lines, accepted, duplicates, failed, bytes } = ship.agent.totals;
    answer.document({ lines, bytes, accepted, duplicates, failed, troubles: ship.agent.troubles });
    answer.say(
      `${lines} lines read; ${accepted} events accepted, ${duplicates} known already, ${failed} failed`,
    );
  }
  if (once) tellIncomplete(ship.agent, answer);
}

/** What a person who looks at the end of one-off work should know. Errors: `ship_incomplete`. */
function tellIncomplete({ lags, troubles }: Ship['agent'], answer: Answer): void {
  const told = troubles.map(({ file, offset, reason }) => `${file} beyond byte ${offset}: ${reason}`);
  if (told.length > 0) throw new OctavoError('ship_incomplete', told.join('; '));
  if (lags.length === 0) answer.note('no file has such a name, or none has a whole line');
}
