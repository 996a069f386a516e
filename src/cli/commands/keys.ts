import type { Command } from 'commander';
import { scopes, type Scope } from '../../api/index.ts';
import { OctavoError, suggestion } from '../../base/index.ts';
import { answerOf, exampleText, optionsOf, withPlatform, type Cli } from '../command.ts';

/** `octavo keys` */
export function registerKeys(program: Command, cli: Cli): void {
  const keys = program
    .command('keys')
    .description('Make, list and revoke API keys.')
    .addHelpText(
      'after',
      exampleText('octavo keys', 'octavo keys create store', 'octavo keys revoke 331d8bab83e8'),
    );
  keys
    .command('list', { isDefault: true })
    .description('The keys, without their secrets.')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async ({ keys: store }) => {
        const listed = store.list();
        const answer = answerOf(cli, options);
        if (answer.json) {
          answer.document({ rows: listed });
          return;
        }
        const rows = listed.map((key) => ({ ...key, scopes: key.scopes.join(' ') }));
        answer.rows(rows, {
          empty: 'no keys yet; make one with `octavo keys create <name>`',
        });
      });
    });
  keys
    .command('create')
    .description('Make a key; it is shown once.')
    .argument('<name>', 'who or what it is for')
    .option('--scope <scope...>', `what it may do: ${scopes.join(', ')} (default: everything)`)
    .addHelpText(
      'after',
      exampleText(
        'octavo keys create store --scope bestsellers:read recommendations:read',
        'octavo keys create website --scope events:write',
      ),
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = optionsOf<{ scope?: string[] }>(command);
      const answer = answerOf(cli, options);
      const granted = options.scope?.map(toScope) ?? scopes;
      await withPlatform(cli, options, async ({ keys: store }) => {
        const { key, record } = store.create(name, granted);
        answer.document({ key, ...record });
        answer.say(`${key}\n\nKeep it: it is not shown again. Send it as  Authorization: Bearer ${key}`);
      });
    });
  keys
    .command('revoke')
    .description('End a key.')
    .argument('<id>', 'its id, see `octavo keys list`')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async ({ keys: store }) => {
        store.revoke(id);
        answerOf(cli, options).say(`revoked ${id}`);
        answerOf(cli, options).document({ revoked: id });
      });
    });
}

function toScope(text: string): Scope {
  const scope = scopes.find((known) => known === text);
  if (scope === undefined)
    throw new OctavoError('argument_invalid', `scope '${text}'${suggestion(text, scopes)}`);
  return scope;
}
