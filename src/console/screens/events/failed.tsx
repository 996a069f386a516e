import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { FailedEvents } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { failedQuery } from './queries.ts';
import { keyOf, ReasonPage } from './reason.tsx';

// Codes and places need the room more, on a phone most of all.
const countWidth = 72;
const route = getRouteApi('/events');
type Reason = FailedEvents['reasons'][number];

/** What was refused: by reason, or the one reason that is looked at. */
export function Failed(): ReactNode {
  const { code, path = '', rule = '' } = route.useSearch();
  return code === undefined ? <FailedReasons /> : <ReasonPage reason={{ code, path, rule }} />;
}

function FailedReasons(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(failedQuery);
  const navigate = route.useNavigate();
  const columns: readonly Column<Reason>[] = [
    { id: 'code', head: say('reason'), value: ({ code }) => code, cell: ({ code }) => <code>{code}</code> },
    { id: 'path', head: say('place'), value: ({ path }) => path, cell: ({ path }) => <code>{path}</code> },
    {
      id: 'rule',
      head: say('rule'),
      wideOnly: true,
      value: ({ rule }) => rule,
      cell: ({ rule }) => <span lang="en">{rule}</span>,
    },
    {
      id: 'last',
      head: say('last'),
      wideOnly: true,
      value: ({ last_at }) => last_at,
      cell: ({ last_at }) => <span className="nowrap">{format.moment(last_at)}</span>,
    },
    {
      id: 'events',
      head: say('count'),
      numeric: true,
      width: countWidth,
      value: ({ events }) => events,
      cell: ({ events }) => format.number(events),
    },
    {
      id: 'open',
      head: say('open'),
      numeric: true,
      width: countWidth,
      value: ({ open }) => open,
      cell: ({ open }) => (open === 0 ? <span className="muted">0</span> : format.number(open)),
    },
  ];
  return (
    <section className="section" aria-label={say('failed')}>
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={6} height={34} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : data.reasons.length === 0 ? (
        <Empty what={say('noFailed')}>{say('noFailedNext')}</Empty>
      ) : (
        <>
          <p className="text events-about">
            {say('failedAbout', { count: data.total, day: format.dayShort(data.from) })}
          </p>
          <DataTable
            caption={say('failed')}
            columns={columns}
            rows={data.reasons}
            keyOf={keyOf}
            onOpen={({ code, path, rule }) => void navigate({ search: { part: 'failed', code, path, rule } })}
          />
        </>
      )}
    </section>
  );
}
