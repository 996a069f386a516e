import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** A question and how its answer is shown; it stands in the address, so that it can be shared. */
export interface SqlSearch {
  readonly q?: string;
  readonly view?: 'chart';
  readonly kind?: string;
  /** Columns of the chart. */
  readonly x?: string;
  readonly y?: string;
  readonly by?: string;
  /** Values of the question's parameters, as they were typed. */
  readonly [parameter: `p.${string}`]: string | undefined;
}

export const sqlRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sql',
  validateSearch: (given: Record<string, unknown>): SqlSearch => {
    const text = (name: string): string | undefined => {
      const value = given[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const known = (['q', 'kind', 'x', 'y', 'by'] as const).flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    const values = Object.keys(given).flatMap((name) => {
      const value = text(name);
      return name.startsWith('p.') && value !== undefined ? [[name, value] as const] : [];
    });
    return {
      ...Object.fromEntries([...known, ...values]),
      ...(given['view'] === 'chart' ? { view: 'chart' as const } : {}),
    };
  },
  component: lazyRouteComponent(() => import('./sql.tsx'), 'Sql'),
});
