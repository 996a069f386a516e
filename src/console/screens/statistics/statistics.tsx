import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { alertsQuery, FiringAlerts, OtherAlerts } from './alerts.tsx';
import { pagesQuery } from './queries.ts';
import { usePageWords } from './words.ts';
import './statistics.css';

/** The list of statistics pages. */
export function Statistics(): ReactNode {
  const words = usePageWords(undefined);
  const { say } = words;
  const { data, error, refetch } = useQuery(pagesQuery);
  // Both together: what fires stands above, and must not push the pages away when it comes.
  const alerts = useQuery(alertsQuery);
  const waiting = data === undefined || (alerts.isPending && alerts.failureCount === 0);
  return (
    <div className="page">
      <PageHead title={say('title')} about={say('about')} />
      {waiting ? null : <FiringAlerts />}
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : waiting ? (
        <Skeleton rows={6} height={44} />
      ) : data.pages.length === 0 ? (
        <Empty what={say('empty')}>{say('emptyNext')}</Empty>
      ) : (
        <ul className="page-list rule">
          {data.pages.map(({ page, title, description, problems }) => (
            <li key={page}>
              <Link to="/statistics/$page" params={{ page }} search={{}}>
                <b className="book">{words.text(title)}</b>
                <span className="muted">{words.text(description)}</span>
                {problems === 0 ? null : (
                  <span className="page-broken">{say('brokenCount', { count: problems })}</span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {waiting ? null : <OtherAlerts />}
    </div>
  );
}
