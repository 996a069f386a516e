import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { cycleQuery } from '../../data/status.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { DayNumbers } from './day-numbers.tsx';
import { messages } from './messages.ts';
import { Morning } from './morning.tsx';
import { NewestEditions } from './newest-editions.tsx';
import { Notices } from './notices.tsx';
import { RunningDay } from './running-day.tsx';
import { TrafficNow } from './traffic-now.tsx';
import './home.css';

/** What matters this morning. */
export function Home(): ReactNode {
  const say = useText(messages);
  const { data: cycle, error, refetch } = useQuery(cycleQuery);
  return (
    <div className="page">
      {cycle === undefined ? (
        <>
          <PageHead title={say('home')} />
          {error === null ? (
            <Skeleton rows={6} height={24} />
          ) : (
            <ErrorState error={error} onRetry={() => void refetch()} />
          )}
        </>
      ) : (
        <Morning cycle={cycle} />
      )}
      <DayNumbers expected={cycle?.business_day} />
      <RunningDay />
      <div className="cols home-cols">
        <div>
          <Notices cycle={cycle} />
          <TrafficNow />
        </div>
        <NewestEditions />
      </div>
    </div>
  );
}
