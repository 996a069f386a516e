import { join } from 'node:path';
import { openQueries, type Queries } from '../query/index.ts';
import { createDuckdbEngine } from '../warehouse/index.ts';
import type { Platform } from './platform.ts';

const timeLimitMs = 60_000;

/** Questions in SQL from the console and the API, with an engine of their own beside the batch's. */
export function openApiQueries({
  warehouse,
  dataFolder,
  config,
}: Pick<Platform, 'warehouse' | 'dataFolder' | 'config'>): Queries {
  const { memory, threads, queryTimeoutMs } = config.warehouse;
  return openQueries({
    warehouse,
    engine: createDuckdbEngine({
      memory,
      // 0: as many as there are processors for.
      ...(threads === 0 ? {} : { threads }),
      scratch: join(dataFolder, 'scratch'),
      directories: [join(dataFolder, 'warehouse')],
    }),
    timeoutMs: Math.min(queryTimeoutMs, timeLimitMs),
  });
}
