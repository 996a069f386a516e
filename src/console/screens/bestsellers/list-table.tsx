import { useMemo, type ReactNode } from 'react';
import type { ListPage } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Cover } from '../../parts/cover.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Movement, type Move } from '../../parts/movement.tsx';
import { Spark } from '../../parts/spark.tsx';
import { messages } from './messages.ts';
import { useNames, type ListTitle, type ShownList } from './use-list.ts';

const daysOfWeek = 7;
const pageLimit = 100;
const drawnMax = 1_000;

/** The titles of a list. */
export function ListTable({
  shown,
  page,
  selected,
  onOpen,
}: {
  readonly shown: ShownList;
  readonly page: ListPage;
  readonly selected: string | undefined;
  readonly onOpen: (item: string) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const names = useNames(page.list);
  const columns = useColumns(page, shown.ranks);
  return (
    <div className={shown.waiting ? 'list-table waiting' : 'list-table'}>
      <DataTable
        caption={say('caption', {
          list: names.listName(page.list),
          category: names.categoryName(page.category),
          day: format.day(page.business_day),
        })}
        columns={columns}
        rows={shown.titles}
        keyOf={(title) => title.item_id}
        selected={selected}
        onOpen={(title) => onOpen(title.item_id)}
        drawnMax={drawnMax}
        empty={<Empty what={say('empty')}>{say('emptyNext')}</Empty>}
      />
      <p className="list-foot small">
        <span>{say('shown', { total: page.total, count: shown.titles.length })}</span>
        {shown.more === undefined ? null : (
          <Button onClick={shown.more}>
            {say('more', { count: Math.min(pageLimit, page.total - shown.titles.length) })}
          </Button>
        )}
      </p>
    </div>
  );
}

function useColumns(page: ListPage, ranks: ShownList['ranks']): readonly Column<ListTitle>[] {
  const say = useText(messages);
  const format = useFormat();
  const { titleName, authorName } = useNames(page.list);
  return useMemo(
    () => [
      {
        id: 'rank',
        head: say('rank'),
        value: (title) => title.rank,
        cell: (title) => <span className="rank">{title.rank}</span>,
        width: 44,
      },
      {
        id: 'movement',
        head: <span className="unseen">{say('movement')}</span>,
        cell: (title) => (
          <span className="small">
            <Movement move={moveOf(title, ranks?.[title.item_id])} />
          </span>
        ),
        width: 56,
      },
      {
        id: 'book',
        head: say('book'),
        value: titleName,
        cell: (title) => (
          <div className="bookline">
            <Cover title={titleName(title)} author={authorName(title)} size={30} decorative />
            <div className="book-text">
              <div className="title">{titleName(title)}</div>
              <div className="small">{authorName(title)}</div>
            </div>
          </div>
        ),
      },
      {
        id: 'days',
        head: say('days28'),
        cell: (title) => <Spark values={ranks?.[title.item_id] ?? []} inverted />,
        width: 116,
        wideOnly: true,
      },
      {
        id: 'weeks',
        head: say('weeks'),
        value: weeksOf,
        cell: (title) => <span className="muted">{format.number(weeksOf(title))}</span>,
        numeric: true,
        width: 64,
        wideOnly: true,
      },
      {
        id: 'count',
        head: say(page.counts),
        value: (title) => title.count,
        cell: (title) => format.number(title.count),
        numeric: true,
        width: 72,
      },
    ],
    [say, format, titleName, authorName, ranks, page.counts],
  );
}

function weeksOf(title: ListTitle): number {
  return Math.max(1, Math.ceil((title.days_on_list ?? 1) / daysOfWeek));
}

/** `back` is a title that was on the list in the days that are known, but not on the last one. */
function moveOf(title: ListTitle, history: readonly (number | null)[] | undefined): Move {
  if (title.previous_rank !== null) return title.previous_rank - title.rank;
  return history?.slice(0, -1).some((rank) => rank !== null) === true ? 'back' : 'new';
}
