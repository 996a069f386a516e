import { queryOptions } from '@tanstack/react-query';
import type { CycleStatus, EditionIndex, Traffic } from '../../api/index.ts';
import type { State } from '../parts/state-pill.tsx';
import { liveKeys } from './live.tsx';
import { request } from './request.ts';

/** The morning; kept fresh by the live stream. */
export const cycleQuery = queryOptions({
  queryKey: liveKeys.cycle,
  queryFn: ({ signal }) => request<CycleStatus>('/v1/cycle', { signal }),
});

/** The newest editions; kept fresh by the live stream. */
export const editionsQuery = queryOptions({
  queryKey: liveKeys.editions,
  queryFn: ({ signal }) => request<EditionIndex>('/v1/editions', { signal }),
});

/** What comes in; kept fresh by the live stream. */
export const trafficQuery = queryOptions({
  queryKey: liveKeys.traffic,
  queryFn: ({ signal }) => request<Traffic>('/v1/traffic', { signal }),
});

const sure = 0.95;

/** How the morning stands, in one word; undefined without a morning. */
export function stateOf(cycle: CycleStatus, nowMs: number): State | undefined {
  if (cycle.state === 'none') return undefined;
  const overdue = cycle.lists_out_at === null && nowMs > Date.parse(cycle.due_at);
  if (overdue) return 'late';
  if (cycle.state === 'failed') return 'risk';
  if (cycle.forecast !== null && cycle.lists_out_at === null && cycle.forecast.on_time < sure) return 'risk';
  const worst = cycle.notices[0]?.level;
  if (worst === 'late' || worst === 'risk') return 'risk';
  return worst === 'watch' ? 'watch' : 'ok';
}
