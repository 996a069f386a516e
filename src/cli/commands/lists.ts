import type { Command } from 'commander';
import { OctavoError, suggestion, type BusinessDay } from '../../base/index.ts';
import type { Edition, ServingStore } from '../../serving/index.ts';
import { dayOption, limitOption } from '../arguments.ts';
import { answerOf, exampleText, notPublished, optionsOf, withPlatform, type Cli } from '../command.ts';
import { explainText, type ExplainedEntry } from '../explain-text.ts';
import type { Platform } from '../platform.ts';

interface ListOptions {
  day?: string;
  edition?: string;
  category: string;
  limit: string;
  csv?: boolean;
  lines?: boolean;
}

/** `octavo lists` */
export function registerLists(program: Command, cli: Cli): void {
  const lists = program
    .command('lists')
    .description('Read the bestseller lists.')
    .addHelpText(
      'after',
      exampleText(
        'octavo lists',
        'octavo lists show daily --category romance',
        'octavo lists explain daily item-12',
        'octavo lists editions daily',
      ),
    );
  registerIndex(lists, cli);
  registerShow(lists, cli);
  registerExplain(lists, cli);
  registerEditions(lists, cli);
}

function registerIndex(lists: Command, cli: Cli): void {
  lists
    .command('index', { isDefault: true })
    .description('The lists with their newest editions.')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      await withPlatform(cli, options, async ({ store, project, config }) => {
        const rows = [];
        for (const list of new Set([
          ...project.lists.map(({ id }) => id),
          ...(await store.names('bestseller')),
        ])) {
          const edition = await store.current('bestseller', list);
          const declared = project.lists.find(({ id }) => id === list);
          rows.push({
            list,
            title: declared?.title[config.locale] ?? list,
            newest_day: edition?.business_day ?? null,
            revision: edition?.revision ?? null,
            edition: edition?.id ?? null,
          });
        }
        answerOf(cli, options).rows(rows, {
          empty: 'the project declares no lists: put a YAML file into lists/',
        });
      });
    });
}

const columns = ['rank', 'previous_rank', 'item_id', 'title', 'author', 'count'] as const;

function registerShow(lists: Command, cli: Cli): void {
  withEdition(lists.command('show').description('One list.').argument('<list>', 'its id'))
    .option('--category <id>', '`all`, or a category id', 'all')
    .option('--limit <titles>', 'titles at most', '20')
    .option('--csv', 'answer as CSV')
    .addHelpText(
      'after',
      exampleText(
        'octavo lists show daily --limit 5',
        'octavo lists show weekly --category essay --day 2026-11-02',
        'octavo lists show daily --csv > daily.csv',
      ),
    )
    .action(async (list: string, _options: unknown, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const answer = answerOf(cli, options);
      const limit = limitOption(options.limit);
      const day = dayOption('day', options.day);
      await withPlatform(cli, options, async (platform) => {
        const edition = await editionOf(platform, list, { day, id: options.edition });
        const page = await platform.store.read(edition.id, options.category, { from: 0, limit });
        if (page === undefined) throw await noCategory(platform.store, edition, options.category);
        const rows = page.entries.map(({ body }) =>
          Object.fromEntries(columns.map((column) => [column, body[column] ?? null])),
        );
        if (options.csv === true) answer.csv(rows, columns);
        else if (answer.json)
          answer.document({
            ...edition,
            category: options.category,
            total: page.total,
            items: page.entries.map(({ body }) => body),
          });
        else answer.rows(rows, { columns });
        answer.note(
          `${list} (${options.category}) of ${edition.business_day}, ${page.entries.length} of ${page.total} titles, ` +
            `revision ${edition.revision}, edition ${edition.id}`,
        );
      });
    });
}

