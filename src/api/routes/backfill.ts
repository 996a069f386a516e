import { Type } from '@sinclair/typebox';
import { hasCode, OctavoError, parseDay, type Calendar } from '../../base/index.ts';
import type { RunRequest } from '../../batch/index.ts';
import type { ApiServer } from '../context.ts';
import { requestOf } from '../day-runs.ts';
import { otherAnswers } from '../problem.ts';
import { askCodes, type RunAccess } from '../run-access.ts';
import { AskedRun, TaskPlan } from '../run-schemas.ts';
import { Day } from '../schemas.ts';
import { taskPlanOf, taskRefOf } from '../task-detail.ts';

const config = { scope: 'batch:run' } as const;
const tags = ['Runs'];
const params = Type.Object({ task: Type.String({ description: 'name, e.g. `bestseller:weekly`' }) });
const daysMax = 366;
const Range = {
  from: Day,
  to: Day,
  force: Type.Optional(Type.Boolean({ default: false, description: 'run it though its targets exist' })),
};

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly force?: boolean;
}

/** Making a task for a range of days: what it would run, and asking for it. */
export function backfillRoutes(server: ApiServer, shared: RunAccess, calendar: Calendar): void {
  const requestFor = (task: string, asked: Asked): Omit<RunRequest, 'askedBy'> => {
    const [from, to] = [parseDay(asked.from), parseDay(asked.to)];
    const length = calendar.daysBetween(from, to) + 1;
    if (length < 1 || length > daysMax)
      throw new OctavoError(
        'argument_invalid',
        `${from} to ${to} is ${length} days, expected 1 to ${daysMax}`,
      );
    const { registry } = shared.batch;
    if (registry.task(task).parameters['day'] === undefined)
      throw new OctavoError('task_parameter_invalid', `'${task}' is not made day by day`);
    const goals = calendar.range(from, to).map((day) => taskRefOf(registry, task, { day }));
    return { goals, force: asked.force ?? false };
  };

  server.get(
    '/v1/tasks/:task/backfill',
    {
      config,
      schema: {
        operationId: 'planBackfill',
        summary: 'What making a task for a range of days would run: nothing when nothing is missing',
        tags,
        params,
        querystring: Type.Object(Range, { additionalProperties: false }),
        response: { 200: TaskPlan, ...otherAnswers('task_unknown', ...askCodes) },
      },
    },
    (request) => planOf(shared, requestFor(request.params.task, request.query)),
  );

  server.post(
    '/v1/tasks/:task/backfill',
    {
      config,
      schema: {
        operationId: 'backfillTask',
        summary: 'Make a task for a range of days, oldest first, with what each lacks',
        tags,
        params,
        body: Type.Object(Range, { additionalProperties: false }),
        response: { 202: AskedRun, ...otherAnswers('task_unknown', ...askCodes) },
      },
    },
    async (request, reply) => {
      const asked = requestFor(request.params.task, request.body);
      const { run, already } = await shared.desk().ask({ ...asked, askedBy: shared.nameOf(request) });
      return reply.code(202).send({ ...requestOf(run), already });
    },
  );
}

async function planOf(shared: RunAccess, asked: Omit<RunRequest, 'askedBy'>): Promise<TaskPlan> {
  try {
    return taskPlanOf(await shared.desk().plan(asked));
  } catch (error) {
    // Looking is no refusal: that nothing is missing is the answer. Asking for it is one.
    if (!hasCode(error, 'task_done')) throw error;
    const goals = asked.goals.map((goal) => shared.batch.registry.resolve(goal).id);
    return { goals, runs: [], count: 0, present: goals.length };
  }
}
