import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../base/index.ts';

const Day = Type.String({ format: 'date', description: 'business day, YYYY-MM-DD' });
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);

/** What every answer from an edition names: which one, of which day, made from which snapshots. */
export const EditionStamp = Type.Object({
  edition: Type.String({ format: 'uuid', description: 'id of the immutable edition' }),
  revision: Type.Integer({ minimum: 1, description: '1 for the first edition of the day' }),
  business_day: Day,
  published_at: Type.String({ format: 'date-time' }),
  inputs: Type.Record(Type.String(), Type.String(), {
    description: 'Iceberg snapshot id of every input table',
  }),
});

/** One title on a list. */
export const ListItem = Type.Object(
  {
    rank: Type.Integer({ minimum: 1, description: 'equal counts share a rank' }),
    item_id: Type.String(),
    title: Type.String(),
    count: Type.Number({ description: 'what the list counts: buyers or copies, net of refunds' }),
    previous_rank: Nullable(Type.Integer({ minimum: 1 })),
  },
  { title: 'ListItem', additionalProperties: true },
);

const Counts = Type.Union([Type.Literal('buyers'), Type.Literal('copies')], {
  description: 'what the list counts',
});

/** A list as the index names it. */
export const ListSummary = Type.Composite(
  [
    Type.Object({
      list: Type.String(),
      title: Type.Record(Type.String(), Type.String(), { description: 'by language' }),
      description: Text,
      counts: Counts,
      categories: Type.Integer({ description: 'how many categories have this list' }),
    }),
    EditionStamp,
  ],
  { title: 'ListSummary' },
);
export const ListIndex = Type.Object(
  { lists: Type.Array(ListSummary) },
  { title: 'ListIndex', description: 'the lists that are published' },
);

/** A page of a bestseller list. */
export const ListPage = Type.Composite(
  [
    EditionStamp,
    Type.Object({
      list: Type.String(),
      title: Type.Record(Type.String(), Type.String()),
      category: Type.String({ description: '`all`, or a category id' }),
      counts: Counts,
      window: Nullable(
        Type.Object({ from: Day, to: Day }, { description: 'business days that are counted, both included' }),
      ),
      content_hash: Type.String({ description: 'same inputs and rules, same hash' }),
      total: Type.Integer({ description: 'titles on the list' }),
      items: Type.Array(ListItem),
      next_cursor: Nullable(Type.String({ description: 'pass as `cursor` for the next page' })),
    }),
  ],
  { title: 'ListPage', description: 'a page of the list' },
);

/** Why a title has its rank. */
export const RankExplanation = Type.Composite(
  [
    EditionStamp,
    Type.Object({ list: Type.String(), category: Type.String() }),
    ListItem,
    Type.Object({
      explanation: Type.Record(Type.String(), Type.Unknown(), { description: 'the counts behind the rank' }),
      lines: Type.Optional(
        Type.Array(Type.Record(Type.String(), Type.Unknown()), {
          description: 'with `lines=true`: the sale lines, each with what of it counted and why not',
        }),
      ),
    }),
  ],
  {
    title: 'RankExplanation',
    description: 'the title’s rank and what it was counted from',
    additionalProperties: true,
  },
);

/** A recommended title with its reason. */
export const RecommendedItem = Type.Object(
  {
    position: Type.Integer({ minimum: 1 }),
    item_id: Type.String(),
    title: Type.String(),
    title_en: Type.Optional(Type.String({ description: 'where the shop has one' })),
    author: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    author_en: Type.Optional(Type.String({ description: 'where the shop has one' })),
    score: Type.Number(),
    reason: Type.String({ description: 'similar_to, next_in_series or popular' }),
    because_of: Type.Array(
      Type.Object({
        item_id: Type.String(),
        title: Type.String(),
        title_en: Type.Optional(Type.String()),
      }),
      { description: 'titles of the history that speak most for it' },
    ),
  },
  { title: 'RecommendedItem', additionalProperties: true },
);

/** A reader's list. */
export const ReaderRecommendations = Type.Composite(
  [
    EditionStamp,
    Type.Object({
      reader_id: Type.String(),
      recommender: Type.String(),
      fallback: Type.Boolean({
        description: 'true when the reader has no history and gets the popular list',
      }),
      items: Type.Array(RecommendedItem),
    }),
  ],
  { title: 'ReaderRecommendations', description: 'the reader’s titles' },
);

/** Titles that go with a title. */
export const RelatedItems = Type.Composite(
  [
    EditionStamp,
    Type.Object({ item_id: Type.String(), recommender: Type.String(), items: Type.Array(RecommendedItem) }),
  ],
  { title: 'RelatedItems', description: 'titles that go with the title' },
);

/** A metric as the index names it. */
export const MetricSummary = Type.Object(
  {
    metric: Type.String(),
    title: Type.Record(Type.String(), Type.String()),
    description: Text,
    unit: Type.String(),
    dimensions: Type.Array(Type.String()),
  },
  { title: 'MetricSummary' },
);
export const MetricIndex = Type.Object(
  { metrics: Type.Array(MetricSummary) },
  { title: 'MetricIndex', description: 'the metrics' },
);

/** A metric's values by day, week or month. */
export const MetricSeries = Type.Composite(
  [
    EditionStamp,
    Type.Object({
      metric: Type.String(),
      unit: Type.String(),
      grain: Type.Union([Type.Literal('day'), Type.Literal('week'), Type.Literal('month')]),
      by: Nullable(Type.String({ description: 'dimension' })),
      rows: Type.Array(
        Type.Object(
          {
            period: Type.String({
              format: 'date',
              description: 'first day of the period: the day, a Monday, the first of a month',
            }),
            member: Nullable(Type.String({ description: 'member of the dimension' })),
            value: Nullable(Type.Number()),
            through: Type.String({ format: 'date', description: 'last business day that is counted in it' }),
            complete: Type.Boolean({ description: 'false for a week or month that is not over' }),
            edition: Type.String({ format: 'uuid' }),
          },
          { title: 'MetricValue' },
        ),
      ),
    }),
  ],
  { title: 'MetricSeries', description: 'the values, oldest first' },
);

/** Whether the platform is well, part by part. */
export const Health = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
    version: Type.String(),
    newest_business_day: Nullable(Day),
    checks: Type.Record(Type.String(), Type.String()),
  },
  { title: 'Health', description: 'each part and what is wrong with it' },
);

/** Items on a page when none is asked for; the schema fills it in. */
export const limitDefault = 20;
export const Limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 200, default: limitDefault, description: 'items on a page' }),
);
export { Day, Nullable };
export type ListIndex = Static<typeof ListIndex>;
export type ListPage = Static<typeof ListPage>;
export type RankExplanation = Static<typeof RankExplanation>;
export type ReaderRecommendations = Static<typeof ReaderRecommendations>;
export type RelatedItems = Static<typeof RelatedItems>;
export type MetricIndex = Static<typeof MetricIndex>;
export type MetricSeries = Static<typeof MetricSeries>;
export type Health = Static<typeof Health>;
export type RecommendedItem = Static<typeof RecommendedItem>;
export type EditionStamp = Static<typeof EditionStamp>;