function registerExplain(lists: Command, cli: Cli): void {
  withEdition(
    lists
      .command('explain')
      .description('Why a title has its rank.')
      .argument('<list>', 'its id')
      .argument('<item>', 'the title’s id'),
  )
    .option('--category <id>', '`all`, or a category id', 'all')
    .option('--lines', 'also the sale lines, counted and not counted')
    .addHelpText(
      'after',
      exampleText(
        'octavo lists explain daily t0000012',
        'octavo lists explain weekly t0000012 --category essay --lines',
      ),
    )
    .action(async (list: string, item: string, _options: unknown, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const answer = answerOf(cli, options);
      const day = dayOption('day', options.day);
      await withPlatform(cli, options, async (platform) => {
        const edition = await editionOf(platform, list, { day, id: options.edition });
        const found = await platform.store.entry(edition.id, options.category, item);
        if (found === undefined) {
          if (!(await platform.store.parts(edition.id)).includes(options.category))
            throw await noCategory(platform.store, edition, options.category);
          throw new OctavoError(
            'item_not_on_list',
            `'${item}' is not on '${list}' (${options.category}) of ${edition.business_day}`,
          );
        }
        const lines =
          options.lines === true
            ? await platform.explainLines({
                list,
                category: options.category,
                itemId: item,
                edition: edition.id,
              })
            : undefined;
        if (answer.json) {
          answer.document({ edition, ...found.entry.body, lines });
          return;
        }
        const entry = found.entry.body as unknown as ExplainedEntry;
        answer.say(explainText(entry, { edition, category: options.category }));
        if (lines === undefined) return;
        answer.say('');
        answer.rows(lines, { empty: 'no lines' });
      });
    });
}

function registerEditions(lists: Command, cli: Cli): void {
  lists
    .command('editions')
    .description('A list’s editions, newest first.')
    .argument('<list>', 'its id')
    .option('--limit <editions>', 'editions at most', '20')
    .action(async (list: string, _options: unknown, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const limit = limitOption(options.limit);
      await withPlatform(cli, options, async ({ store, project }) => {
        await knownList({ store, project }, list);
        const editions = await store.history('bestseller', list, { limit });
        const rows = editions.map(
          ({ business_day, revision, id, created_at, rule_version, content_hash }) => ({
            business_day,
            revision,
            edition: id,
            created_at,
            rule_version,
            content_hash: content_hash.slice(0, 16),
          }),
        );
        answerOf(cli, options).rows(rows, { empty: `'${list}' has not been published yet` });
      });
    });
}

function withEdition(command: Command): Command {
  return command
    .option('--day <day>', 'business day (default: the newest)')
    .option('--edition <id>', 'an edition by its id, instead of a day');
}

async function editionOf(
  { store, project }: Pick<Platform, 'store' | 'project'>,
  list: string,
  which: { readonly day: BusinessDay | undefined; readonly id: string | undefined },
): Promise<Edition> {
  await knownList({ store, project }, list);
  if (which.id !== undefined) {
    const edition = await store.edition(which.id);
    if (edition?.name === list) return edition;
    throw new OctavoError('edition_not_found', `'${list}' has no edition ${which.id}`);
  }
  const edition = await store.current('bestseller', list, which.day);
  if (edition !== undefined) return edition;
  if (which.day !== undefined) throw new OctavoError('edition_not_found', `'${list}' of ${which.day}`);
  throw notPublished(list);
}

/** Errors: `list_not_found` for a list that is neither declared nor published. */
async function knownList(
  { store, project }: Pick<Platform, 'store' | 'project'>,
  list: string,
): Promise<void> {
  const known = new Set([...project.lists.map(({ id }) => id), ...(await store.names('bestseller'))]);
  if (!known.has(list)) throw new OctavoError('list_not_found', `'${list}'${suggestion(list, known)}`);
}

async function noCategory(store: ServingStore, edition: Edition, category: string): Promise<OctavoError> {
  return new OctavoError(
    'category_not_found',
    `'${category}'${suggestion(category, await store.parts(edition.id))}`,
  );
}
