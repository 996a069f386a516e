import { Type, type Static } from '@sinclair/typebox';
import { Day, EditionStamp, Nullable } from './schemas.ts';

const Rank = Type.Integer({ minimum: 1 });
const List = { list: Type.String(), category: Type.String({ description: '`all`, or a category id' }) };
const Names = Type.Record(Type.String(), Type.String(), { description: 'by language' });

/** The editions of a list. */
export const ListEditions = Type.Object(
  {
    list: Type.String(),
    editions: Type.Array(
      Type.Object(
        {
          edition: Type.String({ format: 'uuid' }),
          business_day: Day,
          revision: Type.Integer({ minimum: 1 }),
          current: Type.Boolean({ description: 'whether it is the one of its day' }),
          published_at: Type.String({ format: 'date-time' }),
          content_hash: Type.String(),
          rule_version: Type.String(),
        },
        { title: 'ListEdition' },
      ),
    ),
  },
  { title: 'ListEditions', description: 'newest first' },
);

/** The categories that a list has. */
export const ListCategories = Type.Object(
  {
    list: Type.String(),
    categories: Type.Array(
      Type.Object(
        {
          category: Type.String(),
          title: Names,
          parent: Nullable(Type.String({ description: 'the category above it' })),
        },
        { title: 'ListCategory' },
      ),
    ),
  },
  { title: 'ListCategories', description: '`all` first, then in the order of the shop’s tree' },
);

/** The ranks of a list's titles over the days before. */
export const ListHistory = Type.Object(
  {
    ...List,
    days: Type.Array(Type.String({ format: 'date' }), { description: 'oldest first, the list’s own last' }),
    ranks: Type.Record(Type.String(), Type.Array(Nullable(Rank)), {
      description: 'by title, one for each day; null where it was not on the list',
    }),
  },
  { title: 'ListHistory', description: 'the ranks' },
);

/** Why a title moved. */
export const RankChange = Type.Composite(
  [
    EditionStamp,
    Type.Object({
      ...List,
      item_id: Type.String(),
      previous: Nullable(
        Type.Object({
          edition: Type.String({ format: 'uuid' }),
          business_day: Type.String({ format: 'date' }),
          rank: Nullable(Rank),
        }),
      ),
      rank: Rank,
      parts: Nullable(
        Type.Object(
          {
            own: Type.Integer({ description: 'places through its own sales' }),
            others: Type.Integer({ description: 'places through the sales of others' }),
            rules: Type.Integer({ description: 'places through other rules' }),
            corrections: Type.Integer({ description: 'places through a correction of the list before' }),
          },
          { description: 'places up are positive; null for a title that was not on the list' },
        ),
      ),
      neighbours: Type.Array(
        Type.Object(
          {
            item_id: Type.String(),
            title: Type.String(),
            title_en: Type.Optional(Nullable(Type.String())),
            rank: Rank,
            distance: Type.Number({ description: 'what this title counts more than the neighbour' }),
            distinguishable: Type.Boolean({
              description: 'false when chance alone makes as much, one time in twenty',
            }),
          },
          { title: 'RankNeighbour' },
        ),
      ),
    }),
  ],
  { title: 'RankChange', description: 'the change since the list before, in parts' },
);

/** Two editions of a list side by side. */
export const ListComparison = Type.Object(
  {
    ...List,
    from: EditionStamp,
    to: EditionStamp,
    same_rules: Type.Boolean(),
    same_content: Type.Boolean({ description: 'every part of both editions is equal, byte for byte' }),
    changed_inputs: Type.Array(Type.String({ description: 'input tables with another snapshot' })),
    items: Type.Array(
      Type.Object(
        {
          item_id: Type.String(),
          title: Type.String(),
          title_en: Type.Optional(Nullable(Type.String())),
          author: Type.Optional(Nullable(Type.String())),
          author_en: Type.Optional(Nullable(Type.String())),
          from_rank: Nullable(Rank),
          to_rank: Nullable(Rank),
          from_count: Nullable(Type.Number()),
          to_count: Nullable(Type.Number()),
        },
        { title: 'ComparedTitle' },
      ),
      { description: 'by the rank in `to`; titles that are only in `from` come last' },
    ),
  },
  { title: 'ListComparison', description: 'the two editions' },
);

/** Where a title stands and stood. */
export const ItemRankings = Type.Object(
  {
    item_id: Type.String(),
    title: Type.String(),
    title_en: Nullable(Type.String()),
    author: Nullable(Type.String()),
    author_en: Nullable(Type.String()),
    list_price: Nullable(Type.String()),
    days: Type.Array(Type.String({ format: 'date' }), { description: 'oldest first' }),
    lists: Type.Array(
      Type.Object(
        {
          list: Type.String(),
          title: Names,
          ranks: Type.Array(Nullable(Rank), { description: 'overall, one for each day' }),
          counts: Type.Array(Nullable(Type.Number()), { description: 'what the list counted' }),
        },
        { title: 'ItemListRanks' },
      ),
    ),
    places: Type.Array(
      Type.Object(
        {
          list: Type.String(),
          category: Type.String(),
          rank: Rank,
          previous_rank: Nullable(Rank),
          count: Type.Number(),
          days_on_list: Type.Optional(Type.Integer()),
          peak_rank: Type.Optional(Type.Integer()),
        },
        { title: 'ItemPlace' },
      ),
      { description: 'on the newest lists, overall and by category, best first' },
    ),
  },
  { title: 'ItemRankings', description: 'the title on every list' },
);

/** What a text finds. */
export const SearchResults = Type.Object(
  {
    titles: Type.Array(
      Type.Object(
        {
          item_id: Type.String(),
          title: Type.String(),
          title_en: Nullable(Type.String()),
          author: Nullable(Type.String()),
          author_en: Nullable(Type.String()),
        },
        { title: 'FoundTitle' },
      ),
    ),
  },
  { title: 'SearchResults', description: 'the best few' },
);

export type ListEditions = Static<typeof ListEditions>;
export type ListCategories = Static<typeof ListCategories>;
export type ListHistory = Static<typeof ListHistory>;
export type RankChange = Static<typeof RankChange>;
export type ListComparison = Static<typeof ListComparison>;
export type ItemRankings = Static<typeof ItemRankings>;
export type SearchResults = Static<typeof SearchResults>;
