import { Type } from '@sinclair/typebox';
import { parseDay } from '../../base/index.ts';
import { callerOf, identify } from '../authentication.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { createCycleView } from '../cycle.ts';
import { createMornings } from '../mornings.ts';
import { runsNow } from '../runs-now.ts';
import { createLiveHub } from '../live-hub.ts';
import { newestEditions } from '../newest-editions.ts';
import { otherAnswers, refusals } from '../problem.ts';
import { Day } from '../schemas.ts';
import { CycleStatus, EditionIndex, Traffic } from '../status-schemas.ts';
import { createTrafficMeter } from '../traffic.ts';

const config = { scope: 'status:read' } as const;
const tags = ['Status'];
const editionsDefault = 8;
const liveMinutes = 3;
const noQuery = Type.Object({}, { additionalProperties: false });

/** How the platform stands: the morning, the newest editions, what comes in; once, and as a stream. */
export function statusRoutes(server: ApiServer, context: ApiContext): void {
  const { batch, clock, log, shop, recentTraffic } = context;
  const meter = createTrafficMeter({
    clock,
    ...(recentTraffic === undefined ? {} : { past: recentTraffic }),
  });
  const options = batch === undefined ? undefined : { batch, calendar: shop.calendar, clock };
  const cycle =
    options === undefined ? undefined : createCycleView({ ...options, morningOf: createMornings(options) });
  const editions = async (limit: number): Promise<EditionIndex> => ({
    editions: await newestEditions(context, { limit }),
  });
  const hub = createLiveHub({
    sources: {
      ...(cycle === undefined ? {} : { cycle: () => cycle() }),
      ...(batch === undefined ? {} : { runs: () => runsNow(batch) }),
      editions: () => editions(editionsDefault),
      // Whoever listens has the older minutes by /v1/traffic.
      traffic: async () => {
        const { minutes, ...rest } = await meter.read();
        return { ...rest, minutes: minutes.slice(-liveMinutes) };
      },
    },
    clock,
    log,
  });
  server.addHook('preClose', async () => {
    hub.close();
    meter.close();
  });

  if (cycle !== undefined) {
    server.get(
      '/v1/cycle',
      {
        config,
        schema: {
          operationId: 'getCycle',
          summary: 'How the morning stands: what is done, what runs, when the lists will be out',
          tags,
          querystring: Type.Object({ date: Type.Optional(Day) }, { additionalProperties: false }),
          response: { 200: CycleStatus, ...otherAnswers('day_invalid') },
        },
      },
      (request) => cycle(request.query.date === undefined ? undefined : parseDay(request.query.date)),
    );
  }

  server.get(
    '/v1/editions',
    {
      config,
      schema: {
        operationId: 'listEditions',
        summary: 'The editions that were published last',
        tags,
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: editionsDefault })),
          },
          { additionalProperties: false },
        ),
        response: { 200: EditionIndex, ...otherAnswers() },
      },
    },
    (request) => editions(request.query.limit ?? editionsDefault),
  );

  server.get(
    '/v1/traffic',
    {
      config,
      schema: {
        operationId: 'getTraffic',
        summary: 'Events a minute over the last two hours',
        tags,
        querystring: noQuery,
        response: { 200: Traffic, ...otherAnswers() },
      },
    },
    async () => meter.read(),
  );

  server.get(
    '/v1/live',
    {
      config,
      schema: {
        operationId: 'streamLive',
        summary:
          'Server-sent events `cycle`, `runs`, `editions` and `traffic`, each whole, whenever one has changed',
        tags,
        querystring: noQuery,
        produces: ['text/event-stream'],
        response: {
          200: Type.String({ description: 'the stream; a client that comes back begins with everything' }),
          ...refusals(['live_busy']),
        },
      },
    },
    (request, reply) => {
      hub.join({
        response: reply.raw,
        caller: callerOf(request, context),
        allowed: () => 'principal' in identify(request, context),
      });
      reply.hijack();
    },
  );
}
