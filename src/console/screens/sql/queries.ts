import { queryOptions } from '@tanstack/react-query';
import type { QueryParameters, QueryRows, QueryTables } from '../../../api/index.ts';
import { request, requestAnswer } from '../../data/request.ts';
import { saveFile } from '../../data/save-file.ts';

/** A question as it was asked. */
export interface Asked {
  readonly id: string;
  readonly sql: string;
  readonly personal: boolean;
  readonly parameters: Values;
}

/** Values of a statement's parameters, as they are bound. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** The tables that can be asked. */
export const tablesQuery = queryOptions({
  queryKey: ['sql', 'tables'],
  queryFn: ({ signal }) => request<QueryTables>('/v1/queries/tables', { signal }),
  staleTime: 5 * 60_000,
});

/** Whether a text may name parameters; the server knows it exactly. */
export function mayNameParameters(sql: string): boolean {
  return /[:$][A-Za-z_]/.test(sql);
}

/** The parameters that a text names. */
export const parametersQuery = (sql: string) =>
  queryOptions({
    queryKey: ['sql', 'parameters', sql],
    queryFn: ({ signal }) =>
      request<QueryParameters>('/v1/queries/parameters', { method: 'POST', body: { sql }, signal }),
    staleTime: Infinity,
    retry: false,
  });

/** Asks; leaving by the signal stops the query on the server. */
export function askRows({ id, sql, personal, parameters }: Asked, signal: AbortSignal): Promise<QueryRows> {
  return request<QueryRows>('/v1/queries', {
    method: 'POST',
    body: { sql, parameters, query_id: id, ...(personal ? { personal } : {}) },
    signal,
  });
}

/** Stops a query also where something between keeps its request open. */
export async function stopQuery(id: string): Promise<void> {
  // It may have ended just now.
  await request(`/v1/queries/${encodeURIComponent(id)}`, { method: 'DELETE' }).catch(() => undefined);
}

/** Saves the whole result; whether it was cut. */
export async function saveRows(
  { sql, personal, parameters }: Omit<Asked, 'id'>,
  format: 'csv' | 'xlsx',
): Promise<boolean> {
  const body = { sql, parameters, ...(personal ? { personal } : {}) };
  const answer = await requestAnswer(`/v1/queries/${format}`, { method: 'POST', body });
  saveFile(`query.${format}`, await answer.blob());
  return answer.headers.get('x-octavo-truncated') === 'true';
}
