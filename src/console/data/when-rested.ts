import type { QueryClient } from '@tanstack/react-query';

const [quietMs, limitMs] = [100, 4_000];

/** Calls back once: when nothing has been asked of the server for a moment, at the latest after four seconds. */
export function whenRested(queries: QueryClient, call: () => void): void {
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const limit = setTimeout(finish, limitMs);
  const stop = queries.getQueryCache().subscribe(() => {
    clearTimeout(quiet);
    quiet = queries.isFetching() === 0 ? setTimeout(finish, quietMs) : undefined;
  });
  function finish(): void {
    clearTimeout(limit);
    clearTimeout(quiet);
    stop();
    call();
  }
}
