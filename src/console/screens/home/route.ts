import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';
import { cycleQuery, editionsQuery, trafficQuery } from '../../data/status.ts';
import { metricsQuery } from './queries.ts';

export const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  // Asked while the screen's code is on its way.
  loader: ({ context: { queries } }) => {
    void queries.prefetchQuery(metricsQuery);
    void queries.prefetchQuery(cycleQuery);
    void queries.prefetchQuery(editionsQuery);
    void queries.prefetchQuery(trafficQuery);
  },
  component: lazyRouteComponent(() => import('./home.tsx'), 'Home'),
});
