import { CommanderError, type Command } from 'commander';
import { OctavoError, suggestion } from '../base/index.ts';

/** Whether commander ended the program because help or the version was asked for; that is written already. */
export function isHelp(thrown: unknown): thrown is CommanderError {
  return (
    thrown instanceof CommanderError &&
    ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(thrown.code)
  );
}

/** What commander says of a wrong call, as an error of ours that names the help to read and the nearest name. */
export function usageError(thrown: CommanderError, program: Command, args: readonly string[]): OctavoError {
  const { command, next } = commandOf(program, args);
  const path = pathOf(command);
  const details = { hint: `see \`${path} --help\`` };
  const names = command.commands.map((child) => child.name());
  const unknown = ['commander.unknownCommand', 'commander.excessArguments'].includes(thrown.code);
  if (unknown && next !== undefined && names.length > 0)
    return new OctavoError(
      'argument_invalid',
      `'${path}' has no command '${next}'${suggestion(next, names)}`,
      {
        details,
      },
    );
  const about = thrown.message
    .replace(/^error: /, '')
    .replace(/\n?\(Did you mean (.+?)\?\)/, (_whole, name: string) => `, did you mean '${name}'?`)
    .trim();
  return new OctavoError('argument_invalid', about, { details });
}

/** The innermost command that the arguments name, and the first argument after it that is no option. */
function commandOf(
  program: Command,
  args: readonly string[],
): { command: Command; next: string | undefined } {
  let command = program;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg.startsWith('-')) {
      const option = [...program.options, ...command.options].find(
        (one) => one.long === arg || one.short === arg,
      );
      if (option?.required === true) at += 1;
      continue;
    }
    const child = command.commands.find((one) => one.name() === arg);
    if (child === undefined) return { command, next: arg };
    command = child;
  }
  return { command, next: undefined };
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
