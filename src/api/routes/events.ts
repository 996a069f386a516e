import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { OctavoError } from '../../base/index.ts';
import { callerOf, identify, principalOf } from '../authentication.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { countFailed, countKinds, withoutContents } from '../event-counts.ts';
import { EventKinds, FailedEvents } from '../event-schemas.ts';
import { createEventTail } from '../event-tail.ts';
import { keepAnswer } from '../keep-answer.ts';
import { refusals } from '../problem.ts';
import type { RecentReplays } from '../recent-replays.ts';

const config = { scope: 'tables:read' } as const;
const tags = ['Events'];
const keptMs = 30_000;
const daysDefault = 7;
const refused = ['argument_invalid', 'key_missing', 'key_invalid', 'scope_missing'] as const;
const asked = ['query_busy', 'query_timeout', 'query_failed', 'data_damaged'] as const;

/** What comes in: by kind, what was refused and why, and each event as it is taken. */
export function eventRoutes(server: ApiServer, context: ApiContext, replays: RecentReplays): void {
  const { queries, clock, shop } = context;
  const seesPersonal = (request: FastifyRequest): boolean =>
    principalOf(request, context).scopes.includes('personal:read');
  if (queries !== undefined) {
    const kinds = keepAnswer(() => countKinds(queries, { calendar: shop.calendar, nowMs: clock.now() }), {
      clock,
      keptMs,
    });
    const failed = keepAnswer((from) => countFailed(queries, from), {
      clock,
      keptMs,
      isChanging: replays.areRecent,
    });
    const failedFor = async (request: FastifyRequest, days: number): Promise<FailedEvents> => {
      const whole = await failed(shop.calendar.addDays(shop.calendar.dayOf(clock.now()), 1 - days));
      return seesPersonal(request) ? whole : withoutContents(whole);
    };

    server.get(
      '/v1/events/kinds',
      {
        config,
        schema: {
          operationId: 'listEventKinds',
          summary: 'Events of the last 24 hours by kind, beside the same hours a week before',
          tags,
          querystring: Type.Object({}, { additionalProperties: false }),
          response: { 200: EventKinds, ...refusals([...refused, ...asked]) },
        },
      },
      () => kinds(''),
    );

    server.get(
      '/v1/events/failed',
      {
        config: { scope: 'status:read' },
        schema: {
          operationId: 'listFailedEvents',
          summary: 'Refused events by reason, with an example of each',
          tags,
          querystring: Type.Object(
            {
              days: Type.Optional(
                Type.Integer({ minimum: 1, maximum: 90, default: daysDefault, description: 'business days' }),
              ),
            },
            { additionalProperties: false },
          ),
          response: { 200: FailedEvents, ...refusals([...refused, ...asked]) },
        },
      },
      (request) => failedFor(request, request.query.days ?? daysDefault),
    );
  }

  const tail = context.feed === undefined ? undefined : createEventTail({ feed: context.feed, clock });
  server.addHook('preClose', async () => tail?.close());
  const text = (description: string) =>
    Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));

  server.get(
    '/v1/events/tail',
    {
      config,
      schema: {
        operationId: 'streamEvents',
        summary: 'Server-sent `events`, twice a second: what was taken and matches, and how much came at all',
        tags,
        querystring: Type.Object(
          {
            kind: text('of this kind'),
            source: text('that came with the key of this name'),
            reader: text('of this reader; needs `personal:read`'),
            text: text('with this text in it'),
            failed: Type.Optional(Type.Boolean({ description: 'refused ones only' })),
          },
          { additionalProperties: false },
        ),
        produces: ['text/event-stream'],
        response: {
          200: Type.String({ description: 'the stream; it begins with the newest' }),
          ...refusals([...refused, 'tail_absent', 'live_busy']),
        },
      },
    },
    async (request, reply) => {
      if (tail === undefined) throw new OctavoError('tail_absent');
      const personal = seesPersonal(request);
      if (request.query.reader !== undefined && !personal)
        throw new OctavoError('scope_missing', `'reader' needs 'personal:read'`);
      await tail.join({
        response: reply.raw,
        filter: request.query,
        personal,
        caller: callerOf(request, context),
        allowed: () => 'principal' in identify(request, context),
      });
      reply.hijack();
    },
  );
}
