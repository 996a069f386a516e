import { createRootRouteWithContext } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { Crash } from './crash.tsx';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';

/** What every route may use before its screen is drawn. */
export interface RouteContext {
  readonly queries: QueryClient;
}

/** The frame around every screen. */
export const rootRoute = createRootRouteWithContext<RouteContext>()({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: Crash,
});
