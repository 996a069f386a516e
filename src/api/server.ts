import type { Server } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyContextConfig, FastifyReply } from 'fastify';
import { observe, OctavoError, toOctavoError } from '../base/index.ts';
import { createGuardedServer, httpLimits, type Collector, type HttpLimits } from '../collect/index.ts';
import type { RestHandler } from '../warehouse/index.ts';
import { createAnswerCache } from './answer-cache.ts';
import { authenticate } from './authentication.ts';
import type { ApiContext, ApiServer } from './context.ts';
import { icebergRoutes } from './routes/iceberg.ts';
import { answerKnown } from './known-answer.ts';
import { openApi } from './openapi.ts';
import { watchMethods } from './known-methods.ts';
import { nameSchemas } from './named-schemas.ts';
import { problemOf, problemType, toProblem } from './problem.ts';
import { createRecentReplays } from './recent-replays.ts';
import { bestsellerRoutes } from './routes/bestsellers.ts';
import { consoleRoutes } from './routes/console.ts';
import { createListRanks } from './list-ranks.ts';
import { eventRoutes } from './routes/events.ts';
import { failedEventRoutes } from './routes/failed-events.ts';
import { listViewRoutes } from './routes/list-views.ts';
import { alertRoutes } from './routes/alerts.ts';
import { metricRoutes } from './routes/metrics.ts';
import { pageRoutes } from './routes/pages.ts';
import { queryRoutes } from './routes/queries.ts';
import { recommendationRoutes } from './routes/recommendations.ts';
import { runRoutes } from './routes/runs.ts';
import { recommenderRoutes } from './routes/recommenders.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingsRoutes } from './routes/settings.ts';
import { statusRoutes } from './routes/status.ts';
import { tableRoutes } from './routes/tables.ts';
import { systemRoutes } from './routes/system.ts';
import { todayRoutes } from './routes/today.ts';
import { storePageRoutes, type StorePages } from './routes/store-pages.ts';
import { titleRoutes } from './routes/titles.ts';
import { collectAddress, trackerRoutes, type TrackerPlace } from './routes/tracker.ts';
import { toArgumentError } from './validation.ts';

/** The collector; it is plain `node:http` and takes its requests before the framework sees them. */
export type CollectHandler = Pick<Collector, 'matches' | 'handle'>;

export interface ApiOptions {
  readonly context: ApiContext;
  /** Bytes of serialised answers that are kept. Default 64 MiB. */
  readonly answerBytesMax?: number;
  /** Answers what is sent to it, `POST /v1/events` among it; absent in a process without the collector's role. */
  readonly collect?: CollectHandler;
  /** Answers `/iceberg/*`; absent in a process without the catalogue. */
  readonly iceberg?: RestHandler;
  /** How much of the server one client may hold. Default `httpLimits`. */
  readonly limits?: HttpLimits;
  /** Folder of the built console, served under `/`; absent in a process without people. */
  readonly console?: string;
  /** The script for the store's pages; absent in a process that no page asks. */
  readonly tracker?: TrackerPlace;
  /** Pages to try the tracker with, under `/store/`; absent where nobody asked for them. */
  readonly storePages?: StorePages;
}

const bodyBytesMax = 16 * 1024 * 1024;
const uuidBytes = 9;

