import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EventKinds } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DescribedText } from '../../i18n/text-in.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Spark } from '../../parts/spark.tsx';
import { messages } from './messages.ts';
import { kindsQuery } from './queries.ts';

type Kind = EventKinds['kinds'][number];

/** How much came of each kind, beside a week before. */
export function Kinds(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(kindsQuery);
  const columns: readonly Column<Kind>[] = [
    {
      id: 'kind',
      head: say('kind'),
      width: '30%',
      value: ({ kind }) => kind,
      cell: ({ kind, description, known }) => (
        <>
          <Link to="/events" search={{ kind }} className="mono row-link">
            {kind}
          </Link>
          {known ? null : (
            <span className="small" title={say('ownTitle')}>
              {' '}
              {say('own')}
            </span>
          )}
          {description === null ? null : (
            <span className="small kind-about">
              <DescribedText text={description} />
            </span>
          )}
        </>
      ),
    },
    {
      id: 'hours',
      head: say('byHour'),
      wideOnly: true,
      cell: ({ hours }) => <Spark values={hours} width={140} open />,
    },
    {
      id: 'events',
      head: say('events24'),
      numeric: true,
      value: ({ events }) => events,
      cell: ({ events }) => format.number(events),
    },
    {
      id: 'before',
      head: say('before'),
      numeric: true,
      wideOnly: true,
      value: ({ before }) => before,
      cell: ({ before }) => format.number(before),
    },
    {
      id: 'change',
      head: say('change'),
      numeric: true,
      value: ({ events, before }) => (before === 0 ? null : events / before - 1),
      cell: ({ events, before }) =>
        before === 0 ? (
          <span className="new">{say('isNew')}</span>
        ) : (
          <span className={events === before ? '' : events < before ? 'down' : 'up'}>
            {events === before ? format.percent(0) : format.change(events / before - 1)}
          </span>
        ),
    },
    {
      id: 'sql',
      head: <span className="unseen">{say('sqlDay')}</span>,
      numeric: true,
      wideOnly: true,
      cell: ({ kind }) => (
        <Link to="/sql" search={{ q: sqlOf(kind) }} className="row-link muted">
          {say('sqlDay')}
        </Link>
      ),
    },
  ];
  return (
    <section className="section" aria-label={say('kinds')}>
      <p className="text events-about">{say('kindsAbout')}</p>
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={10} height={34} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : data.kinds.length === 0 ? (
        <Empty what={say('noKinds')}>{say('noKindsNext')}</Empty>
      ) : (
        <DataTable caption={say('kinds')} columns={columns} rows={data.kinds} keyOf={({ kind }) => kind} />
      )}
    </section>
  );
}

function sqlOf(kind: string): string {
  return [
    'select *',
    'from raw.events',
    `where kind = '${kind.replaceAll("'", "''")}'`,
    '  and business_day >= current_date - 1',
    'order by received_at desc',
    'limit 100',
  ].join('\n');
}
