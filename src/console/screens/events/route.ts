import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** The parts of the screen. */
export const eventParts = ['live', 'kinds', 'failed'] as const;
export type EventPart = (typeof eventParts)[number];

/** Which events are shown. */
export interface EventSearch {
  /** Absent: what comes in now. */
  readonly part?: EventPart;
  readonly kind?: string;
  readonly source?: string;
  readonly reader?: string;
  readonly text?: string;
  /** Refused ones only. */
  readonly failed?: 'yes';
  /** The reason that is looked at. */
  readonly code?: string;
  readonly path?: string;
  readonly rule?: string;
  /** The refused event that is looked at, by its place. */
  readonly event?: string;
}

const textNames = ['kind', 'source', 'reader', 'text', 'code', 'path', 'rule', 'event'] as const;

export const eventsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/events',
  validateSearch: (given: Record<string, unknown>): EventSearch => {
    const part = eventParts.find((known) => known === given['part'] && known !== 'live');
    const texts = textNames.flatMap((name) => {
      const value = given[name];
      return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
    });
    return {
      ...(part === undefined ? {} : { part }),
      ...Object.fromEntries(texts),
      ...(given['failed'] === 'yes' ? { failed: 'yes' as const } : {}),
    };
  },
  component: lazyRouteComponent(() => import('./events.tsx'), 'Events'),
});
