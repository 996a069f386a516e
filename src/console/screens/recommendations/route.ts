import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** Whose titles are shown: a reader's or a title's; neither: only the algorithms. */
export interface RecommendationsSearch {
  readonly reader?: string;
  readonly item?: string;
  /** The only part that is shown. */
  readonly part?: Part;
}

/** What can be looked at alone. */
export const parts = ['evaluation', 'shelf', 'lists'] as const;
export type Part = (typeof parts)[number];

export const recommendationsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/recommendations',
  validateSearch: ({ reader, item, part }: Record<string, unknown>): RecommendationsSearch => {
    // An id of digits only is read from an address as a number.
    const text = (value: unknown): string | undefined =>
      typeof value === 'number'
        ? String(value)
        : typeof value === 'string' && value !== ''
          ? value
          : undefined;
    const [readerId, itemId] = [text(reader), text(item)];
    const chosen = parts.find((one) => one === part);
    const only = chosen === undefined ? {} : { part: chosen };
    if (readerId !== undefined) return { reader: readerId, ...only };
    return itemId === undefined ? {} : { item: itemId, ...only };
  },
  component: lazyRouteComponent(() => import('./recommendations.tsx'), 'Recommendations'),
});
