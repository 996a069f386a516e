import { metricsText } from '../../base/index.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { Health } from '../schemas.ts';

/** Health for people and load balancers, and the Prometheus page. */
export function systemRoutes(server: ApiServer, context: ApiContext): void {
  server.get(
    '/v1/health',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'Whether the platform is well, part by part',
        tags: ['System'],
        security: [],
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const checks = await runChecks(context.checks);
      const healthy = Object.values(checks).every((outcome) => outcome === 'ok');
      const days = await newestDays(context);
      return reply.code(healthy ? 200 : 503).send({
        status: healthy ? 'ok' : 'degraded',
        version: context.version,
        newest_business_day: days.at(-1) ?? null,
        checks,
      });
    },
  );

  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText());
  });
}

async function runChecks(checks: ApiContext['checks']): Promise<Record<string, string>> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => {
      try {
        return [name, await check()];
      } catch (error) {
        return [name, error instanceof Error ? error.message : String(error)];
      }
    }),
  );
  return Object.fromEntries(outcomes);
}

async function newestDays(context: ApiContext): Promise<readonly string[]> {
  const names = await context.store.names('bestseller');
  const editions = await Promise.all(names.map((name) => context.store.current('bestseller', name)));
  return editions.flatMap((edition) => (edition === undefined ? [] : [edition.business_day])).toSorted();
}
