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
      const healthy = checks.every(({ outcome }) => outcome === 'ok');
      const days = await newestDays(context);
      // A failed run is for people to look at; only what cannot be asked keeps a balancer away.
      return reply.code(checks.some(({ broken }) => broken) ? 503 : 200).send({
        status: healthy ? 'ok' : 'degraded',
        version: context.version,
        newest_business_day: days.at(-1) ?? null,
        checks: Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome])),
      });
    },
  );

  server.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metricsText());
  });
}

interface Checked {
  readonly name: string;
  readonly outcome: string;
  /** The check itself failed. */
  readonly broken: boolean;
}

async function runChecks(checks: ApiContext['checks']): Promise<readonly Checked[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return { name, outcome: await check(), broken: false };
      } catch (error) {
        return { name, outcome: error instanceof Error ? error.message : String(error), broken: true };
      }
    }),
  );
}

async function newestDays(context: ApiContext): Promise<readonly string[]> {
  const names = await context.store.names('bestseller');
  const editions = await Promise.all(names.map((name) => context.store.current('bestseller', name)));
  return editions.flatMap((edition) => (edition === undefined ? [] : [edition.business_day])).toSorted();
}
