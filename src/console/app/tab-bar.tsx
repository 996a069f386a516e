import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { Icon } from '../parts/icon.tsx';
import { navigation, navigationText } from './navigation.ts';

/** Loaded when it is first opened. */
const MoreSheet = lazy(async () => ({ default: (await import('./more-sheet.tsx')).MoreSheet }));

/** The bottom bar of a phone: four screens and the rest. */
export function TabBar(): ReactNode {
  const say = useText(navigationText);
  const [open, setOpen] = useState<boolean>();
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
      {open === undefined ? null : (
        <Suspense fallback={null}>
          <MoreSheet open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </nav>
  );
}
