import { Type } from '@sinclair/typebox';
import type { EditionEntry } from '../../serving/index.ts';
import type { RouteContext, ApiServer } from '../context.ts';
import { findEdition, fromCursor, stampOf, toCursor } from '../editions.ts';
import { answerEdition, answerTagged } from '../etag.ts';
import { assertList, describeList, notOnList, overall, unknownCategory } from '../list-access.ts';
import { otherAnswers } from '../problem.ts';
import { Day, Limit, limitDefault, ListIndex, ListPage, RankExplanation } from '../schemas.ts';

/** Which part of a list. */
export const Category = Type.Optional(
  Type.String({ default: overall, description: '`all` for the overall list, or a category id' }),
);
/** Which edition. */
export const EditionQuery = {
  date: Type.Optional(Day),
  edition: Type.Optional(
    Type.String({ format: 'uuid', description: 'an edition by its id, instead of a date' }),
  ),
};
const config = { scope: 'bestsellers:read' } as const;
const notFound = ['list_not_found', 'edition_not_found', 'category_not_found'] as const;

/** The bestseller lists. */
export function bestsellerRoutes(server: ApiServer, context: RouteContext): void {
  listIndexRoute(server, context);
  listPageRoute(server, context);
  explanationRoute(server, context);
}

function listIndexRoute(server: ApiServer, { store, lists }: RouteContext): void {
  server.get(
    '/v1/bestsellers',
    {
      config,
      schema: {
        operationId: 'listBestsellers',
        summary: 'The lists that are published',
        tags: ['Bestsellers'],
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: ListIndex, ...otherAnswers() },
      },
    },
    async (request, reply) => {
      const entries = [];
      for (const list of await store.names('bestseller')) {
        const edition = await store.current('bestseller', list);
        if (edition === undefined) continue;
        const parts = await store.parts(edition.id);
        const categories = parts.filter((part) => part !== overall).length;
        entries.push({ list, ...describeList(lists, list), categories, ...stampOf(edition) });
      }
      return answerTagged(request, reply, { lists: entries });
    },
  );
}

function listPageRoute(server: ApiServer, context: RouteContext): void {
  const { store, lists, answers } = context;
  server.get(
    '/v1/bestsellers/:list',
    {
      config,
      schema: {
        operationId: 'getBestsellers',
        summary: 'A page of a list',
        tags: ['Bestsellers'],
        params: Type.Object({ list: Type.String() }),
        querystring: Type.Object(
          { category: Category, ...EditionQuery, cursor: Type.Optional(Type.String()), limit: Limit },
          { additionalProperties: false },
        ),
        response: { 200: ListPage, ...otherAnswers(...notFound) },
      },
    },
    async (request, reply) => {
      const { list } = request.params;
      const { category = overall, cursor, limit = limitDefault } = request.query;
      await assertList(context, list);
      const found = await findEdition(store, 'bestseller', list, request.query);
      const { edition } = found;
      return answerEdition({ request, reply, found, answers, ...config }, async () => {
        const from = fromCursor(cursor);
        const page = await store.read(edition.id, category, { from, limit });
        if (page === undefined) throw await unknownCategory(store, edition, category);
        const next = from + page.entries.length;
        const described = describeList(lists, list);
        return {
          ...stampOf(edition),
          list,
          title: described.title,
          category,
          counts: described.counts,
          window: windowOf(page.entries[0]),
          content_hash: edition.content_hash,
          total: page.total,
          items: page.entries.map((entry) => withoutExplanation(entry.body)),
          next_cursor: next < page.total ? toCursor(next) : null,
        } as unknown as ListPage;
      });
    },
  );
}

function explanationRoute(server: ApiServer, context: RouteContext): void {
  const { store, answers } = context;
  server.get(
    '/v1/bestsellers/:list/items/:id/explanation',
    {
      config,
      schema: {
        operationId: 'explainRank',
        summary: 'Why a title has its rank, from the counted lines',
        tags: ['Bestsellers'],
        params: Type.Object({ list: Type.String(), id: Type.String() }),
        querystring: Type.Object(
          {
            category: Category,
            ...EditionQuery,
            lines: Type.Optional(
              Type.Boolean({ default: false, description: 'also the sale lines themselves, without buyers' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: RankExplanation,
          ...otherAnswers(
            ...notFound,
            'item_not_on_list',
            'list_invalid',
            'snapshot_not_found',
            'query_timeout',
            'engine_busy',
          ),
        },
      },
    },
    async (request, reply) => {
      const { list, id } = request.params;
      const { category = overall, lines = false } = request.query;
      await assertList(context, list);
      const found = await findEdition(store, 'bestseller', list, request.query);
      const { edition } = found;
      return answerEdition({ request, reply, found, answers, ...config }, async () => {
        const read = await store.entry(edition.id, category, id);
        if (read === undefined) throw await notOnList(store, edition, { list, category, id });
        const counted = lines
          ? { lines: await context.explainLines({ list, category, itemId: id, edition: edition.id }) }
          : {};
        return {
          ...stampOf(edition),
          list,
          category,
          ...read.entry.body,
          ...counted,
        } as unknown as RankExplanation;
      });
    },
  );
}

/** The days that a list counts stand in every title's explanation. */
function windowOf(entry: EditionEntry | undefined): unknown {
  const explanation = entry?.body['explanation'] as { readonly window?: unknown } | undefined;
  return explanation?.window ?? null;
}

function withoutExplanation(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { explanation: _left, ...rest } = body;
  return rest;
}
