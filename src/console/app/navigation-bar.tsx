import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { Icon } from '../parts/icon.tsx';
import { navigation, navigationText, type NavigationEntry } from './navigation.ts';

/** The screens at the left; on a middle width their icons only. */
export function Navigation(): ReactNode {
  const say = useText(navigationText);
  return (
    <nav className="nav" aria-label={say('main')}>
      {navigation.filter(({ data }) => data !== true).map(entryLink)}
      <div className="group">{say('data')}</div>
      {navigation.filter(({ data }) => data === true).map(entryLink)}
    </nav>
  );
}

function entryLink(entry: NavigationEntry): ReactNode {
  return <EntryLink key={entry.id} entry={entry} />;
}

function EntryLink({ entry }: { readonly entry: NavigationEntry }): ReactNode {
  const say = useText(navigationText);
  return (
    <Link
      to={entry.path}
      activeOptions={{ exact: entry.path === '/', includeSearch: false }}
      title={say(entry.id)}
    >
      <Icon name={entry.icon} />
      <span className="name">{say(entry.id)}</span>
    </Link>
  );
}
