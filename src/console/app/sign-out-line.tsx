import type { ReactNode } from 'react';
import { useSession } from '../data/session.tsx';
import { useText } from '../i18n/language.tsx';
import { Button } from '../parts/button.tsx';
import { roleText } from './role-text.ts';

/** Who is signed in, and the way out; nothing in the open demo. */
export function SignOutLine(): ReactNode {
  const say = useText(roleText);
  const { state, signOut } = useSession();
  const person = state?.person;
  if (person === undefined || person === null || person.guest) return null;
  return (
    <p className="row sign-out">
      <span className="muted">
        {person.name} · {say(person.role)}
      </span>
      <Button onClick={() => void signOut()}>{say('signOut')}</Button>
    </p>
  );
}
