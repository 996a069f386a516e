import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';

/** The parts of the settings, in order. */
export const settingsParts = ['account', 'users', 'keys', 'configuration', 'about'] as const;
export type SettingsPart = (typeof settingsParts)[number];

export interface SettingsSearch {
  /** Absent: one's own account. */
  readonly part?: SettingsPart;
}

export const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  validateSearch: (given: Record<string, unknown>): SettingsSearch => {
    const part = settingsParts.find((known) => known === given['part']);
    return part === undefined ? {} : { part };
  },
  component: lazyRouteComponent(() => import('./settings.tsx'), 'Settings'),
});
