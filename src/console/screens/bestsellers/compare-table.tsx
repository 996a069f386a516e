import { useMemo, type ReactNode } from 'react';
import type { ListComparison } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Cover } from '../../parts/cover.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Movement } from '../../parts/movement.tsx';
import { messages } from './messages.ts';
import { useNames } from './use-list.ts';

export type ComparedTitle = ListComparison['items'][number];

export function isIn(item: ComparedTitle): boolean {
  return item.from_rank === null;
}

export function isOut(item: ComparedTitle): boolean {
  return item.to_rank === null;
}

export function isMoved(item: ComparedTitle): boolean {
  return item.from_rank !== item.to_rank;
}

/** The titles of two editions. */
export function CompareTable({
  titles,
  list,
}: {
  readonly titles: readonly ComparedTitle[];
  readonly list: string;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { titleName, authorName, listName } = useNames(list);
  const columns = useMemo<readonly Column<ComparedTitle>[]>(() => {
    const number = (value: number | null): ReactNode =>
      value === null ? <span className="muted">–</span> : format.number(value);
    return [
      {
        id: 'to_rank',
        head: say('rankNow'),
        value: (item) => item.to_rank,
        cell: (item) => <span className="rank">{item.to_rank ?? '–'}</span>,
        width: 64,
      },
      {
        id: 'movement',
        head: <span className="unseen">{say('movement')}</span>,
        cell: (item) =>
          item.to_rank === null ? (
            <span className="small muted">{say('out')}</span>
          ) : (
            <span className="small">
              <Movement move={item.from_rank === null ? 'new' : item.from_rank - item.to_rank} />
            </span>
          ),
        width: 56,
      },
      {
        id: 'book',
        head: say('book'),
        value: titleName,
        cell: (item) => (
          <div className="bookline">
            <Cover title={titleName(item)} author={authorName(item)} size={24} decorative />
            <div className="book-text">
              <div className="title">{titleName(item)}</div>
              <div className="small">{authorName(item)}</div>
            </div>
          </div>
        ),
      },
      {
        id: 'from_rank',
        head: say('rankThen'),
        value: (item) => item.from_rank,
        cell: (item) => number(item.from_rank),
        numeric: true,
        width: 84,
        wideOnly: true,
      },
      {
        id: 'from_count',
        head: say('countThen'),
        value: (item) => item.from_count,
        cell: (item) => number(item.from_count),
        numeric: true,
        width: 72,
        wideOnly: true,
      },
      {
        id: 'to_count',
        head: say('countNow'),
        value: (item) => item.to_count,
        cell: (item) => number(item.to_count),
        numeric: true,
        width: 72,
      },
      {
        id: 'difference',
        head: say('difference'),
        value: differenceOf,
        cell: (item) => {
          const difference = differenceOf(item);
          return (
            <span className={difference > 0 ? 'up' : difference < 0 ? 'down' : 'muted'}>
              {format.signed(difference)}
            </span>
          );
        },
        numeric: true,
        width: 72,
        wideOnly: true,
      },
    ];
  }, [say, format, titleName, authorName]);
  return (
    <DataTable
      caption={say('compareTitle', { list: listName(list) })}
      columns={columns}
      rows={titles}
      keyOf={(item) => item.item_id}
      drawnMax={1_000}
      empty={<Empty what={say('nothingHere')} />}
    />
  );
}

function differenceOf(item: ComparedTitle): number {
  return (item.to_count ?? 0) - (item.from_count ?? 0);
}
