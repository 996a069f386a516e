import { useMemo, type ReactNode } from 'react';
import type { TableDetail } from '../../../api/index.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { DescribedText, textIn } from '../../i18n/text-in.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { messages } from './messages.ts';

type Field = TableDetail['schema'][number];

/** The columns with their documentation, and which hold personal data. */
export function ColumnsTab({ table }: { readonly table: TableDetail }): ReactNode {
  const say = useText(messages);
  const { language } = useLanguage();
  const columns = useMemo(
    (): readonly Column<Field>[] => [
      {
        id: 'column',
        head: say('column'),
        value: ({ column }) => column,
        cell: ({ column, personal }) => (
          <>
            <span className="mono title">{column}</span>{' '}
            {personal ? <span className="personal-mark">{say('personalShort')}</span> : null}
          </>
        ),
        width: '30%',
      },
      {
        id: 'type',
        head: say('type'),
        value: ({ type }) => type,
        cell: ({ type, required }) => (
          <>
            <span className="mono">{type}</span>
            {required ? <span className="small"> {say('required')}</span> : null}
          </>
        ),
        width: '30%',
      },
      {
        id: 'documentation',
        head: say('documentation'),
        value: ({ documentation }) => textIn(language, documentation),
        cell: ({ documentation }) =>
          documentation === '' ? <span className="muted">–</span> : <DescribedText text={documentation} />,
      },
    ],
    [say, language],
  );
  return (
    <DataTable caption={say('schema')} columns={columns} rows={table.schema} keyOf={({ column }) => column} />
  );
}
