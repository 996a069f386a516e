import type { ApiServer } from '../context.ts';

/** A request to the catalogue, freed of HTTP. */
export interface IcebergRequest {
  readonly method: string;
  /** Path after `/iceberg`, e.g. `/v1/namespaces`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** JSON text as it came: 64-bit ids must not pass through `JSON.parse` unguarded. */
  readonly body: string | undefined;
}

export interface IcebergAnswer {
  readonly status: number;
  /** JSON text; absent for answers without a body. */
  readonly body?: string;
}

export type IcebergHandler = (request: IcebergRequest) => Promise<IcebergAnswer>;

/** The Iceberg REST catalogue under `/iceberg`, for Spark, Trino, PyIceberg and others. */
export function icebergRoutes(server: ApiServer, handle: IcebergHandler): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'DELETE'],
      url: '/iceberg/*',
      exposeHeadRoute: false,
      schema: { hide: true },
      config: { scope: (method: string) => (method === 'GET' || method === 'HEAD' ? 'tables:read' : 'tables:write') },
      handler: async (request, reply) => {
        const url = new URL(request.url, 'http://localhost');
        const answer = await handle({
          method: request.method,
          path: url.pathname.slice('/iceberg'.length),
          query: Object.fromEntries(url.searchParams),
          body: typeof request.body === 'string' && request.body !== '' ? request.body : undefined,
        });
        reply.code(answer.status);
        if (answer.body === undefined) return reply.send();
        return reply.type('application/json').serializer(String).send(answer.body);
      },
    });
  });
}
