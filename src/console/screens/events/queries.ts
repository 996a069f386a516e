import { queryOptions } from '@tanstack/react-query';
import type { EventKinds, FailedEvents, FailedRows, Replayed } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import type { SentChange } from './changes.ts';

const keptMs = 60_000;
/** Refused events are kept in sight so long. */
const days = 14;

/** Events of a day by kind. */
export const kindsQuery = queryOptions({
  queryKey: ['events', 'kinds'],
  queryFn: ({ signal }) => request<EventKinds>('/v1/events/kinds', { signal }),
  staleTime: keptMs,
});

/** What was refused, by reason. */
export const failedQuery = queryOptions({
  queryKey: ['events', 'failed'],
  queryFn: ({ signal }) => request<FailedEvents>('/v1/events/failed', { query: { days }, signal }),
  staleTime: keptMs,
});

/** Why events were refused. */
export interface Reason {
  readonly code: string;
  readonly path: string;
  readonly rule: string;
}

/** Shown of one reason. */
export const rowsShown = 200;

/** The refused events of a reason, one by one, those too that are stored meanwhile. */
export const failedRowsQuery = ({ code, path, rule }: Reason) =>
  queryOptions({
    queryKey: ['events', 'failed', 'rows', code, path, rule],
    queryFn: ({ signal }) =>
      request<FailedRows>('/v1/events/failed/rows', {
        query: { days, code, path, rule, resolved: true, limit: rowsShown },
        signal,
      }),
    staleTime: keptMs,
  });

/** What is sent to be checked or stored. */
export type ReplayWish =
  | { readonly events: readonly { readonly place: string; readonly event: unknown }[] }
  | (Reason & { readonly changes: readonly SentChange[] });

/** Checks what would become of refused events, or sends them once more. */
export async function replay(wish: ReplayWish, dryRun: boolean, signal?: AbortSignal): Promise<Replayed> {
  return request<Replayed>('/v1/events/failed/replay', {
    method: 'POST',
    body: { days, ...wish, ...(dryRun ? { dry_run: true } : {}) },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** What would become of one that is being mended. */
export const checkQuery = (place: string, event: unknown) =>
  queryOptions({
    queryKey: ['events', 'check', place, JSON.stringify(event)],
    queryFn: ({ signal }) => replay({ events: [{ place, event }] }, true, signal),
    staleTime: keptMs,
    gcTime: keptMs,
  });
