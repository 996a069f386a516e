import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { FailedEvents } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { failedQuery } from './queries.ts';

type Reason = FailedEvents['reasons'][number];

/** What was refused, by reason; each opens with an example. */
export function FailedReasons(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useQuery(failedQuery);
  const [opened, setOpened] = useState<Reason>();
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
      value: ({ events }) => events,
      cell: ({ events }) => format.number(events),
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
            onOpen={setOpened}
            selected={opened === undefined ? undefined : keyOf(opened)}
          />
        </>
      )}
      <Sheet
        open={opened !== undefined}
        onClose={() => setOpened(undefined)}
        title={opened === undefined ? '' : `${opened.code} ${opened.path}`}
        closeLabel={say('close')}
      >
        {opened === undefined ? null : <ReasonDetail reason={opened} />}
      </Sheet>
    </section>
  );
}

function ReasonDetail({ reason }: { readonly reason: Reason }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { message, rule, sources, first_at, last_at, example } = reason;
  const facts = [
    [say('rule'), rule],
    [say('sources'), sources.join(', ')],
    [say('first'), format.moment(first_at)],
    [say('last'), format.moment(last_at)],
  ] as const;
  return (
    <>
      {message === null ? null : <p lang="en">{message}</p>}
      <Facts facts={facts} />
      <h3 className="events-example">{say(message === null ? 'exampleHidden' : 'example')}</h3>
      <pre className="events-raw" tabIndex={0}>
        {typeof example === 'string' ? example : JSON.stringify(example, null, 2)}
      </pre>
    </>
  );
}

function keyOf({ code, path, rule }: Reason): string {
  return `${code} ${path} ${rule}`;
}
