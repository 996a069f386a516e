import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { navigation, navigationText } from './navigation.ts';
import { Preferences } from './preferences.tsx';
import { SignOutLine } from './sign-out-line.tsx';
import './more-sheet.css';

const messages = defineMessages({ close: { ko: '닫기', en: 'Close' } });

/** The screens that have no place in the bottom bar, and the reader's choices. */
export function MoreSheet({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(navigationText);
  const sayHere = useText(messages);
  return (
    <Sheet open={open} onClose={onClose} title={say('more')} closeLabel={sayHere('close')}>
      <ul className="more-list">
        {navigation
          .filter(({ tab }) => tab === undefined)
          .map(({ id, path, icon }) => (
            <li key={id}>
              <Link to={path} onClick={onClose}>
                <Icon name={icon} />
                {say(id)}
              </Link>
            </li>
          ))}
      </ul>
      <Preferences />
      <SignOutLine />
    </Sheet>
  );
}
