import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig, OctavoError } from '../../base/index.ts';
import { parseTableName } from '../../warehouse/index.ts';
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
import { checkFolder, checkPlatform, messageOf, type Finding } from '../doctor-checks.ts';

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
  await withPlatform(cli, { ...options, own: true, command: 'octavo doctor' }, async ({ warehouse }) => {
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
    answer.document({ table: name, metadata: good });
    answer.say(
      `${name} is as ${good} has it; make what it has lost again with octavo run or octavo backfill`,
    );
  });
}
