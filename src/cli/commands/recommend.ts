import type { Command } from 'commander';
import { OctavoError, parseDay, suggestion } from '../../base/index.ts';
import { popularPart, readerPart, relatedPart, titlesPart } from '../../recommend/index.ts';
import type { Edition, EditionEntry, ServingStore } from '../../serving/index.ts';
import { answerOf, optionsOf, withPlatform, type Cli } from '../command.ts';
import type { Platform } from '../platform.ts';

interface RecommendOptions {
  recommender?: string;
  day?: string;
  limit: string;
}

/** `octavo recommend` */
export function registerRecommend(program: Command, cli: Cli): void {
  const recommend = program
    .command('recommend')
    .description('Read recommendations.')
    .addHelpText('after', '\nExamples:\n  octavo recommend reader r-17\n  octavo recommend related item-12');
  const kinds = [
    {
      name: 'reader',
      what: 'A reader’s titles, with reasons.',
      algorithm: 'personal' as const,
      part: readerPart,
    },
    {
      name: 'related',
      what: 'Titles that go with a title.',
      algorithm: 'related' as const,
      part: relatedPart,
    },
  ];
  for (const kind of kinds) {
    recommend
      .command(kind.name)
      .description(kind.what)
      .argument('<id>', kind.name === 'reader' ? 'the reader’s id' : 'the title’s id')
      .option('--recommender <name>', 'default: the project’s first')
      .option('--day <day>', 'business day (default: the newest)')
      .option('--limit <titles>', 'titles at most', '10')
      .action(async (id: string, _options: unknown, command: Command) => {
        const options = optionsOf<RecommendOptions>(command);
        const answer = answerOf(cli, options);
        await withPlatform(cli, options, async (platform) => {
          const edition = await editionOf(platform, platform.recommenders[kind.algorithm], options);
          const page = { from: 0, limit: Number(options.limit) };
          const own = await platform.store.read(edition.id, kind.part(id), page);
          if (own === undefined && kind.name === 'related') {
            throw new OctavoError('item_not_found', `'${id}' has no related titles in '${edition.name}'`);
          }
          const read = own ?? (await platform.store.read(edition.id, popularPart, page));
          const rows = await Promise.all(
            (read?.entries ?? []).map((entry) => toRow(platform.store, edition, entry)),
          );
          if (answer.json) answer.document({ edition, fallback: own === undefined, items: rows });
          else answer.rows(rows, { empty: 'nothing to recommend' });
          if (own === undefined) cli.terminal.err(`'${id}' has no history: this is the popular list`);
          cli.terminal.err(`${edition.name}, ${edition.business_day}, edition ${edition.id}`);
        });
      });
  }
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
  const day = options.day === undefined ? undefined : parseDay(options.day);
  const edition = await platform.store.current('recommend', name, day);
  if (edition !== undefined) return edition;
  throw new OctavoError(
    'edition_not_found',
    day === undefined ? `'${name}' has not been published yet` : `'${name}' of ${day}`,
  );
}

async function toRow(
  store: ServingStore,
  edition: Edition,
  entry: EditionEntry,
): Promise<Readonly<Record<string, unknown>>> {
  const titleOf = async (id: string): Promise<string> => {
    const found = await store.entry(edition.id, titlesPart, id);
    const title = found?.entry.body['title'];
    return typeof title === 'string' ? title : id;
  };
  const because = Array.isArray(entry.body['because_of']) ? (entry.body['because_of'] as string[]) : [];
  return {
    item_id: entry.key,
    title: await titleOf(entry.key),
    score: entry.body['score'],
    reason: entry.body['reason'],
    because_of: (await Promise.all(because.map(titleOf))).join(' · '),
  };
}
