import { Type, type Static } from '@sinclair/typebox';
import { Text } from '../base/index.ts';
import { Day, Nullable } from './schemas.ts';

const Instant = (description: string) => Type.String({ format: 'date-time', description });
const Seconds = (description: string) => Type.Number({ description });
const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: values, description });

/** How a task of a day stands. */
export const TaskState = oneOf(
  ['waiting', 'running', 'retrying', 'done', 'failed', 'blocked'] as const,
  'retrying: it failed and is tried again; blocked: what it needs has failed',
);

const Progress = Type.Object({ done: Type.Number(), total: Type.Number(), unit: Type.String() });
const TaskError = Type.Object({
  code: Type.String({ description: 'see the errors reference' }),
  message: Type.String(),
  hint: Nullable(Type.String({ description: 'what to do' })),
});

/** What a task needs of other days. */
const OtherNeed = Type.Object({
  task: Type.String(),
  from: Nullable(Day),
  to: Nullable(Day),
  count: Type.Integer({ description: 'how many of them' }),
});

/** One task of a day. */
export const DayRun = Type.Object(
  {
    id: Type.String({ description: 'the task with its parameters' }),
    task: Type.String(),
    stage: Type.String({ description: 'the name up to the colon' }),
    state: TaskState,
    started_at: Nullable(Instant('of its first attempt')),
    finished_at: Nullable(Instant('of its first success, or its last failure')),
    expected_start_at: Nullable(Instant('of what has not started')),
    expected_finish_at: Nullable(Instant('of what is not done')),
    usual_seconds: Nullable(Seconds('the middle of other days')),
    attempts: Type.Integer(),
    progress: Nullable(Progress),
    error: Nullable(TaskError),
    needs: Type.Array(Type.String(), { description: 'ids of tasks of the same day' }),
    other_needs: Type.Array(OtherNeed),
    critical: Type.Boolean({ description: 'on the way that decides when the lists are out' }),
  },
  { title: 'DayRun' },
);

