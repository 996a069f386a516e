import { Type } from '@sinclair/typebox';
import { OctavoError } from '../../base/index.ts';
import { readEvaluation, type KeptEvaluation } from '../../recommend/index.ts';
import type { ApiServer, RouteContext } from '../context.ts';
import { stampOf } from '../editions.ts';
import { answerTagged } from '../etag.ts';
import { otherAnswers } from '../problem.ts';
import { ReaderShelf, RecommenderEvaluation, RecommenderIndex } from '../recommender-schemas.ts';
import { Limit, limitDefault } from '../schemas.ts';

const config = { scope: 'recommendations:read' } as const;
const nothing = Type.Object({}, { additionalProperties: false });

/** The recommenders themselves: what there is, what they reached, and what they read of a reader. */
export function recommenderRoutes(server: ApiServer, context: RouteContext): void {
  server.get(
    '/v1/recommenders',
    {
      config,
      schema: {
        operationId: 'listRecommenders',
        summary: 'The recommenders that the project declares, each with its newest edition',
        tags: ['Recommendations'],
        querystring: nothing,
        response: { 200: RecommenderIndex, ...otherAnswers() },
      },
    },
    async (request, reply) =>
      answerTagged(request, reply, {
        recommenders: [
          ...(await Promise.all(
            context.recommenders.personal.map((one) => summaryOf(context, one, 'personal')),
          )),
          ...(await Promise.all(
            context.recommenders.related.map((one) => summaryOf(context, one, 'related')),
          )),
        ],
      }),
  );

  server.get(
    '/v1/recommenders/evaluation',
    {
      config,
      schema: {
        operationId: 'getRecommenderEvaluation',
        summary:
          'The newest offline evaluation that was kept: by the daily cycle, or by `octavo evaluate --save`',
        tags: ['Recommendations'],
        querystring: nothing,
        response: { 200: RecommenderEvaluation, ...otherAnswers() },
      },
    },
    async (request, reply) => {
      const kept = await readEvaluation(context.store);
      return answerTagged(request, reply, { evaluation: kept === undefined ? null : evaluationOf(kept) });
    },
  );

  server.get(
    '/v1/readers/:id/shelf',
    {
      config: { scope: 'tables:read' },
      schema: {
        operationId: 'getReaderShelf',
        summary: 'What a reader bought, rated and read, as the recommenders see it',
        tags: ['Recommendations'],
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({ limit: Limit }, { additionalProperties: false }),
        response: { 200: ReaderShelf, ...otherAnswers('reader_not_found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const shelf = await context.shelf?.(id, request.query.limit ?? limitDefault);
      const unknown = shelf === undefined || shelf.titles === 0;
      if (unknown && (await context.readerExists?.(id)) === false)
        throw new OctavoError('reader_not_found', `'${id}'`);
      const made = shelf ?? { from: '', to: '', titles: 0, kinds: {}, items: [] };
      const items = made.items.map((item) => ({
        ...item,
        title_en: item.title_en ?? null,
        author: item.author ?? null,
        author_en: item.author_en ?? null,
        kinds: [...item.kinds],
      }));
      return answerTagged(request, reply, { reader_id: id, ...made, items });
    },
  );
}

async function summaryOf(
  { store, recommenders }: RouteContext,
  recommender: string,
  gives: 'personal' | 'related',
): Promise<RecommenderIndex['recommenders'][number]> {
  const edition = await store.current('recommend', recommender);
  const described = recommenders.described?.[recommender];
  return {
    recommender,
    gives,
    algorithm: described?.algorithm ?? null,
    size: described?.size ?? null,
    edition: edition === undefined ? null : stampOf(edition),
    counts: { ...edition?.counts },
  };
}

function evaluationOf({
  edition,
  evaluation,
}: KeptEvaluation): NonNullable<RecommenderEvaluation['evaluation']> {
  return {
    ...stampOf(edition),
    k: evaluation.k,
    train_to: evaluation.trainTo,
    test_to: evaluation.testTo,
    readers: evaluation.readers,
    rows: evaluation.rows.map((row) => ({
      recommender: row.recommender,
      algorithm: row.algorithm,
      readers: row.readers,
      recall: row.recall,
      ndcg: row.ndcg,
      ahead: row.difference ?? null,
      hit_rate: row.hitRate,
      coverage: row.coverage,
      continuation: row.continuation,
    })),
  };
}
