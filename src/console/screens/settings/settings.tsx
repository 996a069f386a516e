import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { RequestError } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useText } from '../../i18n/language.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { About } from './about.tsx';
import { Account } from './account.tsx';
import { ConfigurationTable } from './configuration.tsx';
import { Keys } from './keys.tsx';
import { messages } from './messages.ts';
import { settingsParts, type SettingsPart } from './route.ts';
import { People } from './users.tsx';
import '../../parts/part-tabs.css';
import './settings.css';

const route = getRouteApi('/settings');
const parts: Record<SettingsPart, () => ReactNode> = {
  account: Account,
  users: People,
  keys: Keys,
  configuration: ConfigurationTable,
  about: About,
};
const forAdministrators: ReadonlySet<SettingsPart> = new Set(['users', 'keys', 'configuration']);

/** One's own account for everybody; people, keys and configuration for administrators. */
export function Settings(): ReactNode {
  const say = useText(messages);
  const { part = 'account' } = route.useSearch();
  const { may } = useSession();
  const Part = parts[part];
  const allowed = may('settings:write') || !forAdministrators.has(part);
  return (
    <div className="page settings">
      <PageHead title={say('title')} documentTitle={`${say(part)} · ${say('title')}`} />
      <nav className="part-tabs" aria-label={say('parts')}>
        {settingsParts.map((known) => (
          <Link
            key={known}
            to="/settings"
            search={known === 'account' ? {} : { part: known }}
            activeOptions={{ exact: true, includeSearch: true }}
            {...(known === part ? { 'aria-current': 'page' as const } : {})}
          >
            {say(known)}
          </Link>
        ))}
      </nav>
      {allowed ? <Part /> : <ErrorState error={new RequestError(403, 'scope_missing')} />}
    </div>
  );
}
