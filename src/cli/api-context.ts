import type { RunDesk } from '../batch/index.ts';
import type { ApiContext } from '../api/index.ts';
import type { Collector, EventFeed } from '../collect/index.ts';
import type { Queries } from '../query/index.ts';
import { codeVersion, type Platform } from './platform.ts';
import { isDayLate, openDeliverer } from './deliveries.ts';
import { openPages } from './pages.ts';
import { readerShelf } from './reader-shelf.ts';
import { readerLookup } from './reader-lookup.ts';
import { shopTables } from './shop-tables.ts';
import { recentTraffic } from './recent-traffic.ts';

/** What the API is made from, of a platform's parts. */
export function apiContextOf(
  platform: Platform,
  options: {
    readonly openToLocal: boolean;
    readonly queries: Queries;
    readonly desk: RunDesk;
    readonly feed: EventFeed;
    readonly collector: Collector;
  },
): ApiContext {
  const { config, store, keys, accounts, clock, log, project, recommenders, explainLines } = platform;
  const deliverer = openDeliverer(platform);
  const { warehouse, state, calendar, registry, resources } = platform;
  return {
    store,
    keys,
    accounts,
    openToLocal: options.openToLocal,
    queries: options.queries,
    feed: options.feed,
    collector: options.collector,
    configuration: platform.configuration,
    shop: {
      name: config.name,
      currency: config.currency,
      language: config.locale,
      calendar,
      ...shopTables(platform),
    },
    clock,
    log,
    version: codeVersion,
    lists: new Map(
      project.lists.map(({ id, title, description, count }) => [id, { title, description, count }]),
    ),
    recommenders,
    metrics: project.metrics,
    pages: openPages(platform),
    alerts: async (day) => deliverer.findings(day, await isDayLate(platform, day)),
    ...(config.readers.table === undefined
      ? {}
      : { readerExists: readerLookup(platform, config.readers.table) }),
    ...readerShelf(platform),
    explainLines,
    batch: {
      state,
      registry,
      delayMs: config.batch.cycleDelayMinutes * 60_000,
      deadline: config.batch.listsDueAt,
      workers: config.batch.workers,
      limits: resources,
      desk: options.desk,
    },
    warehouse,
    recentTraffic: (fromMs) => recentTraffic(platform, fromMs),
    checks: {
      warehouse: async () => {
        await warehouse.pin();
        return 'ok';
      },
      batch: async () => {
        const [run] = await state.runs({ limit: 1 });
        return run?.outcome === 'failed' ? `run ${run.runId} failed; see octavo status` : 'ok';
      },
    },
  };
}
