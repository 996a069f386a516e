import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import type { CycleStatus, EditionIndex, Traffic } from '../../api/index.ts';
import { useSession } from './session.tsx';

/** Whether news arrive: `lost` while the server does not answer. */
export type LiveState = 'waiting' | 'live' | 'lost';

/** Keys of the answers that the stream keeps fresh. */
export const liveKeys = {
  cycle: ['cycle', 'now'],
  editions: ['editions', 'newest'],
  traffic: ['traffic'],
  runs: ['runs'],
} as const;

const LiveContext = createContext<LiveState>('waiting');
const [againFirstMs, againMaxMs] = [3_000, 30_000];

/** Listens to the server as long as somebody may; puts what it hears where the screens read it. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { may } = useSession();
  const queries = useQueryClient();
  const allowed = may('status:read');
  const [state, setState] = useState<LiveState>('waiting');
  useEffect(() => (allowed ? listen(queries, setState) : undefined), [allowed, queries]);
  return <LiveContext value={state}>{children}</LiveContext>;
}

export function useLive(): LiveState {
  return use(LiveContext);
}

/** Opens the stream, and again when it ends; returns what closes it. */
function listen(queries: QueryClient, tell: (state: LiveState) => void): () => void {
  let source: EventSource | undefined;
  let waitMs = againFirstMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost = false;
  const open = (): void => {
    source = new EventSource('/v1/live');
    source.addEventListener('open', () => {
      waitMs = againFirstMs;
      tell('live');
      // What changed while nobody was told.
      if (lost) void queries.invalidateQueries();
      lost = false;
    });
    source.addEventListener('cycle', (event) => put<CycleStatus>(queries, liveKeys.cycle, event));
    // What a screen shows of the runs is asked for anew; the event itself says only that something moved.
    source.addEventListener('runs', () => void queries.invalidateQueries({ queryKey: liveKeys.runs }));
    source.addEventListener('editions', (event) => put<EditionIndex>(queries, liveKeys.editions, event));
    source.addEventListener('traffic', (event) =>
      addTraffic(queries, JSON.parse(event.data as string) as Traffic),
    );
    source.addEventListener('error', () => {
      lost = true;
      tell('lost');
      // The browser tries again by itself unless the server refused.
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, againMaxMs);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function put<T>(queries: QueryClient, key: readonly string[], event: MessageEvent): void {
  queries.setQueryData<T>(key, JSON.parse(event.data as string) as T);
}

const minutesKept = 120;

/** The stream brings the last minutes; the older ones stand already. */
function addTraffic(queries: QueryClient, news: Traffic): void {
  queries.setQueryData<Traffic>(liveKeys.traffic, (known) => {
    if (known === undefined) return undefined;
    const first = news.minutes[0]?.at ?? '';
    const minutes = [...known.minutes.filter(({ at }) => at < first), ...news.minutes].slice(-minutesKept);
    return { ...news, minutes };
  });
}
