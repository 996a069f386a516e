import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { messages } from './messages.ts';
import { explanationQuery, type ListView } from './queries.ts';
import { useReasonName } from './use-reason.ts';

type Line = Readonly<Record<string, unknown>>;

/** The rows behind a count: each sale line, what of it counted, and why not. */
export function SaleLines({
  view,
  item,
  open,
  onClose,
}: {
  readonly view: ListView;
  readonly item: string;
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const say = useText(messages);
  return (
    <Sheet open={open} onClose={onClose} title={say('linesTitle')} closeLabel={say('close')}>
      <Lines view={view} item={item} />
    </Sheet>
  );
}

function Lines({ view, item }: { readonly view: ListView; readonly item: string }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const reasonName = useReasonName();
  const { data, error, refetch } = useQuery(explanationQuery(view, item, true));
  const columns = useMemo<readonly Column<Line>[]>(
    () => [
      {
        id: 'sold_at',
        head: say('soldAt'),
        value: (line) => String(line['sold_at']),
        cell: (line) => <span className="nowrap">{format.moment(String(line['sold_at']))}</span>,
      },
      { id: 'kind', head: say('kind'), value: (line) => String(line['kind']) },
      { id: 'copies', head: say('lineCopies'), value: (line) => Number(line['copies']), numeric: true },
      { id: 'counted', head: say('lineCounted'), value: (line) => Number(line['counted']), numeric: true },
      {
        id: 'reason',
        head: say('reason'),
        value: (line) => reasonOf(line) ?? '',
        cell: (line) => {
          const reason = reasonOf(line);
          return <span className="small">{reason === undefined ? '' : reasonName(reason)}</span>;
        },
      },
    ],
    [say, format, reasonName],
  );
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data?.lines === undefined) return <Skeleton rows={8} />;
  return (
    <DataTable
      caption={say('linesTitle')}
      columns={columns}
      rows={data.lines}
      keyOf={(line) => String(line['line_id'])}
    />
  );
}

function reasonOf(line: Line): string | undefined {
  if (typeof line['reason'] === 'string') return line['reason'];
  if (Number(line['refunded']) > 0) return 'refunded';
  return Number(line['repeated']) > 0 ? 'repeat' : undefined;
}
