import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** The controls that differ from the page's own: `range`, `to`, `grain` and the page's choices. */
export type PageSearch = Readonly<Record<string, string>>;

function toPageSearch(given: Record<string, unknown>): PageSearch {
  const texts = Object.entries(given).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : [],
  );
  return Object.fromEntries(texts.filter(([, value]) => value !== ''));
}

export const statisticsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/statistics',
  component: lazyRouteComponent(() => import('./statistics.tsx'), 'Statistics'),
});

export const statisticsPageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/statistics/$page',
  validateSearch: toPageSearch,
  component: lazyRouteComponent(() => import('./statistics-page.tsx'), 'StatisticsPage'),
});
