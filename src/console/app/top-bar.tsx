import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { now } from '../data/clock.ts';
import { useLive } from '../data/live.tsx';
import { useSession } from '../data/session.tsx';
import { cycleQuery, stateOf } from '../data/status.ts';
import { useFormat, useText } from '../i18n/language.tsx';
import { defineMessages } from '../i18n/messages.ts';
import { Icon } from '../parts/icon.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { Choices } from './choices.tsx';

const messages = defineMessages({
  find: { ko: '책, 독자, 목록, 표 찾기', en: 'Find books, readers, lists, tables' },
  day: { ko: '영업일 {day}', en: 'Business day {day}' },
  lost: { ko: '연결 끊김', en: 'not connected' },
});

/** Search, the business day and how it stands, and who is reading. */
export function TopBar({ onFind }: { readonly onFind: () => void }): ReactNode {
  const say = useText(messages);
  return (
    <header className="banner-bar">
      <Link className="brand" to="/">
        <Icon name="mark" size={20} />
        <span className="name">Octavo</span>
      </Link>
      <div className="top">
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
