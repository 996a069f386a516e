import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

export const titleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/titles/$item',
  component: lazyRouteComponent(() => import('./title.tsx'), 'TitlePage'),
});
