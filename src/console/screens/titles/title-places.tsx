import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { ItemRankings } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { DataTable, type Column } from '../../parts/data-table.tsx';
import { Movement } from '../../parts/movement.tsx';
import { Section } from '../../parts/page.tsx';
import { messages } from './messages.ts';
import { useTitleNames } from './use-title-names.ts';

type Place = ItemRankings['places'][number];

/** The newest lists that the title is on; each leads to why. */
export function TitlePlaces({ title }: { readonly title: ItemRankings }): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const names = useTitleNames();
  const columns = useMemo<readonly Column<Place>[]>(
    () => [
      {
        id: 'list',
        head: say('list'),
        value: (place) => names.list(place.list),
        cell: (place) => (
          <Link
            className="row-link"
            to="/bestsellers/$list"
            params={{ list: place.list }}
            search={{
              item: title.item_id,
              ...(place.category === 'all' ? {} : { category: place.category }),
            }}
          >
            {names.list(place.list)}
          </Link>
        ),
      },
      { id: 'category', head: say('category'), value: (place) => names.category(place.category) },
      {
        id: 'rank',
        head: say('rank'),
        value: (place) => place.rank,
        cell: (place) => format.number(place.rank),
        numeric: true,
      },
      {
        id: 'movement',
        head: <span className="unseen">{say('movement')}</span>,
        cell: (place) => (
          <span className="small">
            <Movement move={place.previous_rank === null ? 'new' : place.previous_rank - place.rank} />
          </span>
        ),
        width: 56,
      },
      {
        id: 'count',
        head: say('count'),
        value: (place) => place.count,
        cell: (place) => format.number(place.count),
        numeric: true,
        wideOnly: true,
      },
      {
        id: 'days',
        head: say('days'),
        value: (place) => place.days_on_list,
        cell: (place) => (place.days_on_list === undefined ? '–' : format.number(place.days_on_list)),
        numeric: true,
        wideOnly: true,
      },
      {
        id: 'peak',
        head: say('peak'),
        value: (place) => place.peak_rank,
        cell: (place) => (place.peak_rank === undefined ? '–' : format.number(place.peak_rank)),
        numeric: true,
        wideOnly: true,
      },
    ],
    [say, format, names, title.item_id],
  );
  if (title.places.length === 0) return null;
  return (
    <Section title={say('places')}>
      <DataTable
        caption={say('caption', { title: names.title(title) })}
        columns={columns}
        rows={title.places}
        keyOf={(place) => `${place.list}/${place.category}`}
      />
    </Section>
  );
}
