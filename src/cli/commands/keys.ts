import type { Command } from 'commander';
import { scopes, type Scope } from '../../api/index.ts';
import { OctavoError, suggestion, type Config } from '../../base/index.ts';
import { numberOption } from '../arguments.ts';
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
        const rows = listed.map((key) => ({
          ...key,
          scopes: key.scopes.join(' '),
          origins: key.origins?.join(' ') ?? '',
        }));
        answer.rows(rows, {
          empty: 'no keys yet; make one with `octavo keys create <name>`',
        });
      });
    });
  keys
    .command('create')
    .description('Make a key; it is shown once.')
    .argument('[name]', 'who or what it is for; the source of the events that come with it')
    .option('--scope <scope...>', `what it may do: ${scopes.join(', ')} (default: everything)`)
    .option('--browser', 'for the store’s pages: it may only send events, and only from --origin')
    .option(
      '--origin <origin...>',
      'pages that may send with it, e.g. https://store.example, https://*.store.example',
    )
    .option('--rate <events>', 'events a second that it may send, over some seconds (default: as configured)')
    .addHelpText(
      'after',
      exampleText(
        'octavo keys create store --scope bestsellers:read recommendations:read',
        'octavo keys create app-server --scope events:write',
        'octavo keys create web --browser --origin https://store.example https://www.store.example',
      ),
    )
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const options = optionsOf<NewKey>(command);
      const answer = answerOf(cli, options);
      assertOneUse(name, options);
      const given = options.scope?.map(toScope) ?? scopes;
      const eventsPerSecondMax =
        options.rate === undefined
          ? undefined
          : numberOption('rate', options.rate, { from: 1, to: 1_000_000 });
      await withPlatform(cli, options, async ({ keys: store, config }) => {
        const { key, record } =
          options.browser === true
            ? store.createForBrowser(name ?? 'browser', options.origin ?? [], { eventsPerSecondMax })
            : store.create(name ?? '', given, { eventsPerSecondMax });
        answer.document({ key, ...record });
        if (options.browser === true) {
          const tag = trackerTag(config, key);
          answer.say(
            `${key}\n\nIt may only send events, from pages of ${record.origins?.join(', ')}:\n  ${tag}`,
          );
          return;
        }
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

/** The tag that a page needs. */
function trackerTag({ tracker, http }: Config, key: string): string {
  const url = `${http.publicUrl ?? `http://${http.host}:${http.port}`}${tracker.path}/${tracker.script}`;
  const send = tracker.send === 'e' ? '' : ` data-url="${new URL(tracker.send, url).href}"`;
  return `<script async src="${url}"${send} data-key="${key}"></script>`;
}

interface NewKey {
  readonly scope?: readonly string[];
  readonly browser?: boolean;
  readonly origin?: readonly string[];
  readonly rate?: string;
}

/** A key is either for a server, with scopes, or for pages, with origins. */
function assertOneUse(name: string | undefined, { scope, browser, origin }: NewKey): void {
  const fail = (about: string): never => {
    throw new OctavoError('argument_invalid', about);
  };
  if (browser === true && scope !== undefined)
    fail("a browser's key may only send events, leave --scope out");
  if (browser === true && origin === undefined) fail("a browser's key needs --origin https://…");
  if (browser !== true && origin !== undefined) fail('--origin goes with --browser');
  if (browser !== true && name === undefined) fail('give the key a name: who or what it is for');
}

function toScope(text: string): Scope {
  const scope = scopes.find((known) => known === text);
  if (scope === undefined)
    throw new OctavoError('argument_invalid', `scope '${text}'${suggestion(text, scopes)}`);
  return scope;
}
