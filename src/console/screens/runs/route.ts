import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** How a day's tasks are shown. */
export type RunsView = 'timeline' | 'graph' | 'list';

/** What of the runs is shown: it stands in the address. */
export interface RunsSearch {
  /** Business day; absent: the newest that is over. */
  readonly day?: string;
  readonly view?: Exclude<RunsView, 'timeline'>;
  /** The task whose panel is open. */
  readonly task?: string;
}

/** Of a task's page: the day whose attempts are shown. */
export interface TaskSearch {
  readonly day?: string;
}

const dayPattern = /^\d{4}-\d\d-\d\d$/;

function dayOf({ day }: Record<string, unknown>): TaskSearch {
  return typeof day === 'string' && dayPattern.test(day) ? { day } : {};
}

export const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: (given: Record<string, unknown>): RunsSearch => {
    const { view, task } = given;
    return {
      ...dayOf(given),
      ...(view === 'graph' || view === 'list' ? { view } : {}),
      ...(typeof task === 'string' && task !== '' ? { task } : {}),
    };
  },
  component: lazyRouteComponent(() => import('./runs.tsx'), 'Runs'),
});

export const taskRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs/$task',
  validateSearch: dayOf,
  component: lazyRouteComponent(() => import('./task-page.tsx'), 'TaskPage'),
});
