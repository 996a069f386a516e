import { resolve } from 'node:path';
import type { Command } from 'commander';
import { OctavoError, systemClock, type Config } from '../base/index.ts';
import { commandFor } from './invocation.ts';
import { renderCsv } from './output.ts';
import { openPlatform, type Platform } from './platform.ts';
import { createSteps, type Steps } from './progress.ts';
import { jsonText, tableText, type Row } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly project: string;
  readonly data?: string | undefined;
  readonly json?: boolean | undefined;
  readonly debug?: boolean | undefined;
}

/** What a command is given beside its own arguments. */
export interface Cli {
  readonly terminal: Terminal;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** The environment, for configuration and secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder in which the command was called. */
  readonly workingDirectory: string;
}

/** A command's means to answer: tables for people, JSON with `--json`. */
export interface Answer {
  readonly json: boolean;
  readonly steps: Steps;
  /** Rows as a table, or as JSON `{ rows }`. */
  rows(
    rows: readonly Row[],
    options?: { readonly columns?: readonly string[]; readonly empty?: string },
  ): void;
  csv(rows: readonly Row[], columns: readonly string[]): void;
  /** A text for people; nothing with `--json`. */
  say(text: string): void;
  /** What is said beside the answer, on standard error; nothing with `--json`. */
  note(text: string): void;
  /** One JSON document; nothing without `--json`. */
  document(value: unknown): void;
}

/** The answer of a command, by its options. Errors: `argument_invalid` when both CSV and JSON are wanted. */
export function answerOf(cli: Cli, options: GlobalOptions & { readonly csv?: boolean }): Answer {
  const json = options.json === true;
  if (json && options.csv === true)
    throw new OctavoError('argument_invalid', '--csv and --json exclude each other, give one of them');
  const { terminal } = cli;
  const note = (text: string): void => {
    if (!json) terminal.err(text);
  };
  return {
    json,
    steps: createSteps(terminal, { json, nowMs: () => systemClock.now() }),
    rows: (rows, { columns, empty } = {}) => {
      if (json) {
        terminal.out(jsonText({ rows }));
        return;
      }
      if (rows.length === 0) {
        note(empty ?? 'nothing to show');
        return;
      }
      const { text, cut } = tableText(rows, columns, terminal.width);
      terminal.out(text);
      if (cut) note('cut to the width of the terminal; --json, or a pipe, gives everything');
    },
    csv: (rows, columns) => terminal.out(renderCsv(rows, columns)),
    say: (text) => {
      if (!json) terminal.out(text);
    },
    note,
    document: (value) => {
      if (json) terminal.out(jsonText(value));
    },
  };
}

/** Calls to show below a command's help. */
export function exampleText(...calls: readonly string[]): string {
  return ['\nExamples:', ...calls.map((call) => `  ${call}`)].join('\n');
}

/** Nothing has been published under this name. */
export function notPublished(name: string): OctavoError {
  return new OctavoError('edition_not_found', `'${name}' has not been published yet`, {
    details: { hint: 'run a day’s cycle with `octavo run`; `octavo status` shows what there is' },
  });
}

/** The options of a command and of the program above it. */
export function optionsOf<T extends object>(command: Command): T & GlobalOptions {
  return command.optsWithGlobals<T & GlobalOptions>();
}

/** The command that people copy to reach the same project and data again. */
export function commandOf(cli: Cli, options: GlobalOptions, { project }: Platform): string {
  const { workingDirectory, environment } = cli;
  const data = options.data === undefined ? undefined : resolve(workingDirectory, options.data);
  return commandFor({ workingDirectory, environment, data, root: project.root });
}

/** Opens the project's platform for the time of the function. */
export async function withPlatform<T>(
  cli: Cli,
  options: GlobalOptions & {
    readonly own?: boolean | 'log';
    /** Shown to others as the holder of the data folder. */
    readonly command?: string;
    readonly sourcePaths?: Readonly<Record<string, string>>;
    /** Called before a data folder is made that is not there. */
    readonly beforeMaking?: (config: Config) => Promise<void>;
  },
  run: (platform: Platform) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform({
    projectDirectory: options.project,
    ...(options.data === undefined ? {} : { dataDirectory: resolve(cli.workingDirectory, options.data) }),
    environment: cli.environment,
    workingDirectory: cli.workingDirectory,
    json: options.json === true,
    own: options.own ?? false,
    command: options.command ?? 'octavo',
    writeLog: (line) => cli.terminal.err(line.trimEnd()),
    ...(options.sourcePaths === undefined ? {} : { sourcePaths: options.sourcePaths }),
    ...(options.beforeMaking === undefined ? {} : { beforeMaking: options.beforeMaking }),
  });
  try {
    return await run(platform);
  } finally {
    await platform.close();
  }
}
