import { Type } from '@sinclair/typebox';
import { daysUpTo } from '../list-days.ts';
import type { ApiServer, RouteContext } from '../context.ts';
import { findEdition, stampOf } from '../editions.ts';
import { answerTagged } from '../etag.ts';
import { listFile } from '../list-export.ts';
import { assertList, describeList, overall, unknownCategory } from '../list-access.ts';
import type { ListRanks } from '../list-ranks.ts';
import { ListCategories, ListComparison, ListEditions, ListHistory } from '../list-schemas.ts';
import { otherAnswers } from '../problem.ts';
import { Category, EditionQuery } from './bestsellers.ts';

const config = { scope: 'bestsellers:read' } as const;
const tags = ['Bestsellers'];
const notFound = ['list_not_found', 'edition_not_found', 'category_not_found'] as const;
const Params = Type.Object({ list: Type.String() });
const daysDefault = 28;
const comparedMax = 1_000;
const exportedMax = 10_000;

/** A list's editions, categories, past ranks, and two of its editions side by side. */
export function listViewRoutes(server: ApiServer, context: RouteContext, ranks: ListRanks): void {
  editionsRoute(server, context);
  categoriesRoute(server, context);
  historyRoute(server, context, ranks);
  comparisonRoute(server, context);
  fileRoute(server, context);
}

function editionsRoute(server: ApiServer, context: RouteContext): void {
  const { store } = context;
  server.get(
    '/v1/bestsellers/:list/editions',
    {
      config,
      schema: {
        operationId: 'listListEditions',
        summary: 'The editions of a list',
        tags,
        params: Params,
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 60 })) },
          { additionalProperties: false },
        ),
        response: { 200: ListEditions, ...otherAnswers('list_not_found') },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      await assertList(context, list);
      const editions = await store.history('bestseller', list, { limit: request.query.limit ?? 60 });
      const current = new Set<string>();
      for (const day of new Set(editions.map(({ business_day }) => business_day))) {
        const found = await store.current('bestseller', list, day);
        if (found !== undefined) current.add(found.id);
      }
      return answerTagged(request, reply, {
        list,
        editions: editions.map((edition) => ({
          edition: edition.id,
          business_day: edition.business_day,
          revision: edition.revision,
          current: current.has(edition.id),
          published_at: edition.created_at,
          content_hash: edition.content_hash,
          rule_version: edition.rule_version,
        })),
      });
    },
  );
}

