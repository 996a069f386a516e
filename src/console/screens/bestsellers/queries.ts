import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  ListCategories,
  ListComparison,
  ListEditions,
  ListHistory,
  ListIndex,
  ListPage,
  RankChange,
  RankExplanation,
} from '../../../api/index.ts';
import { request } from '../../data/request.ts';

/** Which part of which edition. */
export interface ListView {
  readonly list: string;
  readonly category?: string | undefined;
  readonly date?: string | undefined;
  readonly edition?: string | undefined;
}

const pageLimit = 100;
const longMs = 10 * 60_000;

const addressOf = ({ list }: ListView, rest = ''): string =>
  `/v1/bestsellers/${encodeURIComponent(list)}${rest}`;
const choiceOf = ({ category, date, edition }: ListView) => ({ category, date, edition });

/** The lists that are published. */
export const listsQuery = queryOptions({
  queryKey: ['bestsellers', 'lists'],
  queryFn: ({ signal }) => request<ListIndex>('/v1/bestsellers', { signal }),
});

/** The titles of a list, page by page; the list before stays until the next is there. */
export const listQuery = (view: ListView) =>
  infiniteQueryOptions({
    queryKey: ['bestsellers', view.list, 'page', choiceOf(view)],
    queryFn: ({ signal, pageParam }) =>
      request<ListPage>(addressOf(view), {
        query: { ...choiceOf(view), limit: pageLimit, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Ranks of 28 days, by title. */
export const historyQuery = (view: ListView) =>
  queryOptions({
    queryKey: ['bestsellers', view.list, 'history', choiceOf(view)],
    queryFn: ({ signal }) =>
      request<ListHistory>(addressOf(view, '/history'), { query: choiceOf(view), signal }),
    placeholderData: keepPreviousData,
  });

/** The list's categories by name. */
export const categoriesQuery = (list: string) =>
  queryOptions({
    queryKey: ['bestsellers', list, 'categories'],
    queryFn: ({ signal }) => request<ListCategories>(addressOf({ list }, '/categories'), { signal }),
    staleTime: longMs,
  });

/** The list's editions, newest first. */
export const listEditionsQuery = (list: string) =>
  queryOptions({
    queryKey: ['bestsellers', list, 'editions'],
    queryFn: ({ signal }) =>
      request<ListEditions>(addressOf({ list }, '/editions'), { query: { limit: 120 }, signal }),
  });

/** Why a title has its rank. */
export const explanationQuery = (view: ListView, item: string, lines = false) =>
  queryOptions({
    queryKey: ['bestsellers', view.list, 'explanation', item, choiceOf(view), lines],
    queryFn: ({ signal }) =>
      request<RankExplanation>(addressOf(view, `/items/${encodeURIComponent(item)}/explanation`), {
        query: { ...choiceOf(view), ...(lines ? { lines } : {}) },
        signal,
      }),
    staleTime: longMs,
  });

/** Why a title moved. */
export const changeQuery = (view: ListView, item: string) =>
  queryOptions({
    queryKey: ['bestsellers', view.list, 'change', item, choiceOf(view)],
    queryFn: ({ signal }) =>
      request<RankChange>(addressOf(view, `/items/${encodeURIComponent(item)}/change`), {
        query: choiceOf(view),
        signal,
      }),
    staleTime: longMs,
  });

/** Two editions side by side. */
export const comparisonQuery = (
  list: string,
  compared: { readonly from: string; readonly to: string; readonly category: string | undefined },
) =>
  queryOptions({
    queryKey: ['bestsellers', list, 'comparison', compared],
    queryFn: ({ signal }) =>
      request<ListComparison>(addressOf({ list }, '/comparison'), { query: { ...compared }, signal }),
    staleTime: longMs,
    placeholderData: keepPreviousData,
  });
