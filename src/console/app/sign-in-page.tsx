import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { Modal } from '../parts/sheet.tsx';
import { Preferences } from './preferences.tsx';
import { SignIn, useSignInTitle } from './sign-in.tsx';

/** The form above the screen, for whom the session has ended. */
export function SignInAgain(): ReactNode {
  const title = useSignInTitle(true);
  return (
    <Modal open onClose={() => undefined} title={title}>
      <SignIn again />
    </Modal>
  );
}

/** The form in place of the console. */
export function SignInPage(): ReactNode {
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
