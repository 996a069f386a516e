import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../../base/index.ts';
import { grains } from '../grain.ts';
import { comparisonKinds } from './comparison.ts';

const closed = { additionalProperties: false } as const;

export { Text };

const literals = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Union(
    values.map((value) => Type.Literal(value as T[number])),
    description === undefined ? {} : { description },
  );

export const GrainName = literals(grains);
export const ComparisonName = literals(comparisonKinds);

/** A range as pages and addresses write it. */
export const rangePattern =
  '^([1-9]\\d{0,3}[dwm]|week|month|year|\\d{4}-\\d{2}-\\d{2}\\.\\.\\d{4}-\\d{2}-\\d{2})$';
export const RangeText = Type.String({
  pattern: rangePattern,
  description: 'such as 31d, 13w, 12m, week, month, year or 2026-10-01..2026-10-31',
});

const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' });

const ChoiceSpec = Type.Object(
  {
    name: Name,
    title: Type.Optional(Text),
    /** Name of an SQL block with the columns `value` and, if wanted, `label`, `ko`, `en`. */
    query: Type.Optional(Type.String({ description: 'name of an SQL block' })),
    metric: Type.Optional(Type.String({ description: 'a metric whose members are offered' })),
    by: Type.Optional(Type.String({ description: 'the dimension of that metric' })),
    values: Type.Optional(Type.Array(Type.String())),
    default: Type.Optional(Type.String({ description: 'default: all' })),
  },
  closed,
);
export type ChoiceSpec = Static<typeof ChoiceSpec>;

/** What stands between the `---` lines of a page. */
export const FrontMatter = Type.Object(
  {
    title: Type.Optional(Text),
    description: Type.Optional(Text),
    group: Type.Optional(Text),
    order: Type.Optional(Type.Number()),
    controls: Type.Optional(
      Type.Object(
        {
          range: Type.Optional(RangeText),
          ranges: Type.Optional(Type.Array(RangeText)),
          day: Type.Optional(Type.Boolean({ description: 'the reader chooses the last day' })),
          grain: Type.Optional(GrainName),
          grains: Type.Optional(Type.Array(GrainName)),
          choices: Type.Optional(Type.Array(ChoiceSpec)),
        },
        closed,
      ),
    ),
    labels: Type.Optional(Type.Record(Type.String(), Text, { description: 'member: its name' })),
    label_query: Type.Optional(Type.String({ description: 'an SQL block with columns key, ko, en' })),
  },
  closed,
);
export type FrontMatter = Static<typeof FrontMatter>;

const Common = {
  title: Type.Optional(Text),
  note: Type.Optional(Text),
  width: Type.Optional(literals(['full', 'half'])),
};
const Filter = Type.Optional(
  Type.Record(Type.String(), Type.String(), { description: 'dimension: member, or $choice' }),
);
const MetricsOrQuery = {
  metric: Type.Optional(Type.String()),
  metrics: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 5 })),
  by: Type.Optional(Type.String({ description: 'a dimension' })),
  filter: Filter,
  top: Type.Optional(Type.Integer({ minimum: 1, maximum: 8, description: 'members shown' })),
  grain: Type.Optional(GrainName),
  query: Type.Optional(Type.String({ description: 'name of an SQL block' })),
  x: Type.Optional(Type.String({ description: 'column along the axis' })),
  y: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  unit: Type.Optional(Type.String()),
};

const NumberSpec = Type.Object(
  {
    metric: Type.String(),
    title: Type.Optional(Text),
    filter: Filter,
    grain: Type.Optional(GrainName),
    compare: Type.Optional(Type.Union([ComparisonName, Type.Array(ComparisonName), Type.Literal('none')])),
  },
  closed,
);

export const NumbersSpec = Type.Object(
  { ...Common, numbers: Type.Array(NumberSpec, { minItems: 1 }) },
  closed,
);

