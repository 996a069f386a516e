import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { parseRole, roles } from '../../api/index.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Cli } from '../command.ts';

interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

/** `octavo users` */
export function registerUsers(program: Command, cli: Cli): void {
  const users = program
    .command('users')
    .description('Add, list and remove the people who sign in to the console.')
    .addHelpText(
      'after',
      exampleText('octavo users', 'octavo users add minji --role editor', 'octavo users passwd minji'),
    );
  registerList(users, cli);
  registerAdd(users, cli);
  registerPasswd(users, cli);
  registerRole(users, cli);
  registerRemove(users, cli);
}

function registerList(users: Command, cli: Cli): void {
  users
    .command('list', { isDefault: true })
    .description('Everybody who may sign in.')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async ({ accounts }) => {
        const rows = accounts.list().map((person) => ({ ...person }));
        answerOf(cli, options).rows(rows, {
          empty: 'nobody yet; add somebody with `octavo users add <name> --role admin`',
        });
      });
    });
}

function registerAdd(users: Command, cli: Cli): void {
  withPassword(
    users
      .command('add')
      .description('Add a person; the password is made and shown once.')
      .argument('<name>', 'what he signs in with')
      .option('--role <role>', `what he may do: ${roles.join(', ')}`, 'viewer'),
  )
    .addHelpText(
      'after',
      exampleText(
        'octavo users add minji --role editor',
        'octavo users add sora --role admin --password-stdin < password.txt',
      ),
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf<PasswordOptions & { role: string }>(command);
      const answer = answerOf(cli, options);
      const role = parseRole(options.role);
      const { password, made } = await passwordOf(options);
      await withPlatform(cli, options, async ({ accounts }) => {
        const person = await accounts.add({ name, role, password });
        answer.document({ ...person, ...(made ? { password } : {}) });
        answer.say(`added ${person.name} as ${person.role}${made ? shownOnce(password) : ''}`);
      });
    });
}

function registerPasswd(users: Command, cli: Cli): void {
  withPassword(
    users
      .command('passwd')
      .description('Give a person a new password; his sessions end.')
      .argument('<name>', 'his name'),
  ).action(async (name: string, _options: unknown, command: Command) => {
    const options = optionsOf<PasswordOptions>(command);
    const answer = answerOf(cli, options);
    const { password, made } = await passwordOf(options);
    await withPlatform(cli, options, async ({ accounts }) => {
      await accounts.setPassword(name, password);
      answer.document({ name, ...(made ? { password } : {}) });
      answer.say(`${name} has a new password${made ? shownOnce(password) : ''}`);
    });
  });
}

function registerRole(users: Command, cli: Cli): void {
  users
    .command('role')
    .description('Give a person another role.')
    .argument('<name>', 'his name')
    .argument('<role>', roles.join(', '))
    .action(async (name: string, given: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const role = parseRole(given);
      await withPlatform(cli, options, async ({ accounts }) => {
        accounts.setRole(name, role);
        answerOf(cli, options).say(`${name} is ${role} now`);
        answerOf(cli, options).document({ name, role });
      });
    });
}

function registerRemove(users: Command, cli: Cli): void {
  users
    .command('remove')
    .description('Remove a person; his sessions end.')
    .argument('<name>', 'his name')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async ({ accounts }) => {
        accounts.remove(name);
        answerOf(cli, options).say(`removed ${name}`);
        answerOf(cli, options).document({ removed: name });
      });
    });
}

function withPassword(command: Command): Command {
  return command.option('--password-stdin', 'take the password from the first line of standard input');
}

/** A password is never an argument: those can be read by others on the machine. */
async function passwordOf(
  options: PasswordOptions,
): Promise<{ readonly password: string; readonly made: boolean }> {
  if (options.passwordStdin !== true)
    return { password: randomBytes(passwordBytes).toString('base64url'), made: true };
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return { password: text.split(/\r?\n/)[0] ?? '', made: false };
}

const passwordBytes = 12;

function shownOnce(password: string): string {
  return `\n\n${password}\n\nKeep it: it is not shown again.`;
}
