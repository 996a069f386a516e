import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { navigation, navigationText } from './navigation.ts';
import { Preferences } from './preferences.tsx';
import './tab-bar.css';

const messages = defineMessages({ close: { ko: '닫기', en: 'Close' } });

/** The bottom bar of a phone: four screens and the rest. */
export function TabBar(): ReactNode {
  const say = useText(navigationText);
  const sayHere = useText(messages);
  const [open, setOpen] = useState(false);
  return (
    <nav className="tabs" aria-label={say('main')}>
      {navigation.map(({ id, path, icon, tab }) =>
        tab === undefined ? null : (
          <Link
            key={id}
            className="tab"
            to={path}
            activeOptions={{ exact: path === '/', includeSearch: false }}
          >
            <Icon name={icon} />
            {say(tab)}
          </Link>
        ),
      )}
      <button type="button" className="tab" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="more" />
        {say('more')}
      </button>
      <Sheet open={open} onClose={() => setOpen(false)} title={say('more')} closeLabel={sayHere('close')}>
        <ul className="more-list">
          {navigation
            .filter(({ tab }) => tab === undefined)
            .map(({ id, path, icon }) => (
              <li key={id}>
                <Link to={path} onClick={() => setOpen(false)}>
                  <Icon name={icon} />
                  {say(id)}
                </Link>
              </li>
            ))}
        </ul>
        <Preferences />
      </Sheet>
    </nav>
  );
}
