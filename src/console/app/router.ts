import type { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Skeleton } from '../parts/skeleton.tsx';
import { bestsellersRoute, compareRoute, listRoute } from '../screens/bestsellers/route.ts';
import { eventsRoute } from '../screens/events/route.ts';
import { homeRoute } from '../screens/home/route.ts';
import { recommendationsRoute } from '../screens/recommendations/route.ts';
import { runsRoute, taskRoute } from '../screens/runs/route.ts';
import { settingsRoute } from '../screens/settings/route.ts';
import { sqlRoute } from '../screens/sql/route.ts';
import { statisticsPageRoute, statisticsRoute } from '../screens/statistics/route.ts';
import { tableRoute, tablesRoute } from '../screens/tables/route.ts';
import { titleRoute } from '../screens/titles/route.ts';
import { Crash } from './crash.tsx';
import { NotFound } from './not-found.tsx';
import { rootRoute } from './root-route.ts';

/**
 * Every screen with its address. A screen's code is loaded when it is opened, or when its link is pointed
 * at.
 */
export function createConsoleRouter(queries: QueryClient) {
  return createRouter({
    routeTree: rootRoute.addChildren([
      homeRoute,
      bestsellersRoute,
      listRoute,
      compareRoute,
      titleRoute,
      recommendationsRoute,
      statisticsRoute,
      statisticsPageRoute,
      eventsRoute,
      runsRoute,
      taskRoute,
      tablesRoute,
      tableRoute,
      sqlRoute,
      settingsRoute,
    ]),
    context: { queries },
    // Addresses are read by people: what is chosen stands in them as plain texts.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const known = Object.entries(search as Record<string, unknown>).filter(
        ([, value]) => value !== undefined,
      );
      const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
      return text === '' ? '' : `?${text}`;
    },
    defaultPreload: 'intent',
    defaultPendingComponent: Skeleton,
    defaultErrorComponent: Crash,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
