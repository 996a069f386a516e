import type { Command } from 'commander';
import { OctavoError, suggestion } from '../../base/index.ts';
import {
  popularPart,
  readerPart,
  reasonText,
  relatedPart,
  relatedText,
  titlesPart,
} from '../../recommend/index.ts';
import type { Edition, EditionEntry, ServingStore } from '../../serving/index.ts';
import { dayOption, limitOption } from '../arguments.ts';
import {
  answerOf,
  exampleText,
  notPublished,
  optionsOf,
  withPlatform,
  type Answer,
  type Cli,
} from '../command.ts';
import type { Platform } from '../platform.ts';
import { readerLookup } from '../reader-lookup.ts';

interface RecommendOptions {
  recommender?: string;
  day?: string;
  limit: string;
  csv?: boolean;
}

/** `octavo recommend` */
export function registerRecommend(program: Command, cli: Cli): void {
  const recommend = program
    .command('recommend')
    .description('Read the recommendations.')
    .addHelpText(
      'after',
      exampleText(
        'octavo recommend                     the recommenders, and a reader to try',
        'octavo recommend reader r0000017',
        'octavo recommend related t0000012',
      ),
    );
  registerIndex(recommend, cli);
  withOptions(
    recommend
      .command('reader')
      .description('A reader’s titles, with reasons.')
      .argument('<id>', 'the reader’s id'),
    exampleText(
      'octavo recommend reader r0000017 --limit 5',
      'octavo recommend reader r0000017 --day 2026-11-02 --recommender popular',
    ),
  ).action(async (id: string, _options: unknown, command: Command) => {
    const { answer, limit, options } = callOf(cli, command);
    await withPlatform(cli, options, async (platform) => {
      const { store, recommenders } = platform;
      const edition = await editionOf(platform, recommenders.personal, options);
      const own = await store.read(edition.id, readerPart(id), { from: 0, limit });
      if (own === undefined && (await readerExists(platform, id)) === false)
        throw new OctavoError('reader_not_found', `'${id}'`);
      const read = own ?? (await store.read(edition.id, popularPart, { from: 0, limit }));
      const items = await Promise.all(
        (read?.entries ?? []).map(async (entry) => toItem(store, edition, entry, reasonText)),
      );
      showItems(answer, options, { edition, fallback: own === undefined, items });
      if (own === undefined) answer.note(`'${id}' has no history: this is the list for everyone`);
      answer.note(`${edition.name}, ${edition.business_day}, edition ${edition.id}`);
    });
  });
  withOptions(
    recommend
      .command('related')
      .description('Titles that go with a title.')
      .argument('<id>', 'the title’s id'),
    exampleText('octavo recommend related t0000012 --limit 5'),
  ).action(async (id: string, _options: unknown, command: Command) => {
    const { answer, limit, options } = callOf(cli, command);
    await withPlatform(cli, options, async (platform) => {
      const { store, recommenders } = platform;
      const edition = await editionOf(platform, recommenders.related, options);
      const read = await store.read(edition.id, relatedPart(id), { from: 0, limit });
      if (read === undefined)
        throw new OctavoError('item_not_found', `'${id}' has no related titles in '${edition.name}'`);
      const items = await Promise.all(
        read.entries.map(async (entry) =>
          toItem(store, edition, entry, (reason, [source = id], language) =>
            relatedText(reason, source, language),
          ),
        ),
      );
      showItems(answer, options, { edition, items });
      answer.note(`${edition.name}, ${edition.business_day}, edition ${edition.id}`);
    });
  });
}

/** Undefined when the configuration names no table of readers. */
async function readerExists(platform: Platform, id: string): Promise<boolean | undefined> {
  const { table } = platform.config.readers;
  return table === undefined ? undefined : readerLookup(platform, table)(id);
}

