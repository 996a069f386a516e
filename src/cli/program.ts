import { Command } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import type { Cli } from './command.ts';
import { registerCollect } from './commands/collect.ts';
import { registerAlerts, registerDeliver } from './commands/deliver.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerEvents } from './commands/events.ts';
import { registerImport } from './commands/import.ts';
import { registerSources } from './commands/sources.ts';
import { registerInit } from './commands/init.ts';
import { registerKeys } from './commands/keys.ts';
import { registerLists } from './commands/lists.ts';
import { registerLoad } from './commands/load.ts';
import { registerMetrics } from './commands/metrics.ts';
import { registerQuery } from './commands/query.ts';
import { registerRecommend } from './commands/recommend.ts';
import { registerBackfill, registerRun } from './commands/run.ts';
import { registerShip } from './commands/ship.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStart } from './commands/start.ts';
import { registerStatus } from './commands/status.ts';
import { registerTables } from './commands/tables.ts';
import { registerUsers } from './commands/users.ts';

/** The `octavo` command with all of its subcommands. A wrong call, and help, are thrown as commander's errors. */
export function createProgram(cli: Cli): Command {
  const { terminal } = cli;
  const program = new Command('octavo')
    .description('The data platform of a digital bookstore: collects, keeps, counts, recommends, serves.')
    .version(packageFile.version)
    .option('-p, --project <folder>', 'folder with octavo.config.ts', '.')
    .option('--data <folder>', 'data folder, instead of the configured one')
    .option('--json', 'answer as JSON: one document, or a line for each step of long work')
    .option('--debug', 'show where an error came from')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: () => undefined,
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addHelpText('after', about)
    .helpCommand(true)
    .action(() => program.help());
  for (const register of commands) register(program, cli);
  return program;
}

const about = `
Begin here:
  octavo demo                a whole store with a month of history, served on this machine
  octavo init my-store       a project of your own
  octavo <command> --help    examples of every command

The answer goes to standard output, progress and errors to standard error.
Exit codes: 0 done, 1 failed while it ran, 2 can't work as called, 130 stopped by Ctrl-C.`;

const commands = [
  registerInit,
  registerDemo,
  registerStart,
  registerCollect,
  registerEvents,
  registerLoad,
  registerRun,
  registerBackfill,
  registerStatus,
  registerQuery,
  registerTables,
  registerLists,
  registerRecommend,
  registerEvaluate,
  registerMetrics,
  registerAlerts,
  registerDeliver,
  registerImport,
  registerSources,
  registerShip,
  registerSimulate,
  registerKeys,
  registerUsers,
  registerDoctor,
] as const;
