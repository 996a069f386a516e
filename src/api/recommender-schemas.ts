import { Type, type Static } from '@sinclair/typebox';
import { EditionStamp } from './schemas.ts';

const orNull = <T extends import('@sinclair/typebox').TSchema>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** The recommenders that the project declares. */
export const RecommenderIndex = Type.Object(
  {
    recommenders: Type.Array(
      Type.Object(
        {
          recommender: Type.String(),
          gives: Type.Union([Type.Literal('personal'), Type.Literal('related')]),
          algorithm: orNull(Type.String()),
          size: orNull(Type.Integer({ description: 'titles in a list' })),
          edition: orNull(EditionStamp),
          counts: Type.Record(Type.String(), Type.Number(), {
            description: 'what the newest edition was made of: readers, items, interactions',
          }),
        },
        { title: 'RecommenderSummary' },
      ),
    ),
  },
  { title: 'RecommenderIndex', description: 'the recommenders' },
);

const Interval = Type.Object(
  { mean: Type.Number(), low: Type.Number(), high: Type.Number() },
  { title: 'Interval', description: 'a mean over readers with its 95 % interval' },
);

/** The newest evaluation that was kept. */
export const RecommenderEvaluation = Type.Object(
  {
    evaluation: orNull(
      Type.Composite([
        EditionStamp,
        Type.Object({
          k: Type.Integer({ description: 'length of the lists that were judged' }),
          train_to: Type.String(),
          test_to: Type.String(),
          readers: Type.Integer(),
          rows: Type.Array(
            Type.Object({
              recommender: Type.String(),
              algorithm: Type.String(),
              readers: Type.Integer(),
              recall: Interval,
              ndcg: Interval,
              ahead: orNull(
                Type.Object(
                  { baseline: Type.String(), recall: Interval, ndcg: Interval },
                  { description: 'against the baseline, reader by reader; null for the baseline' },
                ),
              ),
              hit_rate: Type.Number(),
              coverage: Type.Number({ description: 'share of the allowed titles that stand on any list' }),
              continuation: Type.Number({ description: 'share of the hits that continue a series' }),
            }),
          ),
        }),
      ]),
    ),
  },
  { title: 'RecommenderEvaluation', description: 'the newest evaluation; null when none was kept' },
);

/** What a reader has. */
export const ReaderShelf = Type.Object(
  {
    reader_id: Type.String(),
    from: Type.String({ description: 'first business day that was read' }),
    to: Type.String(),
    titles: Type.Integer({ description: 'titles on the whole shelf' }),
    kinds: Type.Record(Type.String(), Type.Integer(), { description: 'titles by kind of interaction' }),
    items: Type.Array(
      Type.Object({
        item_id: Type.String(),
        title: Type.String(),
        title_en: orNull(Type.String()),
        author: orNull(Type.String()),
        author_en: orNull(Type.String()),
        kinds: Type.Array(Type.String()),
        rating: orNull(Type.Number()),
        last_day: Type.String(),
      }),
    ),
  },
  { title: 'ReaderShelf', description: 'the reader’s titles, newest first' },
);

export type RecommenderIndex = Static<typeof RecommenderIndex>;
export type RecommenderEvaluation = Static<typeof RecommenderEvaluation>;
export type ReaderShelf = Static<typeof ReaderShelf>;
