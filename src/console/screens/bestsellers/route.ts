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

/** Two editions by their ids; absent: the newest and the one before. */
export interface CompareSearch {
  readonly category?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Those of the names that have a text in the address. */
function texts<const N extends string>(
  given: Record<string, unknown>,
  names: readonly N[],
): { readonly [K in N]?: string } {
  const known = names.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(known) as { readonly [K in N]?: string };
}

export const bestsellersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bestsellers',
  component: lazyRouteComponent(() => import('./first-list.tsx'), 'FirstList'),
});

export const listRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bestsellers/$list',
  validateSearch: (given: Record<string, unknown>): ListSearch =>
    texts(given, ['category', 'date', 'edition', 'item']),
  component: lazyRouteComponent(() => import('./bestsellers.tsx'), 'Bestsellers'),
});

export const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bestsellers/$list/compare',
  validateSearch: (given: Record<string, unknown>): CompareSearch => texts(given, ['category', 'from', 'to']),
  component: lazyRouteComponent(() => import('./compare.tsx'), 'Compare'),
});
