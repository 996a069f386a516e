import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

export const sqlRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sql',
  component: lazyRouteComponent(() => import('./sql.tsx'), 'Sql'),
});
