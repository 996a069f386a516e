import type { Command } from 'commander';
import { systemClock } from '../base/index.ts';
import { renderCsv, renderJson, renderTable, type Row, type Terminal } from './output.ts';
import { openPlatform, type Platform } from './platform.ts';
import { createSteps, type Steps } from './progress.ts';

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
  /** One JSON document; nothing without `--json`. */
  document(value: unknown): void;
}

/** The answer of a command, by its global options. */
export function answerOf(cli: Cli, options: GlobalOptions): Answer {
  const json = options.json === true;
  const { terminal } = cli;
  return {
    json,
    steps: createSteps(terminal, { json, nowMs: () => systemClock.now() }),
    rows: (rows, { columns, empty } = {}) => {
      if (json) terminal.out(renderJson({ rows }));
      else if (rows.length === 0) terminal.err(empty ?? 'nothing to show');
      else terminal.out(renderTable(rows, columns));
    },
    csv: (rows, columns) => terminal.out(renderCsv(rows, columns)),
    say: (text) => {
      if (!json) terminal.out(text);
    },
    document: (value) => {
      if (json) terminal.out(renderJson(value));
    },
  };
}

/** The options of a command and of the program above it. */
export function optionsOf<T extends object>(command: Command): T & GlobalOptions {
  return command.optsWithGlobals<T & GlobalOptions>();
}

/** Opens the project's platform for the time of the function. */
export async function withPlatform<T>(
  cli: Cli,
  options: GlobalOptions & {
    readonly own?: boolean;
    readonly sourcePaths?: Readonly<Record<string, string>>;
  },
  run: (platform: Platform) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform({
    projectDirectory: options.project,
    ...(options.data === undefined ? {} : { dataDirectory: options.data }),
    environment: cli.environment,
    workingDirectory: cli.workingDirectory,
    json: options.json === true,
    own: options.own ?? false,
    ...(options.sourcePaths === undefined ? {} : { sourcePaths: options.sourcePaths }),
  });
  try {
    return await run(platform);
  } finally {
    await platform.close();
  }
}
