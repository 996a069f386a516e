import { queryOptions } from '@tanstack/react-query';
import type { EventKinds, FailedEvents } from '../../../api/index.ts';
import { request } from '../../data/request.ts';

const keptMs = 60_000;

/** Events of a day by kind. */
export const kindsQuery = queryOptions({
  queryKey: ['events', 'kinds'],
  queryFn: ({ signal }) => request<EventKinds>('/v1/events/kinds', { signal }),
  staleTime: keptMs,
});

/** What was refused, by reason. */
export const failedQuery = queryOptions({
  queryKey: ['events', 'failed'],
  queryFn: ({ signal }) => request<FailedEvents>('/v1/events/failed', { query: { days: 14 }, signal }),
  staleTime: keptMs,
});
