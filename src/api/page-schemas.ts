import { Type, type Static } from '@sinclair/typebox';
import { Day, Nullable } from './schemas.ts';

const Text = Type.Union([Type.String(), Type.Record(Type.String(), Type.String())], {
  description: 'a text, or one by language',
});
const Cell = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
const Grain = Type.Union([Type.Literal('day'), Type.Literal('week'), Type.Literal('month')]);

/** What is wrong with a part of a page. */
const PageProblem = Type.Object(
  { file: Type.String(), line: Type.Integer(), message: Type.String() },
  { title: 'PageProblem' },
);

/** A page as the index names it. */
const PageSummary = Type.Object(
  {
    page: Type.String(),
    title: Text,
    description: Nullable(Text),
    group: Nullable(Text),
    problems: Type.Integer({ description: 'how many of its parts are broken' }),
  },
  { title: 'PageSummary' },
);
export const PageIndex = Type.Object(
  { pages: Type.Array(PageSummary) },
  { title: 'PageIndex', description: 'the statistics pages, in order' },
);

/** A page's layout: what it is made of, in order. */
export const PageLayout = Type.Object(
  {
    page: Type.String(),
    version: Type.String({ description: 'changes with the page’s file' }),
    title: Text,
    description: Nullable(Text),
    controls: Type.Object({
      range: Type.String({ description: 'of the page itself' }),
      ranges: Type.Array(Type.String()),
      day: Type.Boolean({ description: 'whether the last day is chosen too' }),
      grain: Grain,
      grains: Type.Array(Grain),
      choices: Type.Array(Type.Object({ name: Type.String(), title: Nullable(Text) })),
    }),
    items: Type.Array(
      Type.Union([
        Type.Object({
          kind: Type.Literal('text'),
          language: Nullable(Type.String({ description: 'null for every language' })),
          node: Type.Record(Type.String(), Type.Unknown(), {
            description: 'heading, paragraph, list or quote, with their words',
          }),
        }),
        Type.Object({
          kind: Type.Literal('block'),
          id: Type.String(),
          block: Type.Record(Type.String(), Type.Unknown(), { description: 'as the page’s file says it' }),
        }),
        Type.Object({ kind: Type.Literal('broken'), id: Type.String(), problem: PageProblem }),
      ]),
    ),
    problems: Type.Array(PageProblem),
  },
  { title: 'PageLayout', description: 'the page’s parts, without its rows' },
);

const Comparison = Type.Object(
  {
    kind: Type.Union([Type.Literal('previous'), Type.Literal('same_weekday'), Type.Literal('year')]),
    day: Day,
    value: Nullable(Type.Number()),
    change: Nullable(Type.Number({ description: 'relative; of a share the difference' })),
    note: Type.Optional(
      Type.String({ description: 'holiday_skipped, same_holiday, holiday_here or holiday_there' }),
    ),
    holiday: Type.Optional(Type.String()),
  },
  { title: 'PageComparison' },
);

/** A block's rows. */
export const BlockRows = Type.Object(
  {
    columns: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          title: Nullable(Text),
          type: Type.String({ description: 'day, week, month, instant, member, text, number or boolean' }),
          unit: Nullable(Type.String()),
          role: Type.String({ description: 'axis, value, comparison, forecast, share or change' }),
          bar: Type.Boolean(),
          language: Type.Optional(
            Type.Union([Type.Literal('ko'), Type.Literal('en')], {
              description: 'whose readers see the column; absent: all',
            }),
          ),
        },
        { title: 'BlockColumn' },
      ),
    ),
    rows: Type.Array(Type.Array(Cell)),
    marks: Type.Array(Nullable(Type.String({ description: 'partial, missing or forecast' })), {
      description: 'one for each row, or none',
    }),
    total: Nullable(Type.Array(Cell)),
    numbers: Type.Array(
      Type.Object(
        {
          metric: Type.String(),
          title: Text,
          unit: Type.String(),
          grain: Grain,
          value: Nullable(Type.Number()),
          period: Day,
          through: Day,
          complete: Type.Boolean(),
          comparisons: Type.Array(Comparison),
          trend: Type.Array(Nullable(Type.Number())),
        },
        { title: 'BlockNumber' },
      ),
    ),
    annotations: Type.Array(
      Type.Object(
        {
          day: Day,
          until: Type.Optional(Day),
          title: Text,
          metrics: Type.Optional(Type.Array(Type.String())),
        },
        { title: 'Annotation' },
      ),
    ),
    forecast: Nullable(Type.String({ description: 'same_weekdays: the mean of the last four' })),
    truncated: Type.Boolean(),
  },
  { title: 'BlockRows', description: 'the block’s rows' },
);

/** Everything that a page shows for the chosen controls. */
export const PageData = Type.Object(
  {
    page: Type.String(),
    version: Type.String(),
    controls: Type.Object({
      range: Type.String(),
      from: Day,
      to: Day,
      grain: Grain,
      choices: Type.Record(Type.String(), Nullable(Type.String())),
    }),
    newest: Day,
    expected: Day,
    published_at: Type.String({ format: 'date-time' }),
    options: Type.Record(
      Type.String(),
      Type.Array(Type.Object({ value: Type.String(), label: Nullable(Text) })),
    ),
    labels: Type.Record(Type.String(), Text),
    blocks: Type.Record(Type.String(), Type.Union([BlockRows, Type.Object({ problem: PageProblem })])),
    values: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()), {
      description: 'values inside of texts',
    }),
    problems: Type.Array(PageProblem),
  },
  { title: 'PageData', description: 'every block of the page, each with its rows or what is wrong with it' },
);

export type PageIndex = Static<typeof PageIndex>;
export type PageLayout = Static<typeof PageLayout>;
export type PageData = Static<typeof PageData>;
export type BlockRows = Static<typeof BlockRows>;
