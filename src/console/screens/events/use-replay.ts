import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Replayed } from '../../../api/index.ts';
import { replay, type ReplayWish } from './queries.ts';

/** What became of a refused event, by its place. */
export type Outcomes = ReadonlyMap<string, Replayed['results'][number]>;

/** A replay on its way, and what became of the last one. */
export interface Replay {
  readonly sending: boolean;
  readonly answer: Replayed | undefined;
  /** Why it could not be sent; what is stored until then is stored. */
  readonly error: unknown;
  readonly send: (wish: ReplayWish) => Promise<void>;
  /** Forgets what became of the last one. */
  readonly clear: () => void;
}

/** Checks (`dryRun`) or stores refused events; `onAnswer` hears what became of each. */
export function useReplay(dryRun: boolean, onAnswer?: (answer: Replayed) => void): Replay {
  const queries = useQueryClient();
  const [state, setState] = useState<Pick<Replay, 'sending' | 'answer' | 'error'>>(idle);
  return {
    ...state,
    clear: () => setState(idle),
    send: async (wish) => {
      setState({ ...idle, sending: true });
      try {
        const answer = await replay(wish, dryRun);
        setState({ ...idle, answer });
        onAnswer?.(answer);
        if (!dryRun) await queries.invalidateQueries({ queryKey: ['events', 'failed'] });
      } catch (error) {
        setState({ ...idle, error });
      }
    },
  };
}

const idle = { sending: false, answer: undefined, error: undefined };
