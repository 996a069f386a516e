import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { now } from '../data/clock.ts';
import { useLive } from '../data/live.tsx';
import { useSession } from '../data/session.tsx';
import { cycleQuery, stateOf } from '../data/status.ts';
import { useFormat, useLanguage, useText } from '../i18n/language.tsx';
import { defineMessages, languages } from '../i18n/messages.ts';
import { Icon } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { chooseTheme, themeChoice, themeChoices } from '../theme/theme.ts';
import { languageNames, preferenceText } from './preferences.tsx';

const messages = defineMessages({
  find: { ko: '책, 독자, 목록, 표 찾기', en: 'Find books, readers, lists, tables' },
  day: { ko: '영업일 {day}', en: 'Business day {day}' },
  lost: { ko: '연결 끊김', en: 'not connected' },
  signOut: { ko: '로그아웃', en: 'Sign out' },
  viewer: { ko: '보는 사람', en: 'Viewer' },
  analyst: { ko: '분석가', en: 'Analyst' },
  editor: { ko: '편집자', en: 'Editor' },
  operator: { ko: '운영자', en: 'Operator' },
  admin: { ko: '관리자', en: 'Administrator' },
});

/** Search, the business day and how it stands, and who is reading. */
export function TopBar({ onFind }: { readonly onFind: () => void }): ReactNode {
  const say = useText(messages);
  return (
    <header className="top">
      <button type="button" className="search" onClick={onFind} aria-keyshortcuts="Control+K">
        <Icon name="find" />
        <span className="clip">{say('find')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className="right">
        <BusinessDay />
        <MorningState />
        <span className="wide">
          <Choices />
        </span>
      </div>
    </header>
  );
}

function BusinessDay(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { state } = useSession();
  if (state === undefined) return null;
  return <span className="business-day">{say('day', { day: format.day(state.store.business_day) })}</span>;
}

/** How the morning stands; that the server does not answer comes before everything else. */
function MorningState(): ReactNode {
  const say = useText(messages);
  const live = useLive();
  const { may } = useSession();
  const { data: cycle } = useQuery({ ...cycleQuery, enabled: may('status:read') });
  if (live === 'lost') return <StatePill state="watch">{say('lost')}</StatePill>;
  const state = cycle === undefined ? undefined : stateOf(cycle, now());
  if (state === undefined) return null;
  return (
    <Link to="/" className="wide">
      <StatePill state={state} />
    </Link>
  );
}

function Choices(): ReactNode {
  const say = useText(preferenceText);
  const sayHere = useText(messages);
  const { state, signOut } = useSession();
  const person = state?.person;
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState(themeChoice);
  return (
    <Menu
      trigger={
        <button type="button" className="top-choice">
          {person === undefined || person === null || person.guest ? languageNames[language] : person.name}{' '}
          <Icon name="down" size={12} />
        </button>
      }
      groups={[
        ...(person === undefined || person === null || person.guest
          ? []
          : [
              {
                label: sayHere(person.role),
                items: [{ key: 'out', label: sayHere('signOut'), onSelect: () => void signOut() }],
              },
            ]),
        {
          label: say('language'),
          items: languages.map((value) => ({
            key: value,
            label: <span lang={value}>{languageNames[value]}</span>,
            chosen: value === language,
            onSelect: () => choose(value),
          })),
        },
        {
          label: say('theme'),
          items: themeChoices.map((value) => ({
            key: value,
            label: say(value),
            chosen: value === theme,
            onSelect: () => {
              chooseTheme(value);
              setTheme(value);
            },
          })),
        },
      ]}
    />
  );
}
