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
    async (request, reply) => reply.code(202).send(requestOf(shared.desk().stop(request.params.request))),
  );

  taskRoutes(server, shared);
}

async function dayRuns(
  { batch, morningOf, newestDay }: RunAccess,
  day: BusinessDay | undefined,
): Promise<DayRuns> {
  const morning = await morningOf(day);
  return {
    business_day: morning.day,
    tasks: dayRunsOf(morning, comingOf(morning, batch, newestDay())),
    requests: (batch.desk?.runs() ?? []).map(requestOf),
    takes_runs: batch.desk?.takes() ?? false,
  };
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
