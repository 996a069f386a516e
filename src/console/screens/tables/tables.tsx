import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { TableSummary } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Banner } from '../../parts/banner.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { DescribedText } from '../../i18n/text-in.tsx';
import { messages } from './messages.ts';
import { tableListQuery } from './queries.ts';
import './tables.css';

const route = getRouteApi('/tables');
const everything = 'all';

/** Every table of the warehouse: what it is, how large, how new. */
export function Tables(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { namespace } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(tableListQuery);
  const all = data?.tables ?? [];
  const namespaces = [...new Set(all.map((table) => table.namespace))];
  const shown = all.filter((table) => namespace === undefined || table.namespace === namespace);
  const sum = (of: 'rows' | 'bytes'): number => shown.reduce((total, table) => total + table[of], 0);
  return (
    <div className="page tables">
      <PageHead
        title={say('tables')}
        about={
          data === undefined || all.length === 0
            ? undefined
            : say('about', {
                count: shown.length,
                rows: format.number(sum('rows')),
                bytes: format.bytes(sum('bytes')),
              })
        }
        tools={
          namespaces.length < 2 ? undefined : (
            <Segment
              label={say('namespace')}
              value={namespace ?? everything}
              options={[
                { value: everything, label: say('all') },
                ...namespaces.map((value) => ({ value, label: value })),
              ]}
              onChange={(chosen) =>
                void navigate({
                  search: chosen === everything ? {} : { namespace: chosen },
                  replace: true,
                  resetScroll: false,
                })
              }
            />
          )
        }
      />
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={12} height={44} />
      ) : all.length === 0 ? (
        <Empty what={say('none')}>{say('noneNext')}</Empty>
      ) : (
        <>
          {shown.map(({ table, problem }) =>
            problem === null ? null : (
              <Banner key={table} state="late" what={say('broken', { table })} next={problem.message} />
            ),
          )}
          <List
            tables={shown}
            onOpen={(table) => void navigate({ to: '/tables/$table', params: { table } })}
          />
        </>
      )}
    </div>
  );
}

function List({
  tables,
  onOpen,
}: {
  readonly tables: readonly TableSummary[];
  readonly onOpen: (table: string) => void;
}): ReactNode {
  const say = useText(messages);
  const columns = useColumns();
  return (
    <DataTable
      caption={say('tables')}
      columns={columns}
      rows={tables}
      keyOf={({ table }) => table}
      onOpen={({ table }) => onOpen(table)}
      empty={<Empty what={say('noneHere')} />}
      tools
    />
  );
}

function useColumns(): readonly Column<TableSummary>[] {
  const say = useText(messages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'table',
        head: say('table'),
        value: ({ table }) => table,
        cell: ({ table, description, problem }) => (
          <>
            <Link
              className="mono title row-link"
              to="/tables/$table"
              params={{ table }}
              onClick={(event) => event.stopPropagation()}
            >
              {table}
            </Link>
            <div className="small table-doc">
              {problem === null ? <DescribedText text={description} /> : <code>{problem.code}</code>}
            </div>
          </>
        ),
      },
      {
        id: 'rows',
        head: say('rows'),
        value: ({ rows }) => rows,
        cell: ({ rows, problem }) => (problem === null ? format.number(rows) : say('unreadable')),
        numeric: true,
        width: 96,
      },
      {
        id: 'size',
        head: say('size'),
        value: ({ bytes }) => bytes,
        cell: ({ bytes }) => format.bytes(bytes),
        numeric: true,
        width: 88,
        wideOnly: true,
      },
      {
        id: 'days',
        head: say('days'),
        value: ({ days }) => days?.count ?? null,
        cell: ({ days }) =>
          days === null ? (
            '–'
          ) : (
            <>
              {format.number(days.count)}
              <div className="small">
                {say('dayRange', { first: format.dayShort(days.first), last: format.dayShort(days.last) })}
              </div>
            </>
          ),
        numeric: true,
        width: 150,
        wideOnly: true,
      },
      {
        id: 'changed',
        head: say('changed'),
        value: ({ changed_at: at }) => at,
        cell: ({ changed_at: at }) => <span className="muted">{at === null ? '–' : format.moment(at)}</span>,
        numeric: true,
        width: 120,
        wideOnly: true,
      },
    ],
    [say, format],
  );
}