function categoriesRoute(server: ApiServer, context: RouteContext): void {
  const { store } = context;
  server.get(
    '/v1/bestsellers/:list/categories',
    {
      config,
      schema: {
        operationId: 'listCategories',
        summary: 'The categories that a list has, with their names',
        tags,
        params: Params,
        querystring: Type.Object(EditionQuery, { additionalProperties: false }),
        response: { 200: ListCategories, ...otherAnswers('list_not_found', 'edition_not_found') },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      await assertList(context, list);
      const { edition } = await findEdition(store, 'bestseller', list, request.query);
      const parts = await store.parts(edition.id);
      const known = (await context.shop.categories?.()) ?? [];
      const order = new Map(known.map(({ id }, place) => [id, place]));
      const named = new Map(known.map((category) => [category.id, category]));
      const sorted = parts
        .filter((part) => part !== overall)
        .toSorted((a, b) => (order.get(a) ?? known.length) - (order.get(b) ?? known.length));
      return answerTagged(request, reply, {
        list,
        categories: [
          ...(parts.includes(overall)
            ? [{ category: overall, title: { ko: '종합', en: 'Overall' }, parent: null }]
            : []),
          ...sorted.map((part) => ({
            category: part,
            title: { ...named.get(part)?.title },
            parent: named.get(part)?.parent ?? null,
          })),
        ],
      });
    },
  );
}

function historyRoute(server: ApiServer, context: RouteContext, ranks: ListRanks): void {
  const { store } = context;
  server.get(
    '/v1/bestsellers/:list/history',
    {
      config,
      schema: {
        operationId: 'getListHistory',
        summary: 'The ranks of a list’s titles over the days before',
        tags,
        params: Params,
        querystring: Type.Object(
          {
            category: Category,
            ...EditionQuery,
            days: Type.Optional(Type.Integer({ minimum: 2, maximum: 120, default: daysDefault })),
          },
          { additionalProperties: false },
        ),
        response: { 200: ListHistory, ...otherAnswers(...notFound) },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      const { category = overall, days: count = daysDefault } = request.query;
      await assertList(context, list);
      const { edition } = await findEdition(store, 'bestseller', list, request.query);
      const titles = await ranks.of(edition, category);
      if (titles === undefined) throw await unknownCategory(store, edition, category);
      const days = daysUpTo(edition.business_day, count);
      const histories = new Map(titles.map(({ itemId }) => [itemId, days.map((): number | null => null)]));
      for (const [place, day] of days.entries()) {
        const of = day === edition.business_day ? edition : await store.current('bestseller', list, day);
        const then = of === undefined ? undefined : await ranks.of(of, category);
        for (const { itemId, rank } of then ?? []) {
          const history = histories.get(itemId);
          if (history !== undefined) history[place] = rank;
        }
      }
      return answerTagged(request, reply, {
        list,
        category,
        days: [...days],
        ranks: Object.fromEntries(histories),
      });
    },
  );
}

function comparisonRoute(server: ApiServer, context: RouteContext): void {
  const { store } = context;
  server.get(
    '/v1/bestsellers/:list/comparison',
    {
      config,
      schema: {
        operationId: 'compareEditions',
        summary: 'Two editions of a list side by side',
        tags,
        params: Params,
        querystring: Type.Object(
          {
            category: Category,
            from: Type.String({ format: 'uuid', description: 'the earlier edition' }),
            to: Type.String({ format: 'uuid', description: 'the later edition' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: ListComparison, ...otherAnswers(...notFound) },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      const { category = overall } = request.query;
      await assertList(context, list);
      const sideOf = async (id: string): Promise<Side> => {
        const { edition } = await findEdition(store, 'bestseller', list, { edition: id });
        const read = await store.read(edition.id, category, { from: 0, limit: comparedMax });
        if (read === undefined) throw await unknownCategory(store, edition, category);
        return { edition, bodies: new Map(read.entries.map(({ key, body }) => [key, body])) };
      };
      const from = await sideOf(request.query.from);
      const to = await sideOf(request.query.to);
      const inputs = new Set([...Object.keys(from.edition.inputs), ...Object.keys(to.edition.inputs)]);
      const ids = new Set([...to.bodies.keys(), ...from.bodies.keys()]);
      return answerTagged(request, reply, {
        list,
        category,
        from: stampOf(from.edition),
        to: stampOf(to.edition),
        same_rules: from.edition.rule_version === to.edition.rule_version,
        same_content: from.edition.content_hash === to.edition.content_hash,
        changed_inputs: [...inputs]
          .filter((name) => from.edition.inputs[name] !== to.edition.inputs[name])
          .filter((name) => !name.includes(':'))
          .toSorted(),
        items: [...ids].map((id) => comparedTitle(id, from.bodies.get(id), to.bodies.get(id))),
      });
    },
  );
}

function fileRoute(server: ApiServer, context: RouteContext): void {
  const { store, lists } = context;
  server.get(
    '/v1/bestsellers/:list/file',
    {
      config,
      schema: {
        operationId: 'getListFile',
        summary: 'A whole list as a file, CSV or XLSX',
        tags,
        params: Params,
        querystring: Type.Object(
          {
            category: Category,
            ...EditionQuery,
            format: Type.Optional(
              Type.Union([Type.Literal('csv'), Type.Literal('xlsx')], { default: 'csv' }),
            ),
            language: Type.Optional(Type.Union([Type.Literal('ko'), Type.Literal('en')], { default: 'ko' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Unknown({ description: 'the file' }), ...otherAnswers(...notFound) },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      const { category = overall, format = 'csv', language = 'ko' } = request.query;
      await assertList(context, list);
      const { edition } = await findEdition(store, 'bestseller', list, request.query);
      const read = await store.read(edition.id, category, { from: 0, limit: exportedMax });
      if (read === undefined) throw await unknownCategory(store, edition, category);
      const { title } = describeList(lists, list);
      const file = listFile({
        edition,
        category,
        entries: read.entries,
        title: title[language] ?? title['en'] ?? list,
        format,
        language,
      });
      reply.header('content-disposition', `attachment; filename="${file.name}"`).type(file.type);
      return reply.send(file.content);
    },
  );
}

interface Side {
  readonly edition: Parameters<typeof stampOf>[0];
  readonly bodies: ReadonlyMap<string, Body>;
}
type Body = Readonly<Record<string, unknown>>;

function comparedTitle(
  id: string,
  from: Body | undefined,
  to: Body | undefined,
): ListComparison['items'][number] {
  const body = to ?? from ?? {};
  const number = (value: unknown): number | null => (value === undefined ? null : Number(value));
  return {
    item_id: id,
    title: String(body['title'] ?? id),
    title_en: textOf(body['title_en']),
    author: textOf(body['author']),
    author_en: textOf(body['author_en']),
    from_rank: number(from?.['rank']),
    to_rank: number(to?.['rank']),
    from_count: number(from?.['count']),
    to_count: number(to?.['count']),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
