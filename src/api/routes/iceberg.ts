import { formatRestBody, type RestHandler } from '../../warehouse/index.ts';
import type { ApiServer } from '../context.ts';

/** The Iceberg REST catalogue under `/iceberg`, for Spark, Trino, PyIceberg and others. */
export function icebergRoutes(server: ApiServer, handle: RestHandler): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'DELETE'],
      url: '/iceberg/*',
      exposeHeadRoute: false,
      schema: { hide: true },
      config: {
        scope: (method: string) => (method === 'GET' || method === 'HEAD' ? 'tables:read' : 'tables:write'),
      },
      handler: async (request, reply) => {
        const url = new URL(request.url, 'http://localhost');
        const answer = await handle({
          method: request.method,
          path: url.pathname.slice('/iceberg'.length),
          query: Object.fromEntries(url.searchParams),
          ...(typeof request.body === 'string' && request.body !== '' ? { body: request.body } : {}),
        });
        reply.code(answer.status);
        if (answer.body === undefined) return reply.send();
        return reply.type('application/json').serializer(String).send(formatRestBody(answer));
      },
    });
  });
}
