import { queryOptions } from '@tanstack/react-query';
import type { MetricIndex, MetricSeries, Today } from '../../../api/index.ts';
import { request } from '../../data/request.ts';

/** The metrics that the project defines. */
export const metricsQuery = queryOptions({
  queryKey: ['metrics'],
  queryFn: ({ signal }) => request<MetricIndex>('/v1/metrics', { signal }),
  staleTime: 10 * 60_000,
});

/** A metric by day, from a day on. */
export const seriesQuery = (metric: string, from: string) =>
  queryOptions({
    queryKey: ['metrics', metric, 'day', from],
    queryFn: ({ signal }) =>
      request<MetricSeries>(`/v1/metrics/${encodeURIComponent(metric)}`, { query: { from }, signal }),
  });

const todayMs = 60_000;

/** The running day, as often as the server counts it. */
export const todayQuery = queryOptions({
  queryKey: ['today'],
  queryFn: ({ signal }) => request<Today>('/v1/today', { signal }),
  staleTime: todayMs,
  refetchInterval: todayMs,
});
