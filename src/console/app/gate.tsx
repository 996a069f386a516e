import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useSession } from '../data/session.tsx';

/** Loaded when somebody must sign in. */
const SignInPage = lazy(async () => ({ default: (await import('./sign-in-page.tsx')).SignInPage }));
const SignInAgain = lazy(async () => ({ default: (await import('./sign-in-page.tsx')).SignInAgain }));

/**
 * Who is not signed in gets the form in place of the console. Whose session ends gets it above the screen,
 * which stays with everything that was typed.
 */
export function Gate({ children }: { readonly children: ReactNode }): ReactNode {
  const { state, error, needed } = useSession();
  const [entered, setEntered] = useState(false);
  if (state !== undefined && !needed && !entered) setEntered(true);
  if (entered) {
    return (
      <>
        {children}
        {needed ? (
          <Suspense fallback={null}>
            <SignInAgain />
          </Suspense>
        ) : null}
      </>
    );
  }
  if (needed)
    return (
      <Suspense fallback={null}>
        <SignInPage />
      </Suspense>
    );
  // Nothing is asked before it is known who asks; without a server the screens say so themselves.
  return state === undefined && error === undefined ? null : children;
}
