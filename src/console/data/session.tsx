import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { SessionState } from '../../api/index.ts';
import { FormatProvider } from '../i18n/language.tsx';
import { onRefused, request } from './request.ts';

type ScopeName = SessionState['scopes'][number];

/** Who reads, and what he may do. */
export interface ReaderSession {
  /** Undefined until the server has said it, and while it does not answer. */
  readonly state: SessionState | undefined;
  readonly error: unknown;
  /** Whether the reader must sign in (again) before anything else is answered. */
  readonly needed: boolean;
  may(scope: ScopeName): boolean;
  signIn(name: string, password: string): Promise<void>;
  signOut(): Promise<void>;
}

const key = ['session'] as const;
const SessionContext = createContext<ReaderSession | undefined>(undefined);

/** Asks who is signed in; answers that were refused are asked for again after the next sign-in. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const { data: state, error } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<SessionState>('/v1/session', { signal }),
    staleTime: 60_000,
    retry: true,
  });
  const [refused, setRefused] = useState(false);
  useEffect(() => onRefused(() => setRefused(true)), []);
  const signIn = useCallback(
    async (name: string, password: string) => {
      const begun = await request<SessionState>('/v1/session', { method: 'POST', body: { name, password } });
      queries.setQueryData(key, begun);
      setRefused(false);
      await askAgain(queries);
    },
    [queries],
  );
  const signOut = useCallback(async () => {
    await request('/v1/session', { method: 'DELETE' });
    queries.clear();
    await queries.refetchQueries({ queryKey: key });
  }, [queries]);
  const session = useMemo<ReaderSession>(
    () => ({
      state,
      error: state === undefined ? error : undefined,
      needed: state !== undefined && (state.person === null || refused),
      may: (scope) => state?.scopes.includes(scope) ?? false,
      signIn,
      signOut,
    }),
    [state, error, refused, signIn, signOut],
  );
  const store = state?.store;
  return (
    <SessionContext value={session}>
      <FormatProvider timeZone={store?.time_zone} dayStart={store?.day_start} currency={store?.currency}>
        {children}
      </FormatProvider>
    </SessionContext>
  );
}

/** What was refused is asked for again; what stands on the screen stays until then. */
async function askAgain(queries: QueryClient): Promise<void> {
  await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
}

export function useSession(): ReaderSession {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('outside of the session');
  return session;
}
