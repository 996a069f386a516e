import { queryOptions } from '@tanstack/react-query';
import type { QueryRows, QueryTables } from '../../../api/index.ts';
import { request, requestAnswer } from '../../data/request.ts';
import { saveFile } from '../../data/save-file.ts';

/** A question as it was asked. */
export interface Asked {
  readonly id: string;
  readonly sql: string;
  readonly personal: boolean;
}

/** The tables that can be asked. */
export const tablesQuery = queryOptions({
  queryKey: ['sql', 'tables'],
  queryFn: ({ signal }) => request<QueryTables>('/v1/queries/tables', { signal }),
  staleTime: 5 * 60_000,
});

/** Asks; leaving by the signal stops the query on the server. */
export function askRows({ id, sql, personal }: Asked, signal: AbortSignal): Promise<QueryRows> {
  return request<QueryRows>('/v1/queries', {
    method: 'POST',
    body: { sql, query_id: id, ...(personal ? { personal } : {}) },
    signal,
  });
}

/** Stops a query also where something between keeps its request open. */
export async function stopQuery(id: string): Promise<void> {
  // It may have ended just now.
  await request(`/v1/queries/${encodeURIComponent(id)}`, { method: 'DELETE' }).catch(() => undefined);
}

/** Saves the whole result; whether it was cut. */
export async function saveRows({ sql, personal }: Omit<Asked, 'id'>): Promise<boolean> {
  const body = { sql, ...(personal ? { personal } : {}) };
  const answer = await requestAnswer('/v1/queries/csv', { method: 'POST', body });
  saveFile('query.csv', await answer.blob());
  return answer.headers.get('x-octavo-truncated') === 'true';
}
