import { queryOptions } from '@tanstack/react-query';
import type { ItemRankings, RelatedItems } from '../../../api/index.ts';
import { request } from '../../data/request.ts';

/** A title on every list. */
export const rankingsQuery = (item: string) =>
  queryOptions({
    queryKey: ['titles', item, 'rankings'],
    queryFn: ({ signal }) =>
      request<ItemRankings>(`/v1/items/${encodeURIComponent(item)}/rankings`, { signal }),
  });

/** Titles that go with it. */
export const relatedQuery = (item: string) =>
  queryOptions({
    queryKey: ['titles', item, 'related'],
    queryFn: ({ signal }) =>
      request<RelatedItems>(`/v1/items/${encodeURIComponent(item)}/related`, { query: { limit: 6 }, signal }),
    retry: false,
  });
