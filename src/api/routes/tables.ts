import { randomUUID } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { OctavoError, parseDay } from '../../base/index.ts';
import type { Queries } from '../../query/index.ts';
import { defaultSpec, personalColumns, quoteName } from '../../warehouse/index.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { otherAnswers } from '../problem.ts';
import { toJsonValue } from '../query-values.ts';
import { Day } from '../schemas.ts';
import { TableFacts } from '../table-facts.ts';
import { TableDetail, TableList, TablePreview } from '../table-schemas.ts';

const config = { scope: 'tables:read' } as const;
const tags = ['Tables'];
const params = Type.Object({
  table: Type.String({ maxLength: 200, description: '`namespace.name`, e.g. `model.sale_lines`' }),
});
const noQuery = Type.Object({}, { additionalProperties: false });
const rowsDefault = 50;
const previewBytesMax = 4 * 1024 * 1024;

/** The warehouse’s tables: what they are, how they grew, some of their rows, where they come from. */
export function tableRoutes(server: ApiServer, context: ApiContext): void {
  const { warehouse, batch, queries } = context;
  if (warehouse === undefined) return;
  const facts = new TableFacts({ warehouse, tasks: batch?.registry.tasks ?? [] });

  server.get(
    '/v1/tables',
    {
      config,
      schema: {
        operationId: 'listTables',
        summary: 'Every table: what it is, its rows, size, days and last change',
        tags,
        querystring: noQuery,
        response: { 200: TableList, ...otherAnswers() },
      },
    },
    async () => ({ tables: await facts.list() }),
  );

  server.get(
    '/v1/tables/:table',
    {
      config,
      schema: {
        operationId: 'getTable',
        summary: 'A table: columns, rows by day, snapshots, files, and its lineage both ways',
        tags,
        params,
        querystring: noQuery,
        response: { 200: TableDetail, ...otherAnswers('table_not_found', 'metadata_damaged') },
      },
    },
    (request) => facts.detail(request.params.table),
  );

  if (queries === undefined) return;
  server.get(
    '/v1/tables/:table/preview',
    {
      config,
      schema: {
        operationId: 'previewTable',
        summary:
          'Some rows of a table, of its newest day unless another is asked for; personal columns are null',
        tags,
        params,
        querystring: Type.Object(
          {
            day: Type.Optional(Day),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: rowsDefault })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: TablePreview,
          ...otherAnswers(
            'day_invalid',
            'table_not_found',
            'data_damaged',
            'query_limited',
            'query_busy',
            'query_timeout',
          ),
        },
      },
    },
    (request, reply) => preview({ facts, queries, reply }, request.params.table, request.query),
  );
}

async function preview(
  {
    facts,
    queries,
    reply,
  }: { readonly facts: TableFacts; readonly queries: Queries; readonly reply: FastifyReply },
  name: string,
  { day: asked, limit = rowsDefault }: { readonly day?: string; readonly limit?: number },
): Promise<TablePreview> {
  const table = await facts.load(name);
  const [field] = defaultSpec(table.metadata).fields;
  const daily = field?.name === 'business_day' && field.transform === 'identity';
  const day = daily ? (asked === undefined ? await facts.newestDay(table) : parseDay(asked)) : undefined;
  const personal = new Set(personalColumns(table));
  const from = `${quoteName(table.id.namespace)}.${quoteName(table.id.name)}`;
  const where = day === undefined ? '' : ` where business_day = date '${day}'`;
  const gone = new AbortController();
  const leave = (): void => gone.abort(new OctavoError('cancelled', 'whoever asked has gone'));
  reply.raw.once('close', leave);
  try {
    const result = await queries.run(
      {
        id: randomUUID(),
        owner: 'preview',
        sql: `select * from ${from}${where} limit ${limit}`,
        rowsMax: limit,
        bytesMax: previewBytesMax,
        personal: false,
      },
      gone.signal,
    );
    return {
      business_day: day ?? null,
      columns: result.columns.map((column) => ({ ...column, hidden: personal.has(column.name) })),
      rows: result.rows.map((row) => result.columns.map((column) => toJsonValue(row[column.name] ?? null))),
      truncated: result.truncated,
    };
  } finally {
    reply.raw.off('close', leave);
  }
}
