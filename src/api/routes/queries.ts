import { randomUUID } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OctavoError } from '../../base/index.ts';
import type { Queries, QueryAnswer } from '../../query/index.ts';
import { csvText, toXlsx } from '../../statistics/index.ts';
import { principalOf, type Principal } from '../authentication.ts';
import { columnTexts } from '../column-texts.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { refusals } from '../problem.ts';
import { QueryBody, QueryParameters, QueryRows, QueryTables } from '../query-schemas.ts';
import { toCell, toJsonValue, toSheetCell } from '../query-values.ts';

const config = { scope: 'tables:read' } as const;
const tags = ['Queries'];
const mebibyte = 1024 * 1024;
const shown = { rows: 10_000, bytes: 16 * mebibyte };
const exportBytesMax = 256 * mebibyte;
const refused = refusals([
  'argument_invalid',
  'query_invalid',
  'key_missing',
  'key_invalid',
  'scope_missing',
  'query_refused',
  'table_not_found',
  'query_limited',
  'cancelled',
  'query_failed',
  'data_damaged',
  'query_busy',
  'query_timeout',
  'query_memory',
]);

/** A result as a file; a sheet holds fewer rows than a text. */
const files = {
  csv: {
    operationId: 'exportQuery',
    rowsMax: 1_000_000,
    rows: 'a million',
    type: 'text/csv; charset=utf-8',
    write: ({ columns, rows }: QueryAnswer): string | Buffer => {
      const names = columns.map(({ name }) => name);
      return csvText(
        names,
        rows.map((row) => names.map((name) => toCell(row[name] ?? null))),
      );
    },
  },
  xlsx: {
    operationId: 'exportQueryWorkbook',
    rowsMax: 100_000,
    rows: 'a hundred thousand',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    write: ({ columns, rows }: QueryAnswer): string | Buffer =>
      toXlsx([
        {
          name: 'query',
          head: columns.map(({ name }) => name),
          rows: rows.map((row) => columns.map(({ name, type }) => toSheetCell(row[name] ?? null, type))),
          formats: columns.map(() => 'plain' as const),
        },
      ]),
  },
} as const;

