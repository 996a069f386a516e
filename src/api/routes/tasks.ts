import { Type } from '@sinclair/typebox';
import { parseDay } from '../../base/index.ts';
import type { ApiServer } from '../context.ts';
import { attemptOf, requestOf } from '../day-runs.ts';
import { otherAnswers } from '../problem.ts';
import { askCodes, type RunAccess } from '../run-access.ts';
import { AskedRun, TaskAttempts, TaskDetail, TaskIndex, TaskPlan } from '../run-schemas.ts';
import { Day } from '../schemas.ts';
import { taskDetailOf, taskPlanOf, taskRefOf, taskSummary } from '../task-detail.ts';

const reads = { scope: 'status:read' } as const;
const runs = { scope: 'batch:run' } as const;
const tags = ['Runs'];
const params = Type.Object({ task: Type.String({ description: 'name, e.g. `model:sales`' }) });
const historyDefault = 31;
const attemptsDefault = 5;

/** One task: what it is, how it went, its logs, and running it. */
export function taskRoutes(server: ApiServer, shared: RunAccess): void {
  const { registry } = shared.batch;

  server.get(
    '/v1/tasks',
    {
      config: reads,
      schema: {
        operationId: 'listTasks',
        summary: 'Every task of the project, with what it reads and makes',
        tags,
        querystring: Type.Object({}, { additionalProperties: false }),
        response: { 200: TaskIndex, ...otherAnswers() },
      },
    },
    () => ({ tasks: registry.tasks.map(taskSummary) }),
  );

  server.get(
    '/v1/tasks/:task',
    {
      config: reads,
      schema: {
        operationId: 'getTask',
        summary: 'A task: what it needs and makes, and how it went day by day',
        tags,
        params,
        querystring: Type.Object(
          {
            day: Type.Optional(Day),
            limit: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: 366,
                default: historyDefault,
                description: 'days of history',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: TaskDetail, ...otherAnswers('task_unknown', 'day_invalid') },
      },
    },
    (request) => detail(shared, request.params.task, request.query),
  );

  server.get(
    '/v1/tasks/:task/attempts',
    {
      config: reads,
      schema: {
        operationId: 'getTaskAttempts',
        summary: 'The attempts of a task for a day, with the last lines that each logged',
        tags,
        params,
        querystring: Type.Object(
          {
            day: Type.Optional(Day),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: attemptsDefault })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: TaskAttempts,
          ...otherAnswers('task_unknown', 'task_parameter_invalid', 'day_invalid'),
        },
      },
    },
    (request) => attemptsOf(shared, request.params.task, request.query),
  );
  runningRoutes(server, shared);
}

function runningRoutes(server: ApiServer, shared: RunAccess): void {
  const { registry } = shared.batch;

  server.get(
    '/v1/tasks/:task/plan',
    {
      config: runs,
      schema: {
        operationId: 'planTask',
        summary: 'What running a task would run; the same refusals as running it',
        tags,
        params,
        querystring: Type.Object(
          { day: Type.Optional(Day), force: Type.Optional(Type.Boolean({ default: false })) },
          { additionalProperties: false },
        ),
        response: { 200: TaskPlan, ...otherAnswers('task_unknown', ...askCodes) },
      },
    },
    (request) => planOf(shared, request.params.task, request.query),
  );

  server.post(
    '/v1/tasks/:task/runs',
    {
      config: runs,
      schema: {
        operationId: 'runTask',
        summary: 'Run a task with what it lacks; asked again while it runs, the same run is answered',
        tags,
        params,
        body: Type.Object(
          {
            day: Type.Optional(Day),
            parameters: Type.Optional(
              Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
                description: 'beside the day',
              }),
            ),
            force: Type.Optional(
              Type.Boolean({ default: false, description: 'run it though its target exists' }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 202: AskedRun, ...otherAnswers('task_unknown', ...askCodes) },
      },
    },
    async (request, reply) => {
      const { day = shared.newestDay(), parameters = {}, force = false } = request.body;
      const goal = taskRefOf(registry, request.params.task, { day, parameters });
      const askedBy = shared.nameOf(request);
      const { run, already } = await shared.desk().ask({ goals: [goal], force, askedBy });
      return reply.code(202).send({ ...requestOf(run), already });
    },
  );
}

interface Asked {
  readonly day?: string;
  readonly limit?: number;
}

async function detail(
  { batch, morningOf, newestDay }: RunAccess,
  task: string,
  { day, limit }: Asked,
): Promise<TaskDetail> {
  batch.registry.task(task);
  const morning = await morningOf(day === undefined ? newestDay() : parseDay(day));
  return taskDetailOf(batch, task, { ...morning, historyMax: limit ?? historyDefault });
}

async function attemptsOf(
  { batch, newestDay }: RunAccess,
  task: string,
  { day, limit }: Asked,
): Promise<TaskAttempts> {
  const { id } = batch.registry.resolve(taskRefOf(batch.registry, task, { day: day ?? newestDay() }));
  const attempts = await batch.state.attempts({ taskId: id, limit: limit ?? attemptsDefault });
  return { id, attempts: attempts.map(attemptOf) };
}

async function planOf(
  { batch, desk, newestDay }: RunAccess,
  task: string,
  { day, force }: Asked & { readonly force?: boolean },
): Promise<TaskPlan> {
  const goal = taskRefOf(batch.registry, task, { day: day ?? newestDay() });
  const plan = await desk().plan({ goals: [goal], force: force ?? false });
  return taskPlanOf(plan);
}
