import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** Which tables are listed. */
export interface TablesSearch {
  readonly namespace?: string;
}

/** The parts of a table's page. */
export const tableTabs = ['schema', 'days', 'preview', 'lineage', 'snapshots', 'files'] as const;
export type TableTab = (typeof tableTabs)[number];

/** What of a table is shown. */
export interface TableSearch {
  readonly tab?: Exclude<TableTab, 'schema'>;
  /** Business day of the preview; absent: the newest. */
  readonly day?: string;
}

const dayPattern = /^\d{4}-\d\d-\d\d$/;

export const tablesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tables',
  validateSearch: ({ namespace }: Record<string, unknown>): TablesSearch =>
    typeof namespace === 'string' && namespace !== '' ? { namespace } : {},
  component: lazyRouteComponent(() => import('./tables.tsx'), 'Tables'),
});

export const tableRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tables/$table',
  validateSearch: ({ tab, day }: Record<string, unknown>): TableSearch => {
    const known = tableTabs.find((one) => one === tab);
    return {
      ...(known === undefined || known === 'schema' ? {} : { tab: known }),
      ...(typeof day === 'string' && dayPattern.test(day) ? { day } : {}),
    };
  },
  component: lazyRouteComponent(() => import('./table-page.tsx'), 'TablePage'),
});
