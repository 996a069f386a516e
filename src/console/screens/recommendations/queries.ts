import { queryOptions } from '@tanstack/react-query';
import type {
  ReaderRecommendations,
  ReaderShelf,
  RecommenderEvaluation,
  RecommenderIndex,
  RelatedItems,
} from '../../../api/index.ts';
import { request } from '../../data/request.ts';

const listedMax = 10;
const shelfMax = 6;
const id = encodeURIComponent;

export const recommendersQuery = queryOptions({
  queryKey: ['recommenders'],
  queryFn: ({ signal }) => request<RecommenderIndex>('/v1/recommenders', { signal }),
});

export const evaluationQuery = queryOptions({
  queryKey: ['recommenders', 'evaluation'],
  queryFn: ({ signal }) => request<RecommenderEvaluation>('/v1/recommenders/evaluation', { signal }),
});

/** Whether the shop knows a reader: asked first, so that nothing is asked in vain. */
export const readerQuery = (reader: string) =>
  queryOptions({
    queryKey: ['readers', reader],
    queryFn: ({ signal }) =>
      request<{ readonly known: boolean | null }>(`/v1/readers/${id(reader)}`, { signal }),
  });

/** What a reader has; asks the warehouse. */
export const shelfQuery = (reader: string) =>
  queryOptions({
    queryKey: ['readers', reader, 'shelf'],
    queryFn: ({ signal }) =>
      request<ReaderShelf>(`/v1/readers/${id(reader)}/shelf`, { query: { limit: shelfMax }, signal }),
  });

/** What one recommender shows a reader. */
export const readerListQuery = (reader: string, recommender: string) =>
  queryOptions({
    queryKey: ['readers', reader, 'recommendations', recommender],
    queryFn: ({ signal }) =>
      request<ReaderRecommendations>(`/v1/readers/${id(reader)}/recommendations`, {
        query: { recommender, limit: listedMax },
        signal,
      }),
  });

/** What one recommender shows beside a title. */
export const relatedListQuery = (item: string, recommender: string) =>
  queryOptions({
    queryKey: ['titles', item, 'related', recommender],
    queryFn: ({ signal }) =>
      request<RelatedItems>(`/v1/items/${id(item)}/related`, {
        query: { recommender, limit: listedMax },
        signal,
      }),
  });
