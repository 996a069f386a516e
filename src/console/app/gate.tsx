import { useState, type ReactNode } from 'react';
import { useSession } from '../data/session.tsx';
import { Icon } from '../parts/icon.tsx';
import { Modal } from '../parts/sheet.tsx';
import { Preferences } from './preferences.tsx';
import { SignIn, useSignInTitle } from './sign-in.tsx';

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
        <SignInAgain open={needed} />
      </>
    );
  }
  if (needed) return <SignInPage />;
  // Nothing is asked before it is known who asks; without a server the screens say so themselves.
  return state === undefined && error === undefined ? null : children;
}

function SignInAgain({ open }: { readonly open: boolean }): ReactNode {
  const title = useSignInTitle(true);
  return (
    <Modal open={open} onClose={() => undefined} title={title}>
      <SignIn again />
    </Modal>
  );
}

function SignInPage(): ReactNode {
  const title = useSignInTitle(false);
  return (
    <main className="sign-in-page">
      <div>
        <div className="brand-line">
          <Icon name="mark" size={22} /> Octavo
        </div>
        <h1>{title}</h1>
        <SignIn again={false} />
        <Preferences />
      </div>
    </main>
  );
}
