import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  AskedRun,
  DayRuns,
  RequestedRun,
  RunDays,
  TaskAttempts,
  TaskDetail,
  TaskIndex,
  TaskPlan,
} from '../../../api/index.ts';
import { liveKeys } from '../../data/live.tsx';
import { request } from '../../data/request.ts';

const addressOf = (task: string, rest = ''): string => `/v1/tasks/${encodeURIComponent(task)}${rest}`;

/** The tasks of a day; asked anew whenever the live stream tells that something runs. */
export const dayRunsQuery = (day: string | undefined) =>
  queryOptions({
    queryKey: [...liveKeys.runs, 'day', day ?? 'newest'],
    queryFn: ({ signal }) => request<DayRuns>('/v1/runs', { query: { day }, signal }),
    placeholderData: keepPreviousData,
  });

/** The last days and how they went. */
export const runDaysQuery = queryOptions({
  queryKey: ['run-days'],
  queryFn: ({ signal }) => request<RunDays>('/v1/runs/days', { query: { limit: 62 }, signal }),
  staleTime: 60_000,
});

/** Every task of the project. */
export const tasksQuery = queryOptions({
  queryKey: ['tasks'],
  queryFn: ({ signal }) => request<TaskIndex>('/v1/tasks', { signal }),
  staleTime: 10 * 60_000,
});

/** A task, and how it went day by day. */
export const taskQuery = (task: string, day: string | undefined) =>
  queryOptions({
    queryKey: [...liveKeys.runs, 'task', task, day ?? 'newest'],
    queryFn: ({ signal }) => request<TaskDetail>(addressOf(task), { query: { day, limit: 62 }, signal }),
    placeholderData: (before) => (before?.task === task ? before : undefined),
  });

/** The attempts of a task for a day, with their logs. */
export const attemptsQuery = (task: string, day: string | undefined, limit = 5) =>
  queryOptions({
    queryKey: [...liveKeys.runs, 'attempts', task, day ?? 'newest', limit],
    queryFn: ({ signal }) =>
      request<TaskAttempts>(addressOf(task, '/attempts'), { query: { day, limit }, signal }),
  });

/** What running a task would run. */
export const planQuery = (task: string, day: string | undefined, force: boolean) =>
  queryOptions({
    queryKey: ['task-plan', task, day ?? 'newest', force],
    queryFn: ({ signal }) => request<TaskPlan>(addressOf(task, '/plan'), { query: { day, force }, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** Runs a task. */
export async function runTask(task: string, day: string | undefined, force: boolean): Promise<AskedRun> {
  return await request<AskedRun>(addressOf(task, '/runs'), {
    method: 'POST',
    body: { ...(day === undefined ? {} : { day }), force },
  });
}

/** Runs what a day lacks. */
export async function runDay(day: string): Promise<AskedRun> {
  return await request<AskedRun>('/v1/runs', { method: 'POST', body: { day } });
}

/** Stops a run that was asked for. */
export async function stopRun(id: number): Promise<RequestedRun> {
  return await request<RequestedRun>(`/v1/runs/requests/${id}`, { method: 'DELETE' });
}

/** Stops any run, also one that nobody asked for here. */
export async function endRun(run: number): Promise<void> {
  await request(`/v1/runs/${run}`, { method: 'DELETE' });
}

/** A task for a range of days. */
export interface Backfill {
  readonly task: string;
  readonly from: string;
  readonly to: string;
  readonly force: boolean;
}

/** What it would run. */
export const backfillPlanQuery = ({ task, ...range }: Backfill) =>
  queryOptions({
    queryKey: ['backfill-plan', task, range],
    queryFn: ({ signal }) => request<TaskPlan>(addressOf(task, '/backfill'), { query: range, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** Asks for it. */
export async function askBackfill({ task, ...range }: Backfill): Promise<AskedRun> {
  return await request<AskedRun>(addressOf(task, '/backfill'), { method: 'POST', body: range });
}