/** Somebody’s wish, and what became of it. */
export const RequestedRun = Type.Object(
  {
    request: Type.Integer({ description: 'for stopping it; 0 for a run that nobody asked for' }),
    run: Nullable(Type.Integer({ description: 'id of the run; null until it runs' })),
    goals: Type.Array(Type.String()),
    force: Type.Boolean(),
    asked_by: Nullable(Type.String()),
    asked_at: Instant('when it was asked for'),
    state: oneOf(
      ['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'lost'] as const,
      'waiting: behind another one',
    ),
    tasks: Type.Integer({ description: 'that it runs' }),
    done: Type.Integer({ description: 'of them that have ended' }),
    errors: Type.Array(Type.Composite([Type.Object({ id: Type.String() }), TaskError])),
    finished_at: Nullable(Instant('when it ended')),
  },
  { title: 'RequestedRun', description: 'a run that was asked for' },
);

/** A run at work that nobody asked this server for: of the schedule, or of another process. */
const OtherRun = Type.Object(
  {
    run: Type.Integer({ description: 'for stopping it' }),
    asked_by: Nullable(Type.String({ description: 'null: the schedule, or a command' })),
    worker: Type.String(),
    started_at: Instant('when it began'),
    running: Type.Array(Type.String(), { description: 'ids of the tasks at work' }),
    stop_asked_by: Nullable(Type.String({ description: 'who asked for its end, which then is near' })),
  },
  { title: 'OtherRun' },
);
export type OtherRun = Static<typeof OtherRun>;
export const AskedRun = Type.Composite(
  [RequestedRun, Type.Object({ already: Type.Boolean({ description: 'it was going before this request' }) })],
  { title: 'AskedRun', description: 'the run, or the one that makes the same already' },
);

/** A day’s tasks. */
export const DayRuns = Type.Object(
  {
    business_day: Day,
    tasks: Type.Array(DayRun, { description: 'needs before what needs them' }),
    other_runs: Type.Array(OtherRun, { description: 'at work, beside those that were asked for' }),
    requests: Type.Array(RequestedRun, { description: 'newest first' }),
    takes_runs: Type.Boolean({ description: 'whether this process runs tasks on demand' }),
  },
  { title: 'DayRuns', description: 'every task of the day' },
);

/** Days with their outcome. */
export const RunDays = Type.Object(
  {
    days: Type.Array(
      Type.Object(
        {
          business_day: Day,
          state: oneOf(
            ['done', 'running', 'failed', 'partial', 'waiting', 'none'] as const,
            'partial: some of it is there; none: nothing is kept of it',
          ),
          tasks: Type.Integer(),
          done: Type.Integer(),
          failed: Type.Integer(),
          started_at: Nullable(Instant('of the first task')),
          finished_at: Nullable(Instant('of the last task')),
          work_seconds: Seconds('of all attempts together'),
        },
        { title: 'RunDay' },
      ),
    ),
  },
  { title: 'RunDays', description: 'newest first' },
);

/** A task as the index names it. */
export const TaskIndex = Type.Object(
  {
    tasks: Type.Array(
      Type.Object(
        {
          task: Type.String(),
          stage: Type.String(),
          description: Text,
          daily: Type.Boolean(),
          reads: Type.Array(Type.String(), { description: 'tables, and `kind:name` outside of them' }),
          makes: Type.Array(Type.String()),
        },
        { title: 'TaskSummary' },
      ),
    ),
  },
  { title: 'TaskIndex', description: 'every task of the project' },
);

/** One attempt of a task. */
export const TaskAttempt = Type.Object(
  {
    token: Type.Integer({ description: 'grows over all attempts' }),
    run: Type.Integer(),
    attempt: Type.Integer({ description: '1 for the first of its run' }),
    worker: Type.String(),
    outcome: Nullable(
      oneOf(
        ['succeeded', 'present', 'failed', 'cancelled', 'lost'] as const,
        'present: nothing had to be made',
      ),
    ),
    started_at: Instant('when it began'),
    finished_at: Nullable(Instant('when it ended; null while it runs')),
    counts: Type.Record(Type.String(), Type.Number()),
    progress: Nullable(Progress),
    error: Nullable(TaskError),
    log: Type.Array(Type.String(), { description: 'the last lines, each with instant and level' }),
  },
  { title: 'TaskAttempt' },
);
export const TaskAttempts = Type.Object(
  { id: Type.String(), attempts: Type.Array(TaskAttempt, { description: 'newest first' }) },
  { title: 'TaskAttempts', description: 'the attempts with their logs' },
);

/** A task, and how it went. */
export const TaskDetail = Type.Object(
  {
    task: Type.String(),
    stage: Type.String(),
    description: Text,
    daily: Type.Boolean(),
    id: Nullable(Type.String({ description: 'with the day; null for a task that wants more than a day' })),
    business_day: Nullable(Day),
    target: Nullable(Type.Object({ description: Type.String(), exists: Type.Boolean() })),
    retries: Type.Integer({ description: 'further attempts after the first' }),
    timeout_seconds: Type.Number(),
    resources: Type.Record(Type.String(), Type.Number()),
    reads: Type.Array(Type.String()),
    makes: Type.Array(Type.String()),
    needs: Type.Array(OtherNeed),
    needed_by: Type.Array(Type.String(), { description: 'tasks that need it' }),
    history: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          business_day: Nullable(Day),
          state: oneOf(['done', 'running', 'failed', 'cancelled'] as const, 'how it stands'),
          started_at: Instant('of the newest attempt'),
          seconds: Nullable(Seconds('that the attempt which made it took, else the newest')),
          attempts: Type.Integer(),
          present: Type.Boolean({ description: 'nothing had to be made' }),
          counts: Type.Record(Type.String(), Type.Number()),
          error: Nullable(TaskError),
        },
        { title: 'TaskHistory' },
      ),
      { description: 'newest first, one entry for each day' },
    ),
  },
  { title: 'TaskDetail', description: 'the task, and how it went day by day' },
);

/** What a run would do. */
export const TaskPlan = Type.Object(
  {
    goals: Type.Array(Type.String()),
    runs: Type.Array(Type.String(), { description: 'ids of what would run, in order, the first 200' }),
    count: Type.Integer({ description: 'how many would run' }),
    present: Type.Integer({ description: 'how many are there already' }),
  },
  { title: 'TaskPlan', description: 'what would run' },
);

export type DayRun = Static<typeof DayRun>;
export type DayRuns = Static<typeof DayRuns>;
export type RequestedRun = Static<typeof RequestedRun>;
export type AskedRun = Static<typeof AskedRun>;
export type RunDays = Static<typeof RunDays>;
export type TaskIndex = Static<typeof TaskIndex>;
export type TaskAttempt = Static<typeof TaskAttempt>;
export type TaskAttempts = Static<typeof TaskAttempts>;
export type TaskDetail = Static<typeof TaskDetail>;
export type TaskPlan = Static<typeof TaskPlan>;
