import { Type } from '@sinclair/typebox';
import { OctavoError, suggestion } from '../../base/index.ts';
import { popularPart, readerPart, relatedPart } from '../../recommend/index.ts';
import type { RouteContext, ApiServer } from '../context.ts';
import { findEdition, stampOf } from '../editions.ts';
import { answerEdition } from '../etag.ts';
import { otherAnswers } from '../problem.ts';
import { Day, Limit, limitDefault, ReaderRecommendations, RelatedItems, Nullable } from '../schemas.ts';
import { withTitles } from '../titles.ts';

const Query = Type.Object(
  {
    recommender: Type.Optional(Type.String({ description: 'default: the project’s first' })),
    date: Type.Optional(Day),
    edition: Type.Optional(Type.String({ format: 'uuid' })),
    limit: Limit,
  },
  { additionalProperties: false },
);
const config = { scope: 'recommendations:read' } as const;

/** Personal lists and related titles. */
export function recommendationRoutes(server: ApiServer, context: RouteContext): void {
  const { store, recommenders, answers } = context;

  server.get(
    '/v1/readers/:id',
    {
      config,
      schema: {
        operationId: 'getReader',
        summary: 'Whether the shop knows a reader',
        tags: ['Recommendations'],
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: Type.Object(
            {
              reader_id: Type.String(),
              known: Nullable(
                Type.Boolean({ description: 'null: the project declares no table of readers' }),
              ),
            },
            { title: 'Reader', description: 'the reader, and whether the shop knows them' },
          ),
          ...otherAnswers(),
        },
      },
    },
    ({ params: { id } }) => knowReader(context, id),
  );

  server.get(
    '/v1/readers/:id/recommendations',
    {
      config,
      schema: {
        operationId: 'getReaderRecommendations',
        summary: 'A reader’s titles, each with its reason; the popular list for a reader without history',
        tags: ['Recommendations'],
        params: Type.Object({ id: Type.String() }),
        querystring: Query,
        response: {
          200: ReaderRecommendations,
          ...otherAnswers('recommender_not_found', 'edition_not_found', 'reader_not_found'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const recommender = choose(request.query.recommender, recommenders.personal);
      const found = await findEdition(store, 'recommend', recommender, request.query);
      const { edition } = found;
      return answerEdition({ request, reply, found, answers, ...config }, async () => {
        const page = { from: 0, limit: request.query.limit ?? limitDefault };
        const own = await store.read(edition.id, readerPart(id), page);
        if (own === undefined) await assertReader(context, id);
        const read = own ?? (await store.read(edition.id, popularPart, page));
        return {
          ...stampOf(edition),
          reader_id: id,
          recommender,
          fallback: own === undefined,
          items: await withTitles(store, edition, read?.entries ?? []),
        };
      });
    },
  );

  server.get(
    '/v1/items/:id/related',
    {
      config,
      schema: {
        operationId: 'getRelatedItems',
        summary: 'Titles that are read or bought with a title; none for a title that nobody has yet',
        tags: ['Recommendations'],
        params: Type.Object({ id: Type.String() }),
        querystring: Query,
        response: {
          200: RelatedItems,
          ...otherAnswers('recommender_not_found', 'edition_not_found', 'item_not_found'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const recommender = choose(request.query.recommender, recommenders.related);
      const found = await findEdition(store, 'recommend', recommender, request.query);
      const { edition } = found;
      return answerEdition({ request, reply, found, answers, ...config }, async () => {
        const read = await store.read(edition.id, relatedPart(id), {
          from: 0,
          limit: request.query.limit ?? limitDefault,
        });
        if (read === undefined && (await context.shop.title?.(id)) === undefined)
          throw new OctavoError('item_not_found', `'${id}' has no related titles in '${recommender}'`);
        return {
          ...stampOf(edition),
          item_id: id,
          recommender,
          items: await withTitles(store, edition, read?.entries ?? []),
        };
      });
    },
  );
}

/** Whoever has a list is known; asking the warehouse takes longer. */
async function knowReader(
  context: RouteContext,
  id: string,
): Promise<{ readonly reader_id: string; readonly known: boolean | null }> {
  const { store, recommenders } = context;
  for (const recommender of recommenders.personal) {
    const found = await findEdition(store, 'recommend', recommender, {}).catch(() => undefined);
    const own =
      found === undefined
        ? undefined
        : await store.read(found.edition.id, readerPart(id), { from: 0, limit: 1 });
    if (own !== undefined) return { reader_id: id, known: true };
  }
  return { reader_id: id, known: (await context.readerExists?.(id)) ?? null };
}

async function assertReader(context: RouteContext, id: string): Promise<void> {
  if ((await context.readerExists?.(id)) === false) throw new OctavoError('reader_not_found', `'${id}'`);
}

function choose(asked: string | undefined, known: readonly string[]): string {
  const first = known[0];
  if (asked === undefined && first !== undefined) return first;
  if (asked !== undefined && known.includes(asked)) return asked;
  const about = asked === undefined ? 'the project declares none' : `'${asked}'${suggestion(asked, known)}`;
  throw new OctavoError('recommender_not_found', about);
}