export const SeriesSpec = Type.Object(
  {
    ...Common,
    ...MetricsOrQuery,
    compare: Type.Optional(ComparisonName),
    forecast: Type.Optional(Type.Integer({ minimum: 1, maximum: 31, description: 'days ahead' })),
  },
  closed,
);

const ColumnSpec = Type.Object(
  {
    title: Type.Optional(Text),
    unit: Type.Optional(Type.String()),
    bar: Type.Optional(Type.Boolean()),
    hidden: Type.Optional(Type.Boolean()),
    language: Type.Optional(literals(['ko', 'en'], 'only readers of this language see the column')),
  },
  closed,
);

export const TableSpec = Type.Object(
  {
    ...Common,
    metrics: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 12 })),
    by: Type.Optional(Type.String({ description: 'a dimension; without it a row a period' })),
    filter: Filter,
    grain: Type.Optional(GrainName),
    compare: Type.Optional(ComparisonName),
    share: Type.Optional(Type.Boolean({ description: 'adds the first metric’s share of the whole' })),
    query: Type.Optional(Type.String()),
    columns: Type.Optional(Type.Record(Type.String(), ColumnSpec)),
    bars: Type.Optional(Type.Array(Type.String(), { description: 'columns drawn as bars too' })),
    total: Type.Optional(Type.Boolean()),
    last: Type.Optional(Type.Integer({ minimum: 1, description: 'newest periods only' })),
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  closed,
);

export const HeatSpec = Type.Object(
  {
    ...Common,
    metric: Type.Optional(Type.String({ description: 'by day: weeks down, weekdays across' })),
    query: Type.Optional(Type.String()),
    x: Type.Optional(Type.String()),
    y: Type.Optional(Type.String()),
    value: Type.Optional(Type.String()),
    unit: Type.Optional(Type.String()),
  },
  closed,
);

export const FunnelSpec = Type.Object(
  {
    ...Common,
    steps: Type.Optional(Type.Array(Type.String(), { minItems: 2, maxItems: 8, description: 'metrics' })),
    filter: Filter,
    grain: Type.Optional(GrainName),
    compare: Type.Optional(ComparisonName),
    query: Type.Optional(Type.String({ description: 'with the columns step and value' })),
  },
  closed,
);

export const CohortSpec = Type.Object(
  {
    ...Common,
    query: Type.String({ description: 'with the columns cohort, size, age and value' }),
    age: Type.Optional(literals(['day', 'week', 'month'])),
  },
  closed,
);

/** Kinds of blocks, each the word behind the three backticks. */
export const blockSchemas = {
  numbers: NumbersSpec,
  line: SeriesSpec,
  bar: SeriesSpec,
  stacked: SeriesSpec,
  table: TableSpec,
  heat: HeatSpec,
  funnel: FunnelSpec,
  cohort: CohortSpec,
} as const;
export type BlockKind = keyof typeof blockSchemas;
export const blockKinds = Object.keys(blockSchemas) as readonly BlockKind[];

export type NumberSpec = Static<typeof NumberSpec>;
export type NumbersSpec = Static<typeof NumbersSpec>;
export type SeriesSpec = Static<typeof SeriesSpec>;
export type TableSpec = Static<typeof TableSpec>;
export type HeatSpec = Static<typeof HeatSpec>;
export type FunnelSpec = Static<typeof FunnelSpec>;
export type CohortSpec = Static<typeof CohortSpec>;

/** A block as its file writes it. */
export type BlockSpec =
  | ({ readonly kind: 'numbers' } & NumbersSpec)
  | ({ readonly kind: 'line' | 'bar' | 'stacked' } & SeriesSpec)
  | ({ readonly kind: 'table' } & TableSpec)
  | ({ readonly kind: 'heat' } & HeatSpec)
  | ({ readonly kind: 'funnel' } & FunnelSpec)
  | ({ readonly kind: 'cohort' } & CohortSpec);
