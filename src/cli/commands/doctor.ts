import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig, OctavoError } from '../../base/index.ts';
import { parseTableName, skipReleased } from '../../warehouse/index.ts';
import {
  answerOf,
  exampleText,
  optionsOf,
  withPlatform,
  type Answer,
  type Cli,
  type GlobalOptions,
} from '../command.ts';
import { makeDataFolder } from '../data-folder.ts';
import type { Platform } from '../platform.ts';
import { checkFolder, checkPlatform, messageOf } from '../doctor-checks.ts';
import type { Finding } from '../finding.ts';

/** `octavo doctor` */
export function registerDoctor(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description(
      'Look whether everything is well: machine, configuration, databases, tables and their files, editions.',
    )
    .option('--restore <table>', 'go back to the newest metadata file of a damaged table that can be read')
    .addHelpText(
      'after',
      `${exampleText('octavo doctor', 'octavo doctor --restore model.sale_lines')}

Exits with 1 when something is wrong. What a restored table has lost is made again by \`octavo run\`.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ restore?: string }>(command);
      const answer = answerOf(cli, options);
      if (options.restore !== undefined) await restore(cli, answer, options, options.restore);
      else await examine(cli, answer, options);
    });
}

async function examine(cli: Cli, answer: Answer, options: GlobalOptions): Promise<void> {
  const root = resolve(cli.workingDirectory, options.project);
  const findings: Finding[] = [];
  try {
    const config = await loadConfig(root, cli.environment);
    const given = options.data === undefined ? undefined : resolve(cli.workingDirectory, options.data);
    const dataFolder = given ?? resolve(root, config.data);
    await makeDataFolder(dataFolder);
    findings.push(...(await checkFolder(dataFolder)));
    if (findings.every(({ status }) => status !== 'wrong'))
      await withPlatform(cli, options, async (platform) => {
        findings.push(...(await checkPlatform(platform)));
      });
  } catch (error) {
    if (cli.signal.aborted) throw error;
    findings.push({ check: 'project', status: 'wrong', detail: messageOf(error) });
  }
  const wrong = findings.filter(({ status }) => status === 'wrong').length;
  if (answer.json) answer.document({ rows: findings, wrong });
  else {
    // What is wrong is told in full below: a table cuts it to the width of the terminal.
    answer.rows(findings.map((finding) => ({ ...finding })));
    for (const { check, detail, status } of findings)
      if (status === 'wrong') answer.say(`\nwrong: ${check}\n  ${detail}`);
    answer.say(
      wrong === 0 ? '\neverything is well' : `\n${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`,
    );
  }
  if (wrong > 0) process.exitCode = 1;
}

/** Errors: `argument_invalid` for a table that can be read, `metadata_damaged` when no older file can. */
async function restore(cli: Cli, answer: Answer, options: GlobalOptions, name: string): Promise<void> {
  await withPlatform(cli, { ...options, own: true, command: 'octavo doctor' }, async (platform) => {
    const { warehouse } = platform;
    const { catalog } = warehouse;
    const id = parseTableName(name);
    const damage = await catalog.load(id).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (damage === undefined) throw new OctavoError('argument_invalid', `'${name}' is not damaged`);
    const [good] = await catalog.readable(id);
    if (good === undefined) throw damage;
    await catalog.register(id, good, { overwrite: true });
    const lost = await takeLoss(platform, name);
    answer.document({ table: name, metadata: good, lost });
    if (lost > 0) answer.say(`${lost} records of the event log that were loaded since then are lost`);
    answer.say(
      `${name} is as ${good} has it; make what it has lost again with octavo run or octavo backfill`,
    );
  });
}

/** Records that were loaded after the metadata file was written, and whose log files are removed already. */
async function takeLoss({ warehouse, ownership }: Platform, name: string): Promise<number> {
  const topic = name === 'raw.events' ? 'events' : name === 'raw.failed_events' ? 'failed' : undefined;
  const log = topic === undefined ? undefined : ownership?.logs[topic];
  if (topic === undefined || log === undefined) return 0;
  const starts = new Map<number, number>();
  for (let partition = 0; partition < log.partitions; partition++)
    starts.set(partition, await log.start(partition));
  return skipReleased(warehouse, topic, starts, log.identity);
}
