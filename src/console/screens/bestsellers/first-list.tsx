import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { listsQuery } from './queries.ts';

/** Leads to the daily list, or the first that there is. */
export function FirstList(): ReactNode {
  const say = useText(messages);
  const { data, error, refetch } = useQuery(listsQuery);
  const first = data?.lists.find(({ list }) => list === 'daily') ?? data?.lists[0];
  if (first !== undefined) return <Navigate to="/bestsellers/$list" params={{ list: first.list }} replace />;
  return (
    <div className="page">
      <PageHead title={say('bestsellers')} />
      {error !== null ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={10} height={58} />
      ) : (
        <Empty what={say('noLists')}>{say('noListsNext')}</Empty>
      )}
    </div>
  );
}
