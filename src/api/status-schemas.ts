import { Type, type Static } from '@sinclair/typebox';
import { Day, Nullable } from './schemas.ts';

const Instant = (description: string) => Type.String({ format: 'date-time', description });
const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, description });

/** A part of the morning: the tasks of one kind. */
export const CycleStage = Type.Object(
  {
    stage: Type.String({
      description: 'extract, load, seal, model, statistics, bestseller, recommend, or a task',
    }),
    tasks: Type.Integer(),
    done: Type.Integer(),
    running: Type.Integer(),
    failed: Type.Integer(),
    started_at: Nullable(Instant('of the first task')),
    finished_at: Nullable(Instant('of the last task; null until all are done')),
    expected_start_at: Nullable(Instant('of what has not started')),
    expected_finish_at: Nullable(Instant('of what is not done')),
  },
  { title: 'CycleStage' },
);

/** Something that the people of the morning should know of. */
export const CycleNotice = Type.Object(
  {
    level: oneOf(['ok', 'watch', 'risk', 'late'] as const, 'how bad it is; ok: it has solved itself'),
    code: oneOf(
      [
        'task_failed',
        'task_slow',
        'task_repeated',
        'forecast_late',
        'events_failed',
        'events_late',
        'duplicates_dropped',
        'check_failed',
      ] as const,
      'what it is',
    ),
    at: Nullable(Instant('when it was seen')),
    task: Nullable(Type.String()),
    count: Nullable(Type.Number({ description: 'events, attempts or seconds' })),
    usual: Nullable(Type.Number({ description: 'what it is on other days' })),
    detail: Nullable(Type.String({ description: 'what exactly, in English' })),
  },
  { title: 'CycleNotice' },
);

/** How the morning of a business day stands. */
export const CycleStatus = Type.Object(
  {
    business_day: Type.Intersect([Day], { description: 'the day that is worked through' }),
    state: oneOf(
      ['waiting', 'running', 'done', 'failed', 'none'] as const,
      'none: the project has no daily tasks',
    ),
    begins_at: Instant('when the cycle begins'),
    due_at: Instant('by when the lists are promised'),
    started_at: Nullable(Instant('of the first task')),
    lists_out_at: Nullable(Instant('when the last bestseller list of the day was out')),
    finished_at: Nullable(Instant('when everything was done')),
    made_up: Type.Boolean({ description: 'it began only after the promised time, as after a standstill' }),
    forecast: Nullable(
      Type.Object({
        expected_at: Instant('of the last list, in the middle'),
        early_at: Instant('one in twenty mornings is earlier'),
        late_at: Instant('one in twenty mornings is later'),
        on_time: Type.Number({ description: 'share of mornings that would be on time' }),
        slowest_stage: Type.String(),
      }),
    ),
    tasks: Type.Integer(),
    done: Type.Integer(),
    stages: Type.Array(CycleStage),
    notices: Type.Array(CycleNotice, { description: 'worst first' }),
    next_begins_at: Instant('when the next cycle begins'),
  },
  { title: 'CycleStatus', description: 'the morning' },
);

/** An edition as the newest ones are listed. */
export const EditionSummary = Type.Object(
  {
    edition: Type.String({ format: 'uuid' }),
    kind: oneOf(['bestseller', 'recommend', 'statistic'] as const, 'of what'),
    name: Type.String(),
    title: Type.Record(Type.String(), Type.String(), { description: 'by language, where it has one' }),
    business_day: Day,
    revision: Type.Integer(),
    published_at: Instant('when it was published'),
    content_hash: Type.String(),
  },
  { title: 'EditionSummary' },
);
export const EditionIndex = Type.Object(
  { editions: Type.Array(EditionSummary) },
  { title: 'EditionIndex', description: 'newest first' },
);

/** Events that came in, minute by minute. */
export const Traffic = Type.Object(
  {
    minutes: Type.Array(
      Type.Object(
        {
          at: Instant('the minute’s beginning'),
          received: Type.Integer(),
          duplicates: Type.Integer(),
          failed: Type.Integer(),
        },
        { title: 'TrafficMinute' },
      ),
      { description: 'oldest first, the last one still open' },
    ),
    per_second: Type.Number({ description: 'over the last minute' }),
    delay_seconds: Nullable(Type.Number({ description: 'median from the event to its arrival' })),
  },
  { title: 'Traffic', description: 'the last two hours' },
);

export type CycleStage = Static<typeof CycleStage>;
export type CycleNotice = Static<typeof CycleNotice>;
export type CycleStatus = Static<typeof CycleStatus>;
export type EditionSummary = Static<typeof EditionSummary>;
export type EditionIndex = Static<typeof EditionIndex>;
export type Traffic = Static<typeof Traffic>;
