import { Type } from '@sinclair/typebox';
import { parseDay, type BusinessDay } from '../../base/index.ts';
import { dailyGoals } from '../../batch/index.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { isRunning, tasksOfDay } from '../cycle-tasks.ts';
import { dayRunsOf, requestOf, runDayOf } from '../day-runs.ts';
import { expectationOf, type BatchView, type Morning } from '../mornings.ts';
import { otherAnswers, refusals } from '../problem.ts';
import { askCodes, runAccess, type RunAccess } from '../run-access.ts';
import { AskedRun, DayRuns, RequestedRun, RunDays } from '../run-schemas.ts';
import { Day } from '../schemas.ts';
import { backfillRoutes } from './backfill.ts';
import { taskRoutes } from './tasks.ts';

const reads = { scope: 'status:read' } as const;
const runs = { scope: 'batch:run' } as const;
const tags = ['Runs'];
const daysDefault = 31;

/** The batch day by day: what runs, what ran, and running it. */
export function runRoutes(server: ApiServer, context: ApiContext): void {
  const { batch } = context;
  if (batch === undefined) return;
  const shared = runAccess(context, batch);

  server.get(
    '/v1/runs',
    {
      config: reads,
      schema: {
        operationId: 'getRuns',
        summary: 'Every task of a business day: done, running, to come, and what each needs',
        tags,
        querystring: Type.Object({ day: Type.Optional(Day) }, { additionalProperties: false }),
        response: { 200: DayRuns, ...otherAnswers('day_invalid') },
      },
    },
    (request) => dayRuns(shared, dayOf(request.query.day)),
  );

  server.get(
    '/v1/runs/days',
    {
      config: reads,
      schema: {
        operationId: 'listRunDays',
        summary: 'The last business days, and how the work of each went',
        tags,
        querystring: Type.Object(
          { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 92, default: daysDefault })) },
          { additionalProperties: false },
        ),
        response: { 200: RunDays, ...otherAnswers() },
      },
    },
    (request) => runDays(shared, context, request.query.limit ?? daysDefault),
  );

  server.post(
    '/v1/runs',
    {
      config: runs,
      schema: {
        operationId: 'runDay',
        summary: 'Run what is missing of a business day',
        tags,
        body: Type.Object({ day: Day }, { additionalProperties: false }),
        response: { 202: AskedRun, ...otherAnswers(...askCodes) },
      },
    },
    async (request, reply) => {
      const goals = dailyGoals({ registry: batch.registry }, parseDay(request.body.day));
      const { run, already } = await shared.desk().ask({ goals, askedBy: shared.nameOf(request) });
      return reply.code(202).send({ ...requestOf(run), already });
    },
  );

  server.delete(
    '/v1/runs/requests/:request',
    {
      config: runs,
      schema: {
        operationId: 'stopRun',
        summary: 'Stop a run that was asked for; what it has made stays',
        tags,
        params: Type.Object({ request: Type.Integer({ minimum: 1 }) }),
        response: { 202: RequestedRun, ...refusals(['run_not_found', 'runs_not_taken']) },
      },
    },
    async (request, reply) =>
      reply.code(202).send(requestOf(await shared.desk().stop(request.params.request))),
  );

  server.delete(
    '/v1/runs/:run',
    {
      config: runs,
      schema: {
        operationId: 'endRun',
        summary: 'Stop any run, also one of the schedule or of another process; what it has made stays',
        tags,
        params: Type.Object({ run: Type.Integer({ minimum: 1 }) }),
        response: {
          202: Type.Object(
            { run: Type.Integer() },
            { title: 'StoppedRun', description: 'it ends within seconds' },
          ),
          ...refusals(['run_not_found', 'runs_not_taken']),
        },
      },
    },
    async (request, reply) => {
      const { run } = request.params;
      await shared.desk().stopRun(run, shared.nameOf(request));
      return reply.code(202).send({ run });
    },
  );

  taskRoutes(server, shared);
  backfillRoutes(server, shared, context.shop.calendar);
}

async function dayRuns(
  { batch, morningOf, newestDay }: RunAccess,
  day: BusinessDay | undefined,
): Promise<DayRuns> {
  const morning = await morningOf(day);
  return {
    business_day: morning.day,
    tasks: dayRunsOf(morning, comingOf(morning, batch, newestDay())),
    other_runs: await otherRuns(batch),
    requests: (batch.desk?.runs() ?? []).map(requestOf),
    takes_runs: batch.desk?.takes() ?? false,
  };
}

const runsLookedAt = 200;

/** Runs at work that the desk does not know of. */
async function otherRuns({ state, desk }: BatchView): Promise<DayRuns['other_runs']> {
  const own = new Set((desk?.runs() ?? []).map(({ runId }) => runId));
  const working = Map.groupBy(await state.running(), ({ runId }) => runId);
  if ([...working.keys()].every((id) => own.has(id))) return [];
  const records = await state.runs({ limit: runsLookedAt });
  const others = records.filter(({ runId }) => working.has(runId) && !own.has(runId));
  return await Promise.all(
    others.map(async ({ runId, askedBy, worker, startedMs }) => ({
      run: runId,
      asked_by: askedBy ?? null,
      worker,
      started_at: new Date(startedMs).toISOString(),
      running: (working.get(runId) ?? []).map(({ taskId }) => taskId),
      stop_asked_by: (await state.stopAskedBy(runId)) ?? null,
    })),
  );
}

/** The days up to the oldest that something is kept of. */
async function runDays(
  { batch, newestDay }: RunAccess,
  { clock, shop }: ApiContext,
  limit: number,
): Promise<RunDays> {
  const to = newestDay();
  const days: RunDays['days'] = [];
  for (const day of shop.calendar.range(shop.calendar.addDays(to, 1 - limit), to).toReversed())
    days.push(runDayOf(day, await tasksOfDay(batch, day, clock.now()), clock.now()));
  const known = days.findLastIndex(({ state }) => state !== 'none');
  return { days: days.slice(0, Math.max(1, known + 1)) };
}

/** A past day with work left is not going to be worked on by itself, unless somebody does right now. */
function comingOf(morning: Morning, batch: BatchView, newest: BusinessDay): ReturnType<typeof expectationOf> {
  const { tasks, nowMs } = morning;
  if (tasks.every(({ success }) => success !== undefined)) return undefined;
  const atWork = tasks.some(({ attempts }) => attempts.some((attempt) => isRunning(attempt, nowMs)));
  return morning.day === newest || atWork ? expectationOf(morning, batch) : undefined;
}

function dayOf(text: string | undefined): BusinessDay | undefined {
  return text === undefined ? undefined : parseDay(text);
}
