import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TableDetail, TableList, TablePreview } from '../../../api/index.ts';
import { request } from '../../data/request.ts';

const addressOf = (table: string, rest = ''): string => `/v1/tables/${encodeURIComponent(table)}${rest}`;

/** Every table. */
export const tableListQuery = queryOptions({
  queryKey: ['tables'],
  queryFn: ({ signal }) => request<TableList>('/v1/tables', { signal }),
});

/** A table: schema, days, snapshots, files, lineage. */
export const tableQuery = (table: string) =>
  queryOptions({
    queryKey: ['tables', table],
    queryFn: ({ signal }) => request<TableDetail>(addressOf(table), { signal }),
  });

/** Some rows. */
export const previewQuery = (table: string, day: string | undefined) =>
  queryOptions({
    queryKey: ['tables', table, 'preview', day ?? 'newest'],
    queryFn: ({ signal }) =>
      request<TablePreview>(addressOf(table, '/preview'), { query: { day, limit: 100 }, signal }),
    placeholderData: (before, asked) => (asked?.queryKey[1] === table ? keepPreviousData(before) : undefined),
  });
