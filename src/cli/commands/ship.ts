import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  createLogger,
  fileStorage,
  metricsText,
  OctavoError,
  silentLogger,
  startMetrics,
  systemClock,
  type Logger,
} from '../../base/index.ts';
import {
  dryRun,
  openShip,
  parseShipConfig,
  shipStatus,
  stateDirectory,
  type ShipConfig,
} from '../../collect/index.ts';
import { numberOption } from '../arguments.ts';
import { answerOf, exampleText, optionsOf, type Answer, type Cli, type GlobalOptions } from '../command.ts';

interface ShipFlags {
  readonly config?: string;
  readonly to?: string;
  readonly keyFile?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly site?: string;
  readonly state?: string;
  readonly name?: string;
  readonly exclude?: readonly string[];
  readonly drop?: readonly string[];
  readonly once?: boolean;
  readonly dryRun?: boolean;
  readonly lines?: string;
}

/** `octavo ship` */
export function registerShip(program: Command, cli: Cli): void {
  const ship = program
    .command('ship')
    .description('Follow log files of web servers and send what readers did; needs no project.')
    .argument('[files...]', 'patterns of paths, quoted: "/var/log/nginx/access.log*"; .gz files are read too')
    .option('-c, --config <file>', 'everything in a file, see docs/guides/ship.md')
    .option('--to <url>', "the collector's address, https://collect.example/v1/events")
    .option('--key-file <file>', 'file with a key that may write events (default: $OCTAVO_SHIP_KEY)')
    .option('--format <name>', 'combined, common, nginx, json, logfmt or regex', 'combined')
    .option('--pattern <text>', "nginx's log_format, or the expression of the format regex")
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
        'octavo ship --config ship.yaml',
        'octavo ship status --config ship.yaml',
      )}

A file is known by its content: renamed, copied and truncated, or compressed, it is gone on with where it was. What is sent
twice after a crash is recognised by its id.`,
    )
    .action(async (files: string[], _options: unknown, command: Command) => {
      const options = optionsOf<ShipFlags>(command);
      const answer = answerOf(cli, options);
      const config = await configOf(cli, files, options);
      if (options.dryRun === true) showDry(answer, config, cli.workingDirectory, options.lines ?? '3');
      else await runShip(cli, config, { ...options, once: options.once ?? false }, answer);
    });
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

async function readConfig(cli: Cli, file: string): Promise<ShipConfig> {
  const path = resolve(cli.workingDirectory, file);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (cause) {
    throw new OctavoError('argument_invalid', `--config ${file} cannot be read`, { cause });
  }
  return parseShipConfig(content, file);
}

/** The configuration file, or what the flags say. */
async function configOf(cli: Cli, files: readonly string[], options: ShipFlags): Promise<ShipConfig> {
  if (options.config !== undefined) {
    if (files.length > 0) throw new OctavoError('argument_invalid', 'give either files or --config');
    return await readConfig(cli, options.config);
  }
  if (files.length === 0)
    throw new OctavoError('argument_invalid', 'name the files to follow, or give --config');
  if (options.to === undefined && options.dryRun !== true)
    throw new OctavoError('argument_invalid', 'say with --to where the events go, or look with --dry-run');
  const { format, pattern, site, exclude, drop, state, name, keyFile } = options;
  const input = { files, format, pattern, site, exclude, drop };
  const to = { url: options.to ?? 'http://127.0.0.1/v1/events', key_file: keyFile };
  return parseShipConfig(JSON.stringify({ name, state, to, inputs: [input] }), 'the options');
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
  const logger: Logger = once
    ? silentLogger
    : createLogger({
        write: (line) => cli.terminal.err(line.trimEnd()),
        format: answer.json ? 'json' : 'text',
        level: options.debug === true ? 'debug' : 'info',
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
    answer.document({ lines, bytes, accepted, duplicates, failed });
    answer.say(
      `${lines} lines read; ${accepted} events accepted, ${duplicates} known already, ${failed} failed`,
    );
  }
}

async function serveMetrics(address: {
  readonly host: string;
  readonly port: number;
}): Promise<{ readonly url: string; close(): void }> {
  await startMetrics();
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    void metricsText().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(address.port, address.host, done);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  return {
    url: `http://${address.host}:${port}/metrics`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
