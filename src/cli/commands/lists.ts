import type { Command } from 'commander';
import { OctavoError, parseDay, suggestion } from '../../base/index.ts';
import type { Edition, ServingStore } from '../../serving/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
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
      '\nExamples:\n  octavo lists\n  octavo lists show daily --category romance\n  octavo lists explain daily item-12\n  octavo lists editions daily',
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
      await withPlatform(cli, options, async ({ store, project }) => {
        const rows = [];
        for (const list of new Set([
          ...project.lists.map(({ id }) => id),
          ...(await store.names('bestseller')),
        ])) {
          const edition = await store.current('bestseller', list);
          const declared = project.lists.find(({ id }) => id === list);
          rows.push({
            list,
            title: declared?.title['ko'] ?? declared?.title['en'] ?? list,
            newest_day: edition?.business_day ?? null,
            revision: edition?.revision ?? null,
            edition: edition?.id ?? null,
          });
        }
        answerOf(cli, options).rows(rows, {
          empty: 'the project declares no lists; see docs/guides/bestsellers.md',
        });
      });
    });
}

function registerShow(lists: Command, cli: Cli): void {
  withEdition(lists.command('show').description('One list.').argument('<list>', 'its id'))
    .option('--category <id>', '`all`, or a category id', 'all')
    .option('--limit <titles>', 'titles at most', '20')
    .option('--csv', 'answer as CSV')
    .action(async (list: string, _options: unknown, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async (platform) => {
        const edition = await editionOf(platform, list, options);
        const page = await platform.store.read(edition.id, options.category, {
          from: 0,
          limit: Number(options.limit),
        });
        if (page === undefined) throw await noCategory(platform.store, edition, options.category);
        const rows = page.entries.map(({ body }) => ({
          rank: body['rank'],
          item_id: body['item_id'],
          title: body['title'],
          count: body['count'],
          previous_rank: body['previous_rank'],
        }));
        const columns = ['rank', 'item_id', 'title', 'count', 'previous_rank'];
        if (options.csv === true) answer.csv(rows, columns);
        else if (answer.json)
          answer.document({
            ...edition,
            category: options.category,
            total: page.total,
            items: page.entries.map(({ body }) => body),
          });
        else answer.rows(rows, { columns });
        cli.terminal.err(
          `${list}, ${options.category}, ${edition.business_day}, revision ${edition.revision}, edition ${edition.id}`,
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
    .action(async (list: string, item: string, _options: unknown, command: Command) => {
      const options = optionsOf<ListOptions>(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async (platform) => {
        const edition = await editionOf(platform, list, options);
        const found = await platform.store.entry(edition.id, options.category, item);
        if (found === undefined) {
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
        const { explanation, ...body } = found.entry.body;
        answer.rows(
          Object.entries({ ...body, ...(explanation as object) }).map(([what, value]) => ({ what, value })),
        );
        if (lines !== undefined) answer.rows(lines);
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
      await withPlatform(cli, options, async ({ store }) => {
        const editions = await store.history('bestseller', list, { limit: Number(options.limit) });
        const rows = editions.map(
          ({ business_day, revision, id, created_at, rule_version, content_hash }) => ({
            business_day,
            revision,
            edition: id,
            created_at,
            rule_version: rule_version.slice(0, 12),
            content: content_hash.slice(0, 12),
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

async function editionOf(platform: Platform, list: string, options: ListOptions): Promise<Edition> {
  const { store, project } = platform;
  const known = new Set([...project.lists.map(({ id }) => id), ...(await store.names('bestseller'))]);
  if (!known.has(list)) throw new OctavoError('list_not_found', `'${list}'${suggestion(list, known)}`);
  if (options.edition !== undefined) {
    const edition = await store.edition(options.edition);
    if (edition?.name === list) return edition;
    throw new OctavoError('edition_not_found', `'${list}' has no edition ${options.edition}`);
  }
  const day = options.day === undefined ? undefined : parseDay(options.day);
  const edition = await store.current('bestseller', list, day);
  if (edition !== undefined) return edition;
  throw new OctavoError(
    'edition_not_found',
    day === undefined ? `'${list}' has not been published yet` : `'${list}' of ${day}`,
  );
}

async function noCategory(store: ServingStore, edition: Edition, category: string): Promise<OctavoError> {
  return new OctavoError(
    'category_not_found',
    `'${category}'${suggestion(category, await store.parts(edition.id))}`,
  );
}
