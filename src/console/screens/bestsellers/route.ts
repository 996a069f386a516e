import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

export const bestsellersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bestsellers',
  component: lazyRouteComponent(() => import('./bestsellers.tsx'), 'Bestsellers'),
});