/** The REST API as a Fastify server; `inject()` it in tests, `listen()` it in a process. */
export async function createApi(options: ApiOptions): Promise<ApiServer> {
  const { limits = httpLimits } = options;
  const context = { ...options.context, answers: createAnswerCache(options.answerBytesMax) };
  // Who only asks a server, or reads the files, needs none of it.
  const { fastify } = await import('fastify');
  const server = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    // The guarded server answers these itself.
    clientErrorHandler: () => undefined,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    // What the router itself refuses (an address that cannot be read, too long an id) comes here, before any route.
    frameworkErrors: (error, request, reply) => {
      const problem = toProblem(toArgumentError(error) ?? toOctavoError(error), request.id);
      const answer = reply as unknown as FastifyReply;
      void answer.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem);
    },
    genReqId: () => Buffer.from(crypto.getRandomValues(new Uint8Array(uuidBytes))).toString('base64url'),
    ajv: {
      customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false, verbose: true },
    },
    serverFactory: (handler): Server => {
      return createGuardedServer(limits, (request, response) => {
        request.url = collectAddress(request.url, options.tracker) ?? request.url;
        if (options.collect?.matches(request.method, request.url) === true) {
          void options.collect.handle(request, response);
          return;
        }
        answerKnown(context, request, response).then(
          (answered) => (answered ? undefined : handler(request, response)),
          () => handler(request, response),
        );
      });
    },
  }).withTypeProvider<TypeBoxTypeProvider>() as ApiServer;

  server.addHook('onRequest', async (request) => authenticate(request, context));
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    observe('octavo_api_request_seconds', reply.elapsedTime / 1000, {
      route,
      status: String(reply.statusCode),
    });
  });
  const answerPage = options.console === undefined ? undefined : consoleRoutes(server, options.console);
  const knownMethods = watchMethods(server);
  if (options.tracker !== undefined) trackerRoutes(server, options.tracker);
  if (options.tracker !== undefined && options.storePages !== undefined)
    storePageRoutes(server, options.storePages, options.tracker);
  server.setNotFoundHandler(async (request, reply) => {
    if ((await answerPage?.(request, reply)) === true) return reply;
    const methods = knownMethods(request.url.split('?', 1)[0] ?? '');
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    const code =
      methods.length > 0 && !methods.includes(request.method) ? 'method_not_allowed' : 'route_not_found';
    const problem = problemOf(code, `${request.method} ${request.url}`);
    return reply.code(problem.status).type(problemType).serializer(JSON.stringify).send(problem);
  });
  server.setErrorHandler((thrown, request, reply) => {
    const error = toArgumentError(thrown) ?? toOctavoError(thrown);
    if (error.code === 'internal') {
      context.log.error('a request failed', {
        request: request.id,
        url: request.url,
        error: describe(thrown),
      });
    }
    if (error.status === 401) reply.header('www-authenticate', 'Bearer');
    const waitSeconds = error.details['retry_after_seconds'];
    if (typeof waitSeconds === 'number') reply.header('retry-after', waitSeconds);
    return reply
      .code(error.status)
      .type(problemType)
      .serializer(JSON.stringify)
      .send(toProblem(error, request.id));
  });

  await server.register(import('@fastify/swagger'), {
    openapi: openApi(context.version),
    transform: ({ schema, url, route }) => ({ schema: { ...schema, ...securityOf(route.config) }, url }),
    transformObject: (made) =>
      'openapiObject' in made ? nameSchemas(made.openapiObject) : made.swaggerObject,
  });
  await server.register(import('@fastify/swagger-ui'), { routePrefix: '/docs', staticCSP: true });
  server.get('/', { schema: { hide: true } }, async (request, reply) =>
    (await answerPage?.(request, reply)) === true ? reply : reply.redirect('/docs'),
  );
  let document: Buffer | undefined;
  server.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(server.swagger()));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  await server.register(async (scope) => {
    const routes = scope as unknown as ApiServer;
    bestsellerRoutes(routes, context);
    const ranks = createListRanks(context.store);
    listViewRoutes(routes, context, ranks);
    titleRoutes(routes, context, ranks);
    recommendationRoutes(routes, context);
    recommenderRoutes(routes, context);
    metricRoutes(routes, context);
    todayRoutes(routes, context);
    alertRoutes(routes, context);
    pageRoutes(routes, context);
    queryRoutes(routes, context);
    const replays = createRecentReplays(context.clock);
    eventRoutes(routes, context, replays);
    failedEventRoutes(routes, context, replays);
    settingsRoutes(routes, context);
    sessionRoutes(routes, context);
    statusRoutes(routes, context);
    runRoutes(routes, context);
    tableRoutes(routes, context);
    systemRoutes(routes, context);
    if (options.iceberg !== undefined) icebergRoutes(routes, options.iceberg);
  });
  await server.ready();
  return server;
}

/** Starts listening. Errors: `port_taken`. */
export async function listen(
  server: ApiServer,
  address: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await server.listen(address);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new OctavoError('port_taken', `${address.host}:${address.port}`, { cause });
    }
    throw cause;
  }
}

/** The scope that a key needs, where OpenAPI 3.1 has the roles of a bearer token. */
function securityOf(config: FastifyContextConfig | undefined): { security?: { key: string[] }[] } {
  return typeof config?.scope === 'string' ? { security: [{ key: [config.scope] }] } : {};
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