/** Questions in SQL: what can be asked, the answer as rows or as a file, and stopping one. */
export function queryRoutes(server: ApiServer, context: ApiContext): void {
  const { queries } = context;
  if (queries === undefined) return;
  const askerOf = (request: FastifyRequest): Asker => ownerOf(request, context);

  server.get(
    '/v1/queries/tables',
    {
      config,
      schema: {
        operationId: 'listQueryTables',
        summary: 'The tables and columns that a statement may name',
        tags,
        querystring: Type.Object({}, { additionalProperties: false }),
        response: {
          200: QueryTables,
          ...refusals(['argument_invalid', 'key_missing', 'key_invalid', 'scope_missing']),
        },
      },
    },
    async () => ({
      tables: (await queries.tables()).map((table) => {
        const described = columnTexts(context.batch?.registry.tasks ?? [], table.table);
        const columns = table.columns.map((column) => ({
          ...column,
          documentation: described[column.column] ?? column.documentation,
        }));
        return { ...table, columns };
      }),
      seconds_max: queries.timeoutMs / 1000,
    }),
  );

  server.post(
    '/v1/queries',
    {
      config,
      schema: {
        operationId: 'runQuery',
        summary: 'Ask the tables in SQL; closing the request stops the query',
        tags,
        body: QueryBody,
        response: { 200: QueryRows, ...refused },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const rowsMax = request.body.rows_max ?? shown.rows;
      const limits = { rowsMax, bytesMax: shown.bytes };
      const asked = { queries, body: request.body, asker: askerOf(request), limits };
      const { columns, rows, truncated, seconds, personalHidden, pins } = await run(asked, reply);
      return {
        columns: columns.map(({ name, type }) => ({ name, type })),
        rows: rows.map((row) => columns.map(({ name }) => toJsonValue(row[name] ?? null))),
        truncated,
        seconds,
        personal_hidden: personalHidden.length > 0,
        snapshots: Object.fromEntries(Object.entries(pins).map(([table, id]) => [table, String(id)])),
      };
    },
  );

  server.post(
    '/v1/queries/parameters',
    {
      config,
      schema: {
        operationId: 'findQueryParameters',
        summary: 'The `:name` parameters that a statement names, with their types',
        tags,
        body: Type.Pick(QueryBody, ['sql'], { title: 'QueryText', additionalProperties: false }),
        response: { 200: QueryParameters, ...refused },
      },
    },
    (request) => parametersOf(queries, request.body.sql),
  );

  exportRoutes(server, queries, askerOf);

  server.delete(
    '/v1/queries/:query_id',
    {
      config,
      schema: {
        operationId: 'stopQuery',
        summary: 'Stop one of your queries; its own request is answered with `cancelled`',
        tags,
        params: Type.Object({ query_id: Type.String({ maxLength: 64 }) }),
        response: {
          204: Type.Null({ description: 'it stops' }),
          ...refusals(['key_missing', 'key_invalid', 'scope_missing', 'query_not_found']),
        },
      },
    },
    async (request, reply) => {
      const { query_id } = request.params;
      if (!queries.cancel(askerOf(request).owner, query_id))
        throw new OctavoError('query_not_found', `'${query_id}'`);
      return reply.code(204).send(null);
    },
  );
}

async function parametersOf(queries: Queries, sql: string): Promise<Static<typeof QueryParameters>> {
  return { parameters: (await queries.parameters(sql)).map((parameter) => ({ ...parameter })) };
}

function exportRoutes(
  server: ApiServer,
  queries: Queries,
  askerOf: (request: FastifyRequest) => Asker,
): void {
  for (const format of ['csv', 'xlsx'] as const) {
    const { rowsMax, rows: rowsSaid, type, operationId, write } = files[format];
    server.post(
      `/v1/queries/${format}`,
      {
        config,
        schema: {
          operationId,
          summary: `The same as a file (${format}), up to ${rowsSaid} rows; \`x-octavo-truncated\` says when there were more`,
          tags,
          body: Type.Omit(QueryBody, ['rows_max'], { title: 'QueryExport', additionalProperties: false }),
          produces: [type],
          response: {
            200: Type.Unsafe<string | Buffer>(Type.String({ description: 'the file' })),
            ...refused,
          },
        },
      },
      async (request, reply) => {
        const limits = { rowsMax, bytesMax: exportBytesMax };
        const answer = await run({ queries, body: request.body, asker: askerOf(request), limits }, reply);
        return reply
          .header('cache-control', 'no-store')
          .header('content-disposition', `attachment; filename="query.${format}"`)
          .header('x-octavo-truncated', String(answer.truncated))
          .type(type)
          .send(write(answer));
      },
    );
  }
}

interface Asker {
  readonly owner: string;
  readonly scopes: Principal['scopes'];
}

interface Asked {
  readonly queries: Queries;
  readonly body: Omit<Static<typeof QueryBody>, 'rows_max'>;
  readonly asker: Asker;
  readonly limits: { readonly rowsMax: number; readonly bytesMax: number };
}

/** Runs it until whoever asked has gone. */
async function run({ queries, body, asker, limits }: Asked, reply: FastifyReply): ReturnType<Queries['run']> {
  const personal = body.personal === true;
  if (personal && !asker.scopes.includes('personal:read'))
    throw new OctavoError('scope_missing', `'personal:read' is not among ${asker.scopes.join(', ')}`);
  const gone = new AbortController();
  const leave = (): void => gone.abort(new OctavoError('cancelled', 'whoever asked has gone'));
  reply.raw.once('close', leave);
  try {
    const { owner } = asker;
    const id = body.query_id ?? randomUUID();
    const { sql, parameters = {} } = body;
    return await queries.run({ id, owner, sql, parameters, personal, ...limits }, gone.signal);
  } finally {
    reply.raw.off('close', leave);
  }
}

function ownerOf(request: FastifyRequest, context: ApiContext): Asker {
  const { kind, name, scopes } = principalOf(request, context);
  return { owner: `${kind}:${name}`, scopes };
}
