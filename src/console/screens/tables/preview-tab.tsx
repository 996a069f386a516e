import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TableDetail, TablePreview } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Select } from '../../parts/select.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { previewQuery } from './queries.ts';

const numberType = /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DECIMAL|FLOAT|DOUBLE|REAL)/;

/** Some rows of a day; what is personal is not shown. */
export function PreviewTab({
  table,
  day,
}: {
  readonly table: TableDetail;
  readonly day: string | undefined;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(previewQuery(table.table, day));
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton rows={10} height={34} />;
  const hidden = data.columns.filter((column) => column.hidden).map(({ name }) => name);
  const count = data.rows.length;
  return (
    <>
      <div className="row table-note">
        {table.by_day.length === 0 ? null : (
          <Select
            label={say('day')}
            value={data.business_day ?? ''}
            options={table.by_day.map(({ business_day: one }) => ({ value: one, label: format.day(one) }))}
            shown={data.business_day === null ? '…' : format.dayShort(data.business_day)}
            onChange={(chosen) =>
              void navigate({
                to: '/tables/$table',
                params: { table: table.table },
                search: { tab: 'preview', day: chosen },
                replace: true,
                resetScroll: false,
              })
            }
          />
        )}
        <span className="small">
          {data.business_day === null
            ? say('previewAll', { count })
            : say('previewOf', { count, day: format.day(data.business_day) })}
          {hidden.length === 0 ? '' : `. ${say('hidden', { columns: hidden.join(', ') })}`}
        </span>
      </div>
      {count === 0 ? <Empty what={say('noRows')} /> : <Rows preview={data} label={table.table} />}
    </>
  );
}

function Rows({ preview, label }: { readonly preview: TablePreview; readonly label: string }): ReactNode {
  const say = useText(messages);
  const { columns, rows } = preview;
  const numeric = columns.map(({ type }) => numberType.test(type));
  return (
    <div className="table-preview" tabIndex={0} role="region" aria-label={`${say('preview')}: ${label}`}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, type }, place) => (
              <th key={name} scope="col" className={numeric[place] === true ? 'num' : ''} title={type}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(({ name, hidden, type }, place) => (
                <td key={name} className={numeric[place] === true ? 'num' : ''}>
                  {hidden ? (
                    <span className="null">{say('hiddenCell')}</span>
                  ) : (
                    <Value value={row[place]} type={type} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value, type }: { readonly value: unknown; readonly type: string }): ReactNode {
  if (value === null || value === undefined) return <span className="null">null</span>;
  const text = textOf(value, type);
  return <span title={text}>{text}</span>;
}

function textOf(value: unknown, type: string): string {
  if (typeof value === 'object') return JSON.stringify(value);
  return type === 'DATE' ? String(value).slice(0, 10) : String(value);
}
