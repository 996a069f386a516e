import { queryOptions } from '@tanstack/react-query';
import type { Configuration, Keys, Users, Versions } from '../../../api/index.ts';
import { request } from '../../data/request.ts';

/** Everybody who may sign in. */
export const usersQuery = queryOptions({
  queryKey: ['settings', 'users'],
  queryFn: ({ signal }) => request<Users>('/v1/settings/users', { signal }),
});

/** The API keys, without their secrets. */
export const keysQuery = queryOptions({
  queryKey: ['settings', 'keys'],
  queryFn: ({ signal }) => request<Keys>('/v1/settings/keys', { signal }),
});

/** The configuration as it holds. */
export const configurationQuery = queryOptions({
  queryKey: ['settings', 'configuration'],
  queryFn: ({ signal }) => request<Configuration>('/v1/settings/configuration', { signal }),
});

/** What runs here. */
export const versionsQuery = queryOptions({
  queryKey: ['settings', 'versions'],
  queryFn: ({ signal }) => request<Versions>('/v1/settings/versions', { signal }),
});

/** The address of a person. */
export function userAddress(name: string, rest = ''): string {
  return `/v1/settings/users/${encodeURIComponent(name)}${rest}`;
}
