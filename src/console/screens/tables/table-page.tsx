import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TableDetail } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { ColumnsTab } from './columns-tab.tsx';
import { DaysTab } from './days-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { LineageTab } from './lineage-tab.tsx';
import { DescribedText } from '../../i18n/text-in.tsx';
import { messages } from './messages.ts';
import { PreviewTab } from './preview-tab.tsx';
import { tableQuery } from './queries.ts';
import { tableTabs, type TableTab } from './route.ts';
import { SnapshotsTab } from './snapshots-tab.tsx';
import './tables.css';

const route = getRouteApi('/tables/$table');

/** A table: what it holds, how it grew, some of its rows, where it comes from and goes to. */
export function TablePage(): ReactNode {
  const say = useText(messages);
  const { table } = route.useParams();
  const { tab = 'schema', day } = route.useSearch();
  const { data, error, refetch } = useQuery(tableQuery(table));
  return (
    <div className="page tables">
      <PageHead
        title={<span className="mono">{table}</span>}
        documentTitle={table}
        about={
          data === undefined || data.description === '' ? undefined : (
            <DescribedText text={data.description} />
          )
        }
        tools={
          <>
            <Link className="ctl" to="/sql" search={{ q: `select *\nfrom ${table}\nlimit 100` }}>
              {say('openInSql')}
            </Link>
            <Link className="ctl" to="/tables">
              {say('tables')}
            </Link>
          </>
        }
      />
      {data !== undefined ? (
        <>
          <Facts table={data} />
          <Tabs table={table} />
          <Tab table={data} tab={tab} day={day} />
        </>
      ) : error === null ? (
        <Skeleton rows={10} />
      ) : error instanceof RequestError && (error.status === 404 || error.code === 'argument_invalid') ? (
        <Empty
          what={say('noTable')}
          action={
            <Link className="ctl" to="/tables">
              {say('tables')}
            </Link>
          }
        >
          {error.problem?.detail}
        </Empty>
      ) : (
        <ErrorState error={error} onRetry={() => void refetch()} />
      )}
    </div>
  );
}

function Facts({ table }: { readonly table: TableDetail }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { days } = table;
  return (
    <dl className="table-facts">
      <div>
        <dt>{say('rows')}</dt>
        <dd>{format.number(table.rows)}</dd>
      </div>
      <div>
        <dt>{say('size')}</dt>
        <dd>{format.bytes(table.bytes)}</dd>
      </div>
      {days === null ? null : (
        <div>
          <dt>{say('days')}</dt>
          <dd>
            {format.number(days.count)},{' '}
            {say('dayRange', { first: format.dayShort(days.first), last: format.dayShort(days.last) })}
          </dd>
        </div>
      )}
      <div>
        <dt>{say('changed')}</dt>
        <dd>{table.changed_at === null ? '–' : format.moment(table.changed_at)}</dd>
      </div>
      <div>
        <dt>{say('madeBy')}</dt>
        <dd>
          {table.made_by.length === 0 ? (
            <span className="muted">{say('nobody')}</span>
          ) : (
            <span className="row">
              {table.made_by.map((task) => (
                <Link key={task} className="link mono" to="/runs/$task" params={{ task }}>
                  {task}
                </Link>
              ))}
            </span>
          )}
        </dd>
      </div>
      <div>
        <dt>{say('place')}</dt>
        <dd className="mono">{table.location}</dd>
      </div>
    </dl>
  );
}

const tabNames = {
  schema: 'schema',
  days: 'byDay',
  preview: 'preview',
  lineage: 'lineage',
  snapshots: 'snapshots',
  files: 'files',
} as const;

function Tabs({ table }: { readonly table: string }): ReactNode {
  const say = useText(messages);
  return (
    <nav className="table-tabs no-print" aria-label={say('parts')}>
      {tableTabs.map((one) => (
        <Link
          key={one}
          className="table-tab"
          to="/tables/$table"
          params={{ table }}
          search={one === 'schema' ? {} : { tab: one }}
          resetScroll={false}
          // The first one's address says nothing, which would match every other one's.
          activeOptions={{ exact: one === 'schema' }}
        >
          {say(tabNames[one])}
        </Link>
      ))}
    </nav>
  );
}

function Tab({
  table,
  tab,
  day,
}: {
  readonly table: TableDetail;
  readonly tab: TableTab;
  readonly day: string | undefined;
}): ReactNode {
  switch (tab) {
    case 'schema':
      return <ColumnsTab table={table} />;
    case 'days':
      return <DaysTab table={table} />;
    case 'preview':
      return <PreviewTab table={table} day={day} />;
    case 'lineage':
      return <LineageTab table={table} />;
    case 'snapshots':
      return <SnapshotsTab table={table} />;
    case 'files':
      return <FilesTab table={table} />;
  }
}
