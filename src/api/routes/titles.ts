import { Type } from '@sinclair/typebox';
import { OctavoError } from '../../base/index.ts';
import { splitChange } from '../../bestseller/index.ts';
import type { Edition, EditionEntry } from '../../serving/index.ts';
import type { ApiServer, RouteContext } from '../context.ts';
import { findEdition, stampOf } from '../editions.ts';
import { answerTagged } from '../etag.ts';
import { assertList, describeList, notOnList, overall } from '../list-access.ts';
import { daysUpTo } from '../list-days.ts';
import { areDistinguishable, rankOf, type ListRanks } from '../list-ranks.ts';
import { ItemRankings, RankChange, SearchResults } from '../list-schemas.ts';
import { otherAnswers } from '../problem.ts';
import { Category, EditionQuery } from './bestsellers.ts';

const config = { scope: 'bestsellers:read' } as const;
const daysDefault = 90;
const foundDefault = 8;

/** One title: why it moved, where it stands and stood, and how it is found. */
export function titleRoutes(server: ApiServer, context: RouteContext, ranks: ListRanks): void {
  changeRoute(server, context, ranks);
  rankingsRoute(server, context);
  searchRoute(server, context);
}

function changeRoute(server: ApiServer, context: RouteContext, ranks: ListRanks): void {
  const { store, shop } = context;
  server.get(
    '/v1/bestsellers/:list/items/:id/change',
    {
      config,
      schema: {
        operationId: 'explainChange',
        summary: 'Why a title moved since the list before, and how far its neighbours are',
        tags: ['Bestsellers'],
        params: Type.Object({ list: Type.String(), id: Type.String() }),
        querystring: Type.Object({ category: Category, ...EditionQuery }, { additionalProperties: false }),
        response: {
          200: RankChange,
          ...otherAnswers('list_not_found', 'edition_not_found', 'category_not_found', 'item_not_on_list'),
        },
      },
    },
    async (request, reply) => {
      const { list, id } = request.params;
      const { category = overall } = request.query;
      await assertList(context, list);
      const { edition } = await findEdition(store, 'bestseller', list, request.query);
      const found = await store.entry(edition.id, category, id);
      if (found === undefined) throw await notOnList(store, edition, { list, category, id });
      const now = rankOf(found.entry);
      const dayBefore = shop.calendar.addDays(edition.business_day, -1);
      const before = await store.current('bestseller', list, dayBefore);
      const ranksBefore = before === undefined ? undefined : await ranks.of(before, category);
      const told = found.entry.body['previous_rank'];
      const parts =
        before === undefined || ranksBefore === undefined
          ? undefined
          : splitChange({
              now,
              before: ranksBefore,
              toldRank: typeof told === 'number' ? told : null,
              sameRules: before.rule_version === edition.rule_version,
            });
      return answerTagged(request, reply, {
        ...stampOf(edition),
        list,
        category,
        item_id: id,
        rank: now.rank,
        previous:
          before === undefined
            ? null
            : { edition: before.id, business_day: before.business_day, rank: parts?.previousRank ?? null },
        parts:
          parts === undefined
            ? null
            : {
                own: parts.own,
                others: parts.others,
                rules: parts.rules,
                corrections: parts.corrections,
              },
        neighbours: await neighboursOf(context, edition, {
          category,
          position: found.position,
          count: now.count,
        }),
      });
    },
  );
}

/** The title before and the title behind, with what lies between. */
async function neighboursOf(
  { store }: RouteContext,
  edition: Edition,
  at: { readonly category: string; readonly position: number; readonly count: number },
): Promise<RankChange['neighbours']> {
  const from = Math.max(0, at.position - 1);
  const read = await store.read(edition.id, at.category, { from, limit: at.position - from + 2 });
  return (read?.entries ?? []).flatMap((entry, index) => {
    if (from + index === at.position) return [];
    const { itemId, rank, count } = rankOf(entry);
    return [
      {
        item_id: itemId,
        title: String(entry.body['title'] ?? itemId),
        title_en: textOf(entry.body['title_en']),
        rank,
        distance: at.count - count,
        distinguishable: areDistinguishable(at.count, count),
      },
    ];
  });
}

