import type { Command } from 'commander';
import { createProgram } from '../../src/cli/index.ts';
import { table } from './markdown.ts';

const width = 100;

/** The page of every command, with the help that the command prints. */
export function renderCli(): string {
  const program = createProgram({
    terminal: {
      out: () => undefined,
      err: () => undefined,
      status: () => undefined,
      interactive: false,
      width,
    },
    signal: new AbortController().signal,
    environment: {},
    workingDirectory: '.',
  });
  const commands = leaves(program);
  return [
    '# Command line',
    '',
    program.description(),
    '',
    ...table(
      ['command', 'what it does'],
      commands.map((command) => [`[${nameOf(command)}](#${anchorOf(command)})`, command.description()]),
    ),
    '',
    '## Options of every command',
    '',
    ...table(
      ['option', 'meaning', 'default'],
      program.options
        .filter((option) => option.long !== '--version')
        .map((option) => [
          `\`${option.flags}\``,
          option.description,
          option.defaultValue === undefined ? '' : `\`${String(option.defaultValue)}\``,
        ]),
    ),
    '',
    'The answer is written to standard output; progress, notices, the log and errors to standard error.',
    'With `--json`, an error is written to standard output too: `{"error":{"code","message","hint","retryable"}}`.',
    '',
    '## Exit codes',
    '',
    ...table(
      ['code', 'meaning'],
      [
        ['0', 'it was done'],
        ['1', 'it failed while it ran'],
        [
          '2',
          'it cannot work as called: a wrong option, argument or name, and every error with an HTTP status from 400 ' +
            'to 499 in [errors](errors.md)',
        ],
        ['130', 'stopped by Ctrl-C, or the run was cancelled'],
        ['141', 'work was ended because nobody reads the output, e.g. `| head`'],
        ['143', 'stopped by SIGTERM'],
      ],
    ),
    ...commands.flatMap((command) => ['', `## ${nameOf(command)}`, '', '```', helpOf(command), '```']),
    '',
  ].join('\n');
}

/** Commands that do something, in the order of the help; a group stands before its own commands. */
function leaves(command: Command): readonly Command[] {
  return command.commands.flatMap((each) => [each, ...leaves(each)]);
}

function nameOf(command: Command): string {
  const names: string[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) names.unshift(each.name());
  return names.join(' ');
}

function anchorOf(command: Command): string {
  return nameOf(command).replaceAll(' ', '-');
}

/** What `--help` prints, without the options that every command has. */
function helpOf(command: Command): string {
  const written: string[] = [];
  command
    .configureHelp({ showGlobalOptions: false, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => void written.push(text),
      getOutHelpWidth: () => width,
      getOutHasColors: () => false,
    })
    .outputHelp();
  return written.join('').trim();
}