function registerIndex(recommend: Command, cli: Cli): void {
  recommend
    .command('index', { isDefault: true })
    .description('The recommenders with their newest editions.')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      const answer = answerOf(cli, options);
      await withPlatform(cli, options, async ({ store, project, recommenders }) => {
        const rows = [];
        for (const { name, algorithm } of project.recommenders) {
          const edition = await store.current('recommend', name);
          rows.push({
            recommender: name,
            algorithm,
            newest_day: edition?.business_day ?? null,
            readers: edition?.counts['readers'] ?? null,
            titles: edition?.counts['items'] ?? null,
            edition: edition?.id ?? null,
          });
        }
        answer.rows(rows, { empty: 'the project declares no recommenders: put a file into recommenders/' });
        const [name = ''] = recommenders.personal;
        const edition = await store.current('recommend', name);
        const parts = edition === undefined ? [] : await store.parts(edition.id);
        const reader = parts.find((part) => part.startsWith(readerPart('')));
        if (reader !== undefined)
          answer.note(`try: octavo recommend reader ${reader.slice(readerPart('').length)}`);
      });
    });
}

function withOptions(command: Command, examples: string): Command {
  return command
    .option('--recommender <name>', 'default: the project’s first')
    .option('--day <day>', 'business day (default: the newest)')
    .option('--limit <titles>', 'titles at most', '10')
    .option('--csv', 'answer as CSV')
    .addHelpText('after', examples);
}

/** Checks the options before anything is opened. */
function callOf(
  cli: Cli,
  command: Command,
): {
  readonly answer: Answer;
  readonly limit: number;
  readonly options: ReturnType<typeof optionsOf<RecommendOptions>>;
} {
  const options = optionsOf<RecommendOptions>(command);
  dayOption('day', options.day);
  return { answer: answerOf(cli, options), limit: limitOption(options.limit), options };
}

async function editionOf(
  platform: Platform,
  known: readonly string[],
  options: RecommendOptions,
): Promise<Edition> {
  const name = options.recommender ?? known[0];
  if (name === undefined || !known.includes(name)) {
    const about =
      name === undefined ? 'the project declares none of this kind' : `'${name}'${suggestion(name, known)}`;
    throw new OctavoError('recommender_not_found', about);
  }
  const day = dayOption('day', options.day);
  const edition = await platform.store.current('recommend', name, day);
  if (edition !== undefined) return edition;
  if (day !== undefined) throw new OctavoError('edition_not_found', `'${name}' of ${day}`);
  throw notPublished(name);
}

interface Item {
  readonly item_id: string;
  readonly title: string;
  readonly score: unknown;
  readonly reason: string;
  readonly because_of: readonly { readonly item_id: string; readonly title: string }[];
  readonly why: { readonly ko: string; readonly en: string };
}

function showItems(
  answer: Answer,
  options: RecommendOptions,
  shown: { readonly edition: Edition; readonly fallback?: boolean; readonly items: readonly Item[] },
): void {
  const rows = shown.items.map(({ item_id, title, why, score }) => ({ item_id, title, why: why.en, score }));
  if (options.csv === true) answer.csv(rows, ['item_id', 'title', 'why', 'score']);
  else if (answer.json) answer.document(shown);
  else answer.rows(rows, { empty: 'nothing to recommend' });
}

async function toItem(
  store: ServingStore,
  edition: Edition,
  entry: EditionEntry,
  tell: typeof reasonText,
): Promise<Item> {
  const titleOf = async (id: string): Promise<string> => {
    const found = await store.entry(edition.id, titlesPart, id);
    const title = found?.entry.body['title'];
    return typeof title === 'string' ? title : id;
  };
  const reason = String(entry.body['reason']);
  const ids = Array.isArray(entry.body['because_of']) ? (entry.body['because_of'] as string[]) : [];
  const causes = await Promise.all(ids.map(async (id) => ({ item_id: id, title: await titleOf(id) })));
  const titles = causes.map(({ title }) => title);
  return {
    item_id: entry.key,
    title: await titleOf(entry.key),
    score: entry.body['score'],
    reason,
    because_of: causes,
    why: { ko: tell(reason, titles, 'ko'), en: tell(reason, titles, 'en') },
  };
}
