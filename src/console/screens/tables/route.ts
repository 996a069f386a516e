import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

export const tablesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tables',
  component: lazyRouteComponent(() => import('./tables.tsx'), 'Tables'),
});
