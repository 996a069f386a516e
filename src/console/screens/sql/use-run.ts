import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { QueryRows } from '../../../api/index.ts';
import { now } from '../../data/clock.ts';
import { RequestError } from '../../data/request.ts';
import { askRows, stopQuery, type Asked } from './queries.ts';

/** How the last question stands. */
export type Run =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly asked: Asked; readonly sinceMs: number }
  | { readonly state: 'stopped'; readonly asked: Asked }
  | { readonly state: 'failed'; readonly asked: Asked; readonly error: unknown }
  | { readonly state: 'done'; readonly asked: Asked; readonly answer: QueryRows };

const key = ['sql', 'shown'] as const;

/** Runs one question at a time. Its answer is still there when the reader comes back to the screen. */
export function useRun(onDone: (asked: Asked, answer: QueryRows) => void): {
  readonly run: Run;
  readonly start: (question: Omit<Asked, 'id'>) => void;
  readonly stop: () => void;
} {
  const queries = useQueryClient();
  const [run, setRun] = useState<Run>(() => queries.getQueryData<Run>(key) ?? { state: 'none' });
  const open = useRef<{ readonly id: string; readonly gone: AbortController }>(undefined);
  const done = useRef(onDone);
  done.current = onDone;
  const show = useCallback(
    (next: Run) => {
      setRun(next);
      if (next.state !== 'running') queries.setQueryData<Run>(key, next);
    },
    [queries],
  );
  const leave = useCallback(() => {
    open.current?.gone.abort();
    open.current = undefined;
  }, []);
  const start = useCallback(
    (question: Omit<Asked, 'id'>) => {
      leave();
      const asked: Asked = { id: crypto.randomUUID(), ...question };
      const mine = { id: asked.id, gone: new AbortController() };
      open.current = mine;
      show({ state: 'running', asked, sinceMs: now() });
      const ended = (next: Run): boolean => {
        if (open.current !== mine) return false;
        open.current = undefined;
        show(next);
        return true;
      };
      const ask = async (): Promise<void> => {
        try {
          const answer = await askRows(asked, mine.gone.signal);
          if (ended({ state: 'done', asked, answer })) done.current(asked, answer);
        } catch (error) {
          const stopped = error instanceof RequestError && error.code === 'cancelled';
          ended(stopped ? { state: 'stopped', asked } : { state: 'failed', asked, error });
        }
      };
      void ask();
    },
    [leave, show],
  );
  const stop = useCallback(() => {
    if (run.state !== 'running') return;
    void stopQuery(run.asked.id);
    leave();
    show({ state: 'stopped', asked: run.asked });
  }, [leave, run, show]);
  useEffect(() => leave, [leave]);
  return { run, start, stop };
}
