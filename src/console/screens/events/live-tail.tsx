import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { useSession } from '../../data/session.tsx';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Select } from '../../parts/select.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { messages } from './messages.ts';
import { kindsQuery } from './queries.ts';
import type { EventSearch } from './route.ts';
import { summaryOf } from './event-summary.ts';
import { TextFilter } from './text-filter.tsx';
import { useTail, type Tail, type Told } from './use-tail.ts';

const route = getRouteApi('/events');

/** Events as they are taken, the newest first; it stands still while the reader looks at one. */
export function LiveTail(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { kind, source, reader, text } = search;
  const failed = search.failed === 'yes';
  const { data } = useQuery(kindsQuery);
  const tail = useTail({ kind, source, reader, text, failed });
  /** The tail as it stood when the reader paused, or opened an event: nothing moves until he goes on. */
  const [stopped, setStopped] = useState<Tail>();
  const [opened, setOpened] = useState<{ readonly event: Told; readonly tail: Tail }>();
  const shown = stopped ?? opened?.tail ?? tail;
  const choose = (chosen: { readonly [K in keyof EventSearch]: EventSearch[K] | undefined }): void =>
    void navigate({
      search: (before: EventSearch) => ({ ...before, ...chosen }) as EventSearch,
      replace: true,
    });
  const filtered = [kind, source, reader, text].some((value) => value !== undefined) || failed;
  const columns = useTailColumns();
  if (tail.state === 'absent') return <Empty what={say('absent')}>{say('absentNext')}</Empty>;
  return (
    <section className="section" aria-label={say('live')}>
      <div className="row events-filters no-print">
        <Button
          icon={stopped === undefined ? 'stop' : 'play'}
          onClick={() => setStopped(stopped === undefined ? tail : undefined)}
          className="events-pause"
        >
          {say(stopped === undefined ? 'pause' : 'resume')}
        </Button>
        <Select
          label={say('kind')}
          value={kind ?? ''}
          shown={kind ?? say('anyKind')}
          options={[
            { value: '', label: say('anyKind') },
            ...[
              ...new Set([
                ...(data?.kinds.map((one) => one.kind) ?? []),
                ...(kind === undefined ? [] : [kind]),
              ]),
            ]
              .toSorted()
              .map((value) => ({ value, label: value })),
          ]}
          onChange={(value) => choose({ kind: value === '' ? undefined : value })}
        />
        <TextFilter label={say('text')} value={text} onChange={(value) => choose({ text: value })} />
        <TextFilter label={say('source')} value={source} onChange={(value) => choose({ source: value })} />
        {may('personal:read') ? (
          <TextFilter label={say('reader')} value={reader} onChange={(value) => choose({ reader: value })} />
        ) : null}
        <label className="events-check">
          <input
            type="checkbox"
            checked={failed}
            onChange={(event) => choose({ failed: event.target.checked ? 'yes' : undefined })}
          />
          {say('refusedOnly')}
        </label>
        {filtered ? (
          <Button
            onClick={() =>
              choose({
                kind: undefined,
                source: undefined,
                reader: undefined,
                text: undefined,
                failed: undefined,
              })
            }
          >
            {say('clear')}
          </Button>
        ) : null}
        <span className="small events-rate">
          {tail.rate === undefined ? null : say('rate', { count: format.number(tail.rate, 1) })}
          {tail.missed === 0 ? null : ` · ${say('missed', { count: tail.missed })}`}
        </span>
      </div>
      {tail.state === 'lost' ? <Banner what={say('lost')} /> : null}
      {stopped === undefined ? null : (
        <Banner state="ok" what={say('paused', { count: Math.max(0, tail.told - stopped.told) })} />
      )}
      <DataTable
        caption={say('tailCaption')}
        columns={columns}
        rows={shown.events}
        keyOf={({ serial }) => `${serial}`}
        onOpen={(event) => setOpened({ event, tail: shown })}
        selected={opened === undefined ? undefined : `${opened.event.serial}`}
        drawnMax={400}
        empty={<Empty what={say('waiting')}>{say('waitingNext')}</Empty>}
      />
      {may('personal:read') ? null : <p className="small">{say('hiddenNote')}</p>}
      <Sheet
        open={opened !== undefined}
        onClose={() => setOpened(undefined)}
        title={opened?.event.kind ?? say('noKind')}
        closeLabel={say('close')}
      >
        {opened === undefined ? null : <EventDetail event={opened.event} />}
      </Sheet>
    </section>
  );
}

function useTailColumns(): readonly Column<Told>[] {
  const say = useText(messages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'at',
        head: say('at'),
        width: 84,
        cell: ({ at }) => <span className="num">{format.timeExact(at)}</span>,
      },
      {
        id: 'kind',
        head: say('kind'),
        width: 150,
        cell: ({ kind, error }) => (
          <>
            <span className="mono">{kind ?? '–'}</span>
            {error === null ? null : <span className="events-refused"> {say('refused')}</span>}
          </>
        ),
      },
      {
        id: 'what',
        head: say('what'),
        cell: ({ event, error }) => (
          <span className="clip events-what">
            {error === null ? summaryOf(event) : `${error.code} ${error.path}`}
          </span>
        ),
      },
      {
        id: 'source',
        head: say('source'),
        width: 120,
        wideOnly: true,
        cell: ({ source }) => source,
      },
    ],
    [say, format],
  );
}

function EventDetail({ event: { at, source, error, event } }: { readonly event: Told }): ReactNode {
  const format = useFormat();
  return (
    <>
      <p className="small">
        {format.moment(at)} · {source}
      </p>
      {error === null ? null : (
        <p className="events-refused" lang="en">
          <code>
            {error.code} {error.path}
          </code>{' '}
          {error.message}
        </p>
      )}
      <pre className="events-raw" tabIndex={0}>
        {JSON.stringify(event, null, 2)}
      </pre>
    </>
  );
}
