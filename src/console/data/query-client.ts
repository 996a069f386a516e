import { QueryClient } from '@tanstack/react-query';
import { RequestError } from './request.ts';

const attemptsMax = 2;

/** The cache of answers. Only what may succeed later is asked again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) =>
          failures < attemptsMax && error instanceof RequestError && error.retryable,
        retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 10_000),
      },
      mutations: { retry: false },
    },
  });
}
