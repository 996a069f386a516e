import { join } from 'node:path';
import { runGated } from '../query/index.ts';
import { Pages } from '../statistics/index.ts';
import type { Platform } from './platform.ts';

/** The project's statistics pages; their SQL runs through the gate, without personal data. */
export function openPages(platform: Platform): Pages {
  const { project, storage, store, warehouse, calendar, clock } = platform;
  return new Pages({
    folder: join(project.root, 'pages'),
    storage,
    store,
    metrics: project.metrics,
    warehouse,
    runQuery: (sql, options) => runGated(warehouse, sql, options),
    lastDay: () => calendar.addDays(calendar.dayOf(clock.now()), -1),
  });
}
