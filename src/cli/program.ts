import { Command } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import type { Cli } from './command.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerImport } from './commands/import.ts';
import { registerInit } from './commands/init.ts';
import { registerKeys } from './commands/keys.ts';
import { registerLists } from './commands/lists.ts';
import { registerMetrics } from './commands/metrics.ts';
import { registerQuery } from './commands/query.ts';
import { registerRecommend } from './commands/recommend.ts';
import { registerBackfill, registerRun } from './commands/run.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStart } from './commands/start.ts';
import { registerStatus } from './commands/status.ts';
import { registerTables } from './commands/tables.ts';

/** The `octavo` command with all of its subcommands. */
export function createProgram(cli: Cli): Command {
  const program = new Command('octavo')
    .description('The data platform of a digital bookstore: collects, keeps, counts, recommends, serves.')
    .version(packageFile.version)
    .option('-p, --project <folder>', 'folder with octavo.config.ts', '.')
    .option('--data <folder>', 'data folder, instead of the configured one')
    .option('--json', 'answer as JSON')
    .option('--debug', 'show where an error came from')
    .showSuggestionAfterError()
    .showHelpAfterError('see octavo --help')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText(
      'after',
      `
Begin here:
  octavo demo                a whole store with a month of history, served on this machine
  octavo init my-store       a project of your own
  octavo <command> --help    examples of every command`,
    );
  for (const register of commands) register(program, cli);
  return program;
}

const commands = [
  registerInit,
  registerDemo,
  registerStart,
  registerRun,
  registerBackfill,
  registerStatus,
  registerQuery,
  registerTables,
  registerLists,
  registerRecommend,
  registerEvaluate,
  registerMetrics,
  registerImport,
  registerSimulate,
  registerKeys,
  registerDoctor,
] as const;
