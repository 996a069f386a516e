import { createApi, listen, type ApiServer } from '../api/index.ts';
import { runCycle } from '../batch/index.ts';
import { createCollector, type Collector } from '../collect/index.ts';
import { createRestHandler } from '../warehouse/index.ts';
import { OctavoError, startMetrics } from '../base/index.ts';
import type { Platform } from './platform.ts';
import { runnerOf } from './run-plan.ts';

/** A running platform: it collects, loads, runs each day's cycle, and serves. */
export interface Service {
  /** Where it answers, e.g. `http://127.0.0.1:8085`. */
  readonly url: string;
  /** Answers what it accepted, finishes the load in hand, and stops. */
  close(): Promise<void>;
}

/** Starts every role in this process. Errors: `port_taken`, `locked`. */
export async function startService(
  platform: Platform,
  address: { readonly host: string; readonly port: number },
): Promise<Service> {
  const { ownership, config, clock, log } = platform;
  if (ownership === undefined)
    throw new OctavoError('internal', 'a service needs the data folder for itself');
  await startMetrics();
  const { bodyBytesMax, eventsMax, eventBytesMax, queueBytesMax } = config.collect;
  const collector = await createCollector({
    ...ownership.logs,
    clock,
    logger: log,
    bodyBytesMax,
    eventsMax,
    eventBytesMax,
    queueBytesMax,
    authorize: (token) => {
      const key = platform.keys.verify(token);
      return key?.scopes.includes('events:write') === true ? { source: key.name } : undefined;
    },
  });
  const server = await createApi({
    context: platform.apiContext(),
    collect: (request, response) => void collector.handle(request, response),
    iceberg: createRestHandler({ catalog: platform.warehouse.catalog }),
  });
  const url = await listenOrClose(server, collector, address);
  const stop = new AbortController();
  const loading = ownership.loader.run(stop.signal);
  const cycling = config.batch.cycle
    ? runCycle({
        ...runnerOf(platform),
        registry: platform.registry,
        calendar: platform.calendar,
        delayMs: config.batch.cycleDelayMinutes * 60_000,
        catchUpDaysMax: config.batch.catchUpDaysMax,
        signal: stop.signal,
      })
    : Promise.resolve();
  return {
    url,
    close: async () => {
      await server.close();
      await collector.close();
      stop.abort(new OctavoError('cancelled', 'the service stops'));
      await Promise.allSettled([loading, cycling]);
    },
  };
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
