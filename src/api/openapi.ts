import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { Type } from '@sinclair/typebox';
import { envelopeSchema } from '../event/index.ts';
import { refusals } from './problem.ts';

type OpenApi = NonNullable<FastifyDynamicSwaggerOptions['openapi']>;

/** The frame of the OpenAPI document; the paths come from the routes' schemas. */
export function openApi(version: string): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Octavo',
      version,
      description:
        'Bestseller lists, recommendations and metrics of a digital bookstore. Every answer names the edition that it ' +
        'comes from, its business day and the table snapshots that it was made of. Errors are RFC 9457 problem details.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'an API key, `octavo keys create`' },
      },
    },
    security: [{ key: [] }],
    tags: [
      { name: 'Bestsellers', description: 'Lists, and why a title has its rank' },
      { name: 'Recommendations', description: 'Personal lists and related titles, with reasons' },
      { name: 'Metrics', description: 'Numbers by day, week and month' },
      { name: 'Pages', description: 'Statistics pages and their blocks' },
      { name: 'Queries', description: 'Questions in SQL, read-only' },
      { name: 'Tables', description: 'The warehouse’s tables, their days, snapshots and lineage' },
      {
        name: 'Events',
        description: 'Where readers’ behaviour is sent, what came of it, and what was refused',
      },
      { name: 'Runs', description: 'Tasks, their runs and attempts; to run, stop and backfill them' },
      { name: 'Status', description: 'How the morning stands, what was published last, what comes in' },
      { name: 'Session', description: 'Signing in, for people who use the console' },
      { name: 'Settings', description: 'People, keys, configuration and versions' },
      { name: 'System', description: 'Health' },
    ],
    paths: eventPaths as unknown as NonNullable<OpenApi['paths']>,
  };
}

/** An event as the collector checks it; its own formats are said in words that every OpenAPI tool knows. */
const Event = {
  ...envelopeSchema,
  title: 'Event',
  description: 'see the events reference for the kinds and their properties',
  properties: {
    ...envelopeSchema.properties,
    kind: { ...envelopeSchema.properties.kind, format: undefined, pattern: '^[a-z][a-z0-9_]{0,39}$' },
    occurred_at: { ...envelopeSchema.properties.occurred_at, format: 'date-time' },
  },
};

const EventBatch = Type.Object(
  {
    sent_at: Type.Optional(Type.String({ format: 'date-time', description: 'by the client’s clock' })),
    events: Type.Array(Type.Unsafe(Event)),
  },
  { title: 'EventBatch' },
);

const EventError = Type.Object(
  {
    code: Type.String(),
    path: Type.String({ description: 'JSON pointer into the event' }),
    rule: Type.String({ description: 'the rule that was broken' }),
    message: Type.String(),
  },
  { title: 'EventError' },
);

const EventOutcomes = Type.Object(
  {
    received: Type.Integer(),
    accepted: Type.Integer(),
    duplicates: Type.Integer(),
    failed: Type.Integer(),
    results: Type.Array(
      Type.Object(
        {
          id: Type.Union([Type.String(), Type.Null()]),
          status: Type.Union([Type.Literal('accepted'), Type.Literal('duplicate'), Type.Literal('failed')]),
          error: Type.Optional(EventError),
        },
        { title: 'EventOutcome' },
      ),
      { description: 'in the order sent' },
    ),
  },
  { title: 'EventOutcomes' },
);

/** The collector is not a route of the framework, so its part of the document stands here. */
const eventPaths = {
  '/v1/events': {
    post: {
      operationId: 'sendEvents',
      summary: 'Take events; 200 means that the accepted ones are durable',
      tags: ['Events'],
      security: [{ key: ['events:write'] }],
      requestBody: {
        required: true,
        description: 'a batch, or one event; plain or with `Content-Encoding: gzip`',
        content: { 'application/json': { schema: { anyOf: [EventBatch, Event] } } },
      },
      responses: {
        200: {
          description: 'what became of each event',
          content: { 'application/json': { schema: EventOutcomes } },
        },
        ...refusals([
          'collect_json_invalid',
          'collect_request_invalid',
          'collect_unauthorized',
          'collect_body_timeout',
          'collect_too_large',
          'collect_encoding_unsupported',
          'collect_source_busy',
          'collect_busy',
          'log_closed',
          'storage_full',
          'storage_failed',
        ]),
      },
    },
  },
};
