import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { TableDetail } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { DayBars } from '../../parts/day-bars.tsx';
import { Empty } from '../../parts/empty.tsx';
import { messages } from './messages.ts';

type Day = TableDetail['by_day'][number];

/** Rows and bytes of each business day. */
export function DaysTab({ table }: { readonly table: TableDetail }): ReactNode {
  const say = useText(messages);
  const { by_day: days } = table;
  const bars = useMemo(() => days.map(({ business_day: day, rows }) => ({ day, value: rows })), [days]);
  const columns = useColumns(table);
  if (days.length === 0) return <Empty what={say('noDays')}>{say('noDaysNext')}</Empty>;
  return (
    <>
      <DayBars title={say('rowsByDay')} name={say('rows')} days={bars} height={200} />
      <section className="section">
        <DataTable
          caption={say('byDay')}
          columns={columns}
          rows={days}
          keyOf={({ business_day: day }) => day}
        />
      </section>
    </>
  );
}

function useColumns({ table, namespace }: TableDetail): readonly Column<Day>[] {
  const say = useText(messages);
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'day',
        head: say('day'),
        value: ({ business_day: day }) => day,
        cell: ({ business_day: day }) => (
          <Link
            className="row-link table-day"
            to="/tables/$table"
            params={{ table }}
            search={{ tab: 'preview', day }}
          >
            {format.day(day)}
          </Link>
        ),
      },
      ...(namespace === 'raw'
        ? [
            {
              id: 'sealed',
              head: say('sealed'),
              value: ({ sealed }: Day) => say(sealed ? 'sealed' : 'open'),
            },
          ]
        : []),
      {
        id: 'rows',
        head: say('rows'),
        value: ({ rows }) => rows,
        cell: ({ rows }) => format.number(rows),
        numeric: true,
      },
      {
        id: 'bytes',
        head: say('size'),
        value: ({ bytes }) => bytes,
        cell: ({ bytes }) => format.bytes(bytes),
        numeric: true,
      },
      {
        id: 'files',
        head: say('fileCount'),
        value: ({ files }) => files,
        cell: ({ files }) => format.number(files),
        numeric: true,
        wideOnly: true,
      },
    ],
    [say, format, table, namespace],
  );
}
