import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** What of a list is shown: it stands in the address, so that the view can be shared. */
export interface ListSearch {
  readonly category?: string;
  /** Business day; absent: the newest. */
  readonly date?: string;
  /** An edition instead of a day. */
  readonly edition?: string;
  /** Title whose rank is explained. */
  readonly item?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function toListSearch(given: Record<string, unknown>): ListSearch {
  const known = Object.entries({
    category: text(given['category']),
    date: text(given['date']),
    edition: text(given['edition']),
    item: text(given['item']),
  });
  return Object.fromEntries(known.filter(([, value]) => value !== undefined));
}

export const bestsellersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bestsellers',
  component: lazyRouteComponent(() => import('./bestsellers.tsx'), 'Bestsellers'),
});

export const listRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bestsellers/$list',
  validateSearch: toListSearch,
  component: lazyRouteComponent(() => import('./bestsellers.tsx'), 'Bestsellers'),
});
