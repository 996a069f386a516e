import type { Static } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { OctavoError } from '../../base/index.ts';
import { isNestedAtMost, isPointer, levelsMax, type EventChange } from '../../event/index.ts';
import { principalOf } from '../authentication.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { failedRows, failedRowsMax, placesMax, type FailedFilter } from '../failed-rows.ts';
import { hideContents } from '../hide-personal.ts';
import { refusals } from '../problem.ts';
import type { RecentReplays } from '../recent-replays.ts';
import { replayAnswer, replayFailed, type Replayer } from '../replay.ts';
import {
  FailedRows,
  FailedRowsQuery,
  Replayed,
  ReplayBody,
  type FailedFilterQuery,
} from '../replay-schemas.ts';

const tags = ['Events'];
const daysDefault = 7;
const refused = ['argument_invalid', 'key_missing', 'key_invalid', 'scope_missing'] as const;
const asked = ['query_busy', 'query_timeout', 'query_failed', 'data_damaged'] as const;

/** Refused events one by one, and their replay. */
export function failedEventRoutes(server: ApiServer, context: ApiContext, replays: RecentReplays): void {
  const { queries, collector, shop, clock } = context;
  if (queries === undefined) return;
  const seesPersonal = (request: FastifyRequest): boolean =>
    principalOf(request, context).scopes.includes('personal:read');
  const filterOf = ({ days = daysDefault, ...filter }: FailedFilterQuery): FailedFilter => ({
    ...filter,
    from: shop.calendar.addDays(shop.calendar.dayOf(clock.now()), 1 - days),
  });

  const showRows = async (
    { limit = 100, resolved, ...filter }: Static<typeof FailedRowsQuery>,
    personal: boolean,
  ): Promise<FailedRows> => {
    const rows = await failedRows(queries, { ...filterOf(filter), resolved }, limit);
    if (personal) return { rows: [...rows] };
    const hidden = { user_agent: null, ip: null, message: '' };
    return { rows: rows.map((row) => ({ ...row, ...hidden, event: hideContents(row.event) })) };
  };

  const replay = async (
    through: Replayer,
    {
      dry_run: dryRun = false,
      limit = failedRowsMax,
      changes = [],
      events,
      ...filter
    }: Static<typeof ReplayBody>,
    personal: boolean,
  ): Promise<Replayed> => {
    const edited = events && new Map(events.map(({ place, event }) => [place, event]));
    const outcomes = await replayFailed(
      { queries, collector: through },
      { filter: filterOf(filter), changes: changes.map(toChange), dryRun, limit, ...(edited && { edited }) },
    );
    if (!dryRun) replays.done();
    const results = outcomes.slice(0, placesMax).map(({ event, error, ...one }) => ({
      ...one,
      ...(event === undefined ? {} : { event: personal ? event : hideContents(event) }),
      ...(error === undefined ? {} : { error: personal ? error : { ...error, message: '' } }),
    }));
    return replayAnswer(outcomes, { dryRun, limit }, results);
  };

  server.get(
    '/v1/events/failed/rows',
    {
      config: { scope: 'tables:read' },
      schema: {
        operationId: 'listFailedRows',
        summary: 'Refused events one by one, as they came, oldest first',
        tags,
        querystring: FailedRowsQuery,
        response: { 200: FailedRows, ...refusals([...refused, ...asked]) },
      },
    },
    (request) => showRows(request.query, seesPersonal(request)),
  );

  if (collector === undefined) return;
  server.post(
    '/v1/events/failed/replay',
    {
      config: { scope: 'events:replay' },
      schema: {
        operationId: 'replayFailedEvents',
        summary: 'Mend refused events and store them, each once however often it is asked',
        tags,
        body: ReplayBody,
        response: {
          200: Replayed,
          ...refusals([...refused, ...asked, 'page_foreign', 'storage_full', 'log_closed']),
        },
      },
    },
    (request) => replay(collector, request.body, seesPersonal(request)),
  );
}

function toChange(change: Readonly<Record<string, unknown>> & { readonly path: string }): EventChange {
  const ways = ['value', 'from', 'remove'].filter((way) => change[way] !== undefined);
  if (ways.length !== 1)
    throw new OctavoError(
      'argument_invalid',
      `a change of '${change.path}' needs one of value, from, remove`,
    );
  if (!isPointer(change.path))
    throw new OctavoError('argument_invalid', `'${change.path}' is no JSON pointer`);
  if (!isNestedAtMost(change['value'], levelsMax))
    throw new OctavoError('argument_invalid', `the value of '${change.path}' is deeper than an event may be`);
  const from = change['from'];
  if (typeof from === 'string' && from !== 'received_at' && !isPointer(from))
    throw new OctavoError('argument_invalid', `'${from}' is neither a JSON pointer nor received_at`);
  return change as EventChange;
}
