import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** Whose titles are shown: a reader's or a title's; neither: only the algorithms. */
export interface RecommendationsSearch {
  readonly reader?: string;
  readonly item?: string;
}

export const recommendationsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recommendations',
  validateSearch: ({ reader, item }: Record<string, unknown>): RecommendationsSearch => {
    // An id of digits only is read from an address as a number.
    const text = (value: unknown): string | undefined =>
      typeof value === 'number'
        ? String(value)
        : typeof value === 'string' && value !== ''
          ? value
          : undefined;
    const [readerId, itemId] = [text(reader), text(item)];
    if (readerId !== undefined) return { reader: readerId };
    return itemId === undefined ? {} : { item: itemId };
  },
  component: lazyRouteComponent(() => import('./recommendations.tsx'), 'Recommendations'),
});
