import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

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
      { name: 'Metrics', description: 'Numbers by day and month' },
      { name: 'Events', description: 'Where readers’ behaviour is sent' },
      { name: 'System', description: 'Health' },
    ],
    paths: eventPaths as unknown as NonNullable<OpenApi['paths']>,
  };
}

/** The collector is not a route of the framework, so its part of the document stands here. */
const eventPaths = {
  '/v1/events': {
    post: {
      operationId: 'sendEvents',
      summary: 'Take a batch of events; 200 means that the accepted ones are durable',
      tags: ['Events'],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['events'],
              properties: {
                sent_at: { type: 'string', format: 'date-time' },
                events: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['id', 'kind', 'occurred_at'],
                    properties: {
                      id: { type: 'string', format: 'uuid' },
                      kind: { type: 'string' },
                      occurred_at: { type: 'string', format: 'date-time' },
                      reader_id: { type: 'string' },
                      device_id: { type: 'string' },
                      session_id: { type: 'string' },
                      page: { type: 'object' },
                      app: { type: 'object' },
                      items: { type: 'array', items: { type: 'object' } },
                      properties: { type: 'object' },
                    },
                  },
                },
              },
            },
          },
        },
      },
      responses: {
        200: {
          description: 'each event’s outcome, in the order sent',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['received', 'accepted', 'duplicates', 'failed', 'results'],
                properties: {
                  received: { type: 'integer' },
                  accepted: { type: 'integer' },
                  duplicates: { type: 'integer' },
                  failed: { type: 'integer' },
                  results: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['status'],
                      properties: {
                        id: { anyOf: [{ type: 'string' }, { type: 'null' }] },
                        status: { type: 'string', enum: ['accepted', 'duplicate', 'failed'] },
                        error: { type: 'object' },
                      },
                    },
                  },
                },
              },
            },
          },
        },
        400: { description: 'the body is no batch of events (problem details)' },
        401: { description: 'no valid key (problem details)' },
        413: { description: 'the body is too large (problem details)' },
        429: { description: 'too much at once; wait for Retry-After (problem details)' },
        503: { description: 'nothing can be stored now; wait for Retry-After (problem details)' },
      },
    },
  },
} as const;
