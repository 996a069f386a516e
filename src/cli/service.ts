import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApi, listen, type ApiServer } from '../api/index.ts';
import { createRunDesk, runCycle } from '../batch/index.ts';
import { createEventFeed, type Collector } from '../collect/index.ts';
import { createRestHandler } from '../warehouse/index.ts';
import { OctavoError, startMetrics } from '../base/index.ts';
import { apiContextOf } from './api-context.ts';
import { keptKey } from './kept-key.ts';
import { limitsOf, openCollector } from './open-collector.ts';
import { deliverAll } from './deliveries.ts';
import type { Platform } from './platform.ts';
import { openApiQueries } from './query-engine.ts';
import { refuseOpenDays, runnerOf } from './run-plan.ts';
import { tellPlace } from './running-place.ts';

/** A running platform: it collects and serves; with `work` it also loads, runs each day's cycle and what people ask for. */
export interface Service {
  /** Where it answers, e.g. `http://127.0.0.1:8085`. */
  readonly url: string;
  /** Begins to load events, to run the cycle of each finished day, and what is asked for over the API. */
  work(): void;
  /** Answers what it accepted, finishes the load in hand, and stops. */
  close(): Promise<void>;
}

/** Where `scripts/build-console.ts` puts the console. */
const consoleFolder = fileURLToPath(new URL('../../dist/console', import.meta.url));
/** Where `scripts/build-tracker.ts` puts the tracker. */
export const trackerFolder = fileURLToPath(new URL('../../dist/tracker', import.meta.url));

/** Listens, so that events are taken and answers given. Errors: `port_taken`, `locked`. */
export async function startService(
  platform: Platform,
  address: {
    readonly host: string;
    readonly port: number;
    /** Shown to others, e.g. `octavo start`. */
    readonly command: string;
    /** Whether this machine's own browser needs no sign-in. Default false. */
    readonly openToLocal?: boolean;
    /** Folder of the store's pages that are served when the configuration names none. */
    readonly storePages?: string;
  },
): Promise<Service> {
  const { ownership, config } = platform;
  if (ownership === undefined)
    throw new OctavoError('internal', 'a service needs the data folder for itself');
  await startMetrics();
  const feed = createEventFeed(ownership.logs);
  const collector = await openCollector(platform, feed);
  const queries = openApiQueries(platform);
  const desk = createRunDesk({
    ...runnerOf(platform),
    registry: platform.registry,
    refuse: (plan) => refuseOpenDays(plan, platform),
  });
  const storePages =
    config.tracker.store === undefined
      ? address.storePages
      : resolve(platform.project.root, config.tracker.store);
  let storeKey: string | undefined;
  const server = await createApi({
    context: apiContextOf(platform, {
      openToLocal: address.openToLocal ?? false,
      queries,
      desk,
      feed,
      collector,
    }),
    collect: collector,
    limits: limitsOf(platform),
    iceberg: createRestHandler({ catalog: platform.warehouse.catalog }),
    console: consoleFolder,
    tracker: { ...config.tracker, folder: trackerFolder },
    ...(storePages === undefined ? {} : { storePages: { folder: storePages, key: () => storeKey } }),
  });
  const url = await listenOrClose(server, collector, address);
  if (storePages !== undefined) storeKey = await keyOfStore(platform, url);
  const leave = tellPlace(platform.dataFolder, { command: address.command, url });
  const stop = new AbortController();
  let working: Promise<unknown> = Promise.resolve();
  const work = (): void => {
    working = Promise.allSettled([
      ownership.loader.run(stop.signal),
      desk.work(stop.signal),
      ...(config.batch.cycle
        ? [
            runCycle({
              ...runnerOf(platform),
              registry: platform.registry,
              calendar: platform.calendar,
              delayMs: config.batch.cycleDelayMinutes * 60_000,
              catchUpDaysMax: config.batch.catchUpDaysMax,
              runsKept: config.batch.runsKept,
              signal: stop.signal,
            }),
            deliverAll(platform, stop.signal),
          ]
        : []),
    ]);
  };
  return {
    url,
    work,
    close: async () => {
      leave();
      await closeWithin(server, config.http.stopTimeoutMs);
      await queries.close();
      await collector.close();
      stop.abort(new OctavoError('cancelled', 'the service stops'));
      await working;
    },
  };
}

/** A key that may send events from the store's pages, however this machine's browser calls the host. */
async function keyOfStore(platform: Platform, url: string): Promise<string> {
  const { port } = new URL(url);
  const { publicUrl = url } = platform.config.http;
  const origins = [
    ...new Set(
      [url, publicUrl, `http://127.0.0.1:${port}`, `http://localhost:${port}`].map(
        (one) => new URL(one).origin,
      ),
    ),
  ];
  return keptKey(
    platform,
    'store.key',
    () => platform.keys.createForBrowser('store', origins),
    (known) => origins.every((origin) => known.origins?.includes(origin) === true),
  );
}

/** Errors: `port_taken`. Asked before a store is made, so that a taken port leaves nothing behind. */
export async function assertPortFree(address: {
  readonly host: string;
  readonly port: number;
}): Promise<void> {
  const server = createServer();
  await new Promise<void>((listening, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new OctavoError('port_taken', `${address.host}:${address.port}`, { cause })
          : cause,
      ),
    );
    server.listen(address, () => server.close(() => listening()));
  });
}

async function listenOrClose(
  server: ApiServer,
  collector: Collector,
  address: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await listen(server, address);
  } catch (error) {
    await server.close();
    await collector.close();
    throw error;
  }
}

/** Lets open requests finish, but not for ever. */
async function closeWithin(server: ApiServer, timeoutMs: number): Promise<void> {
  const cut = setTimeout(() => server.server.closeAllConnections(), timeoutMs);
  try {
    await server.close();
  } finally {
    clearTimeout(cut);
  }
}
