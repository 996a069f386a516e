import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { FailedEvents, FailedRows, Replayed } from '../../../api/index.ts';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Section } from '../../parts/page.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { MendAll } from './mend-all.tsx';
import { messages } from './messages.ts';
import { failedQuery, failedRowsQuery, rowsShown, type Reason } from './queries.ts';
import { ReasonRows } from './reason-rows.tsx';
import type { Outcomes } from './use-replay.ts';

const route = getRouteApi('/events');
const MendEvent = lazy(async () => ({ default: (await import('./mend-event.tsx')).MendEvent }));
const againMs = 5_000;
type Row = FailedRows['rows'][number];

/** One reason: its refused events, each to be looked at and mended, or all at once. */
export function ReasonPage({ reason }: { readonly reason: Reason }): ReactNode {
  const say = useText(messages);
  const { may, state } = useSession();
  const { event: opened } = route.useSearch();
  const navigate = route.useNavigate();
  const [outcomes, setOutcomes] = useState<Outcomes>(new Map());
  const { data: failed, error: failedError } = useQuery(failedQuery);
  const rows = useQuery({
    ...failedRowsQuery(reason),
    enabled: may('tables:read'),
    // What was stored just now is known as stored when it is loaded.
    refetchInterval: ({ state: { data } }) =>
      data?.rows.some((row) => !row.resolved && outcomes.get(row.place)?.status === 'accepted') === true
        ? againMs
        : false,
  });
  const known = failed?.reasons.find((one) => keyOf(one) === keyOf(reason));
  const take = ({ results }: Replayed): void =>
    setOutcomes((before) => new Map([...before, ...results.map((one) => [one.place, one] as const)]));
  const open = (place: string | undefined): void =>
    void navigate({
      search: { part: 'failed', ...reason, ...(place === undefined ? {} : { event: place }) },
      replace: true,
    });
  const row = rows.data?.rows.find(({ place }) => place === opened);
  const person = state?.person?.name ?? '';
  return (
    <>
      <p className="events-back">
        <Link to="/events" search={{ part: 'failed' }} className="link">
          <Icon name="left" /> {say('allReasons')}
        </Link>
      </p>
      <Section title={<code className="events-reason">{`${reason.code} ${reason.path}`}</code>}>
        {known === undefined ? (
          failed === undefined ? (
            failedError === null ? (
              <Skeleton rows={3} />
            ) : (
              <ErrorState error={failedError} />
            )
          ) : (
            <Empty what={say('reasonGone')}>{say('reasonGoneNext')}</Empty>
          )
        ) : (
          <ReasonFacts reason={known} />
        )}
      </Section>
      {may('events:replay') && known !== undefined && known.open > 0 ? (
        <MendAll key={keyOf(reason)} reason={reason} person={person} onAnswer={take} />
      ) : null}
      {may('tables:read') ? (
        <Section title={say('oneByOne')}>
          {rows.data === undefined ? (
            rows.error === null ? (
              <Skeleton rows={6} height={34} />
            ) : (
              <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
            )
          ) : (
            <>
              {rows.data.rows.length < rowsShown ? null : (
                <p className="small events-about">{say('firstRows', { count: rowsShown })}</p>
              )}
              <ReasonRows
                rows={rows.data.rows}
                outcomes={outcomes}
                selected={opened}
                onOpen={({ place }) => open(place)}
              />
            </>
          )}
        </Section>
      ) : (
        known !== undefined && <Raw title={say('exampleHidden')} event={known.example} />
      )}
      <Sheet
        open={row !== undefined}
        onClose={() => open(undefined)}
        title={`${reason.code} ${reason.path}`}
        closeLabel={say('close')}
        wide
      >
        {row === undefined ? null : <RowDetail key={row.place} row={row} person={person} onAnswer={take} />}
      </Sheet>
    </>
  );
}

function ReasonFacts({ reason }: { readonly reason: FailedEvents['reasons'][number] }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { message, rule, events, open, sources, first_at, last_at } = reason;
  return (
    <>
      {message === null ? null : (
        <p className="text events-about" lang="en">
          {message}
        </p>
      )}
      <Facts
        facts={[
          [say('rule'), rule],
          [say('count'), format.number(events)],
          [say('open'), format.number(open)],
          [say('sources'), sources.join(', ')],
          [say('first'), format.moment(first_at)],
          [say('last'), format.moment(last_at)],
        ]}
      />
    </>
  );
}

function RowDetail({
  row,
  person,
  onAnswer,
}: {
  readonly row: Row;
  readonly person: string;
  readonly onAnswer: (answer: Replayed) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { may } = useSession();
  const { message, source, received_at, user_agent, ip, event, resolved } = row;
  const whole = may('personal:read');
  return (
    <>
      {message === '' ? null : <p lang="en">{message}</p>}
      <p className="small events-about">
        {[format.moment(received_at), source, ip, user_agent].filter((part) => part !== null).join(' · ')}
      </p>
      {whole && may('events:replay') && !resolved ? (
        <Suspense fallback={<Skeleton rows={8} />}>
          <MendEvent row={row} person={person} onAnswer={onAnswer} />
        </Suspense>
      ) : (
        <>
          <Raw title={say(whole ? 'cameSo' : 'formOnly')} event={event} />
          {resolved ? <p className="small">{say('isStored')}</p> : null}
        </>
      )}
    </>
  );
}

function Raw({ title, event }: { readonly title: string; readonly event: unknown }): ReactNode {
  return (
    <>
      <h3 className="events-example">{title}</h3>
      <pre className="events-raw" tabIndex={0}>
        {typeof event === 'string' ? event : JSON.stringify(event, null, 2)}
      </pre>
    </>
  );
}

export function keyOf({ code, path, rule }: Reason): string {
  return `${code} ${path} ${rule}`;
}
