import { useMemo, type ReactNode } from 'react';
import type { TableDetail } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { messages } from './messages.ts';

type Snapshot = TableDetail['history'][number];
const operations = ['append', 'overwrite', 'replace', 'delete'] as const;

/** Every snapshot that is kept: when, what was done, how many rows. */
export function SnapshotsTab({ table }: { readonly table: TableDetail }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const columns = useMemo((): readonly Column<Snapshot>[] => {
    const count = (id: 'added' | 'removed', value: (one: Snapshot) => number): Column<Snapshot> => ({
      id,
      head: say(id),
      value,
      cell: (one) =>
        value(one) === 0 ? (
          <span className="muted">–</span>
        ) : (
          format.signed(id === 'added' ? value(one) : -value(one))
        ),
      numeric: true,
    });
    return [
      {
        id: 'at',
        head: say('at'),
        value: ({ at }) => at,
        cell: ({ at, current }) => (
          <>
            {format.moment(at)} {current ? <span className="small">{say('current')}</span> : null}
          </>
        ),
      },
      {
        id: 'operation',
        head: say('operation'),
        value: ({ operation }) => operation,
        cell: ({ operation }) => {
          const known = operations.find((one) => one === operation);
          return known === undefined ? operation : say(known);
        },
        wideOnly: true,
      },
      count('added', ({ added_rows: rows }) => rows),
      count('removed', ({ removed_rows: rows }) => rows),
      {
        id: 'total',
        head: say('total'),
        value: ({ rows }) => rows,
        cell: ({ rows }) => format.number(rows),
        numeric: true,
      },
      {
        id: 'said',
        head: say('said'),
        cell: ({ summary }) => (
          <span className="mono small table-said">
            {Object.entries(summary)
              .map(([name, value]) => `${name}=${value}`)
              .join(' ')}
          </span>
        ),
        wideOnly: true,
      },
      {
        id: 'id',
        head: say('id'),
        cell: ({ snapshot }) => <span className="mono small">{snapshot}</span>,
        wideOnly: true,
      },
    ];
  }, [say, format]);
  if (table.history.length === 0) return <Empty what={say('noSnapshots')} />;
  return (
    <DataTable
      caption={say('snapshots')}
      columns={columns}
      rows={table.history}
      keyOf={({ snapshot }) => snapshot}
    />
  );
}
