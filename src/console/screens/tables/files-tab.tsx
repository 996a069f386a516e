import { useMemo, type ReactNode } from 'react';
import type { TableDetail } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { messages } from './messages.ts';

type File = TableDetail['largest_files'][number];

/** The data files, the largest first. */
export function FilesTab({ table }: { readonly table: TableDetail }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const columns = useMemo(
    (): readonly Column<File>[] => [
      {
        id: 'file',
        head: say('file'),
        value: ({ file }) => file,
        cell: ({ file }) => <span className="mono">{file}</span>,
      },
      {
        id: 'day',
        head: say('day'),
        value: ({ business_day: day }) => day,
        cell: ({ business_day: day }) => (day === null ? '–' : format.dayShort(day)),
        numeric: true,
        wideOnly: true,
      },
      {
        id: 'rows',
        head: say('rows'),
        value: ({ rows }) => rows,
        cell: ({ rows }) => format.number(rows),
        numeric: true,
        wideOnly: true,
      },
      {
        id: 'bytes',
        head: say('size'),
        value: ({ bytes }) => bytes,
        cell: ({ bytes }) => format.bytes(bytes),
        numeric: true,
      },
    ],
    [say, format],
  );
  return (
    <>
      <p className="small table-note">
        {say('filesAbout', {
          files: table.files,
          bytes: format.bytes(table.bytes),
          shown: table.largest_files.length,
        })}
      </p>
      <DataTable
        caption={say('files')}
        columns={columns}
        rows={table.largest_files}
        keyOf={({ file }) => file}
      />
    </>
  );
}