function rankingsRoute(server: ApiServer, context: RouteContext): void {
  server.get(
    '/v1/items/:id/rankings',
    {
      config,
      schema: {
        operationId: 'getItemRankings',
        summary: 'Where a title stands and stood, on every list',
        tags: ['Bestsellers'],
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object(
          { days: Type.Optional(Type.Integer({ minimum: 2, maximum: 400, default: daysDefault })) },
          { additionalProperties: false },
        ),
        response: { 200: ItemRankings, ...otherAnswers('item_not_found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      return answerTagged(request, reply, await rankingsOf(context, id, request.query.days ?? daysDefault));
    },
  );
}

async function rankingsOf(context: RouteContext, id: string, count: number): Promise<ItemRankings> {
  const { store, lists } = context;
  const newest = new Map<string, Edition>();
  for (const name of await store.names('bestseller')) {
    const edition = await store.current('bestseller', name);
    if (edition !== undefined) newest.set(name, edition);
  }
  const last = [...newest.values()]
    .map(({ business_day }) => business_day)
    .toSorted()
    .at(-1);
  const days = last === undefined ? [] : daysUpTo(last, count);
  let latest: EditionEntry | undefined;
  const histories: ItemRankings['lists'] = [];
  const places: ItemRankings['places'] = [];
  for (const [list, edition] of newest) {
    const ranks: (number | null)[] = [];
    const counts: (number | null)[] = [];
    for (const day of days) {
      const then = day === edition.business_day ? edition : await store.current('bestseller', list, day);
      const found = then === undefined ? undefined : await store.entry(then.id, overall, id);
      latest = found?.entry ?? latest;
      ranks.push(found === undefined ? null : rankOf(found.entry).rank);
      counts.push(found === undefined ? null : rankOf(found.entry).count);
    }
    if (ranks.some((rank) => rank !== null))
      histories.push({ list, title: describeList(lists, list).title, ranks, counts });
    for (const category of await store.parts(edition.id)) {
      const found = await store.entry(edition.id, category, id);
      if (found === undefined) continue;
      latest ??= found.entry;
      places.push(placeOf(list, category, found.entry));
    }
  }
  const known = latest?.body ?? (await context.shop.title?.(id));
  if (known === undefined) throw new OctavoError('item_not_found', `'${id}'`);
  return {
    item_id: id,
    title: String(known['title'] ?? id),
    title_en: textOf(known['title_en']),
    author: textOf(known['author']),
    author_en: textOf(known['author_en']),
    list_price:
      known['list_price'] === null || known['list_price'] === undefined ? null : String(known['list_price']),
    days: [...days],
    lists: histories,
    places: places.toSorted((a, b) => a.rank - b.rank),
  };
}

function placeOf(list: string, category: string, entry: EditionEntry): ItemRankings['places'][number] {
  const { rank, count } = rankOf(entry);
  const { previous_rank: previous, days_on_list: days, peak_rank: peak } = entry.body;
  return {
    list,
    category,
    rank,
    count,
    previous_rank: typeof previous === 'number' ? previous : null,
    ...(typeof days === 'number' ? { days_on_list: days } : {}),
    ...(typeof peak === 'number' ? { peak_rank: peak } : {}),
  };
}

function searchRoute(server: ApiServer, context: RouteContext): void {
  server.get(
    '/v1/search',
    {
      config,
      schema: {
        operationId: 'search',
        summary: 'Titles by their name, author or id',
        tags: ['Bestsellers'],
        querystring: Type.Object(
          {
            text: Type.String({ minLength: 1, maxLength: 100 }),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: foundDefault })),
          },
          { additionalProperties: false },
        ),
        response: { 200: SearchResults, ...otherAnswers() },
      },
    },
    async (request, reply) => {
      const { text, limit = foundDefault } = request.query;
      const found = (await context.shop.findTitles?.(text, limit)) ?? [];
      return answerTagged(request, reply, {
        titles: found.map((title) => ({
          item_id: title.item_id,
          title: title.title,
          title_en: title.title_en ?? null,
          author: title.author ?? null,
          author_en: title.author_en ?? null,
        })),
      });
    },
  );
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
