import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { ListComparison } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Select } from '../../parts/select.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { CompareTable, isIn, isMoved, isOut, type ComparedTitle } from './compare-table.tsx';
import { ListError } from './list-error.tsx';
import { messages } from './messages.ts';
import { comparisonQuery, listEditionsQuery } from './queries.ts';
import type { CompareSearch } from './route.ts';
import { useNames } from './use-list.ts';
import './bestsellers.css';

const route = getRouteApi('/bestsellers/$list/compare');
const filters = { all: () => true, moved: isMoved, in: isIn, out: isOut } as const;
type Filter = keyof typeof filters;
const filterWords = { all: 'showAll', moved: 'showMoved', in: 'showIn', out: 'showOut' } as const;

/** Two editions of a list side by side. */
export function Compare(): ReactNode {
  const say = useText(messages);
  const { list } = route.useParams();
  const search = route.useSearch();
  const names = useNames(list);
  const editions = useQuery(listEditionsQuery(list));
  const known = editions.data?.editions ?? [];
  const to = search.to ?? known[0]?.edition;
  const toPlace = known.findIndex(({ edition }) => edition === to);
  const from = search.from ?? known[toPlace + 1]?.edition ?? known.at(-1)?.edition;
  const compared = useQuery({
    ...comparisonQuery(list, { from: from ?? '', to: to ?? '', category: search.category }),
    enabled: from !== undefined && to !== undefined,
  });
  const [filter, setFilter] = useState<Filter>('all');
  const error = editions.error ?? compared.error;
  const { data } = compared;
  return (
    <div className="page">
      <PageHead
        title={say('compareTitle', { list: names.listName(list) })}
        about={data === undefined ? undefined : <Summary data={data} />}
        tools={
          <>
            <EditionSelect of="from" list={list} chosen={from} />
            <EditionSelect of="to" list={list} chosen={to} />
            <Segment
              label={say('show')}
              value={filter}
              options={(Object.keys(filters) as Filter[]).map((value) => ({
                value,
                label: say(filterWords[value]),
              }))}
              onChange={setFilter}
            />
            <Link className="ctl" to="/bestsellers/$list" params={{ list }}>
              {say('backToList')}
            </Link>
          </>
        }
      />
      {error !== null ? (
        <ListError error={error} view={{ list }} onRetry={() => void compared.refetch()} />
      ) : data === undefined ? (
        <Skeleton rows={10} height={34} />
      ) : (
        <CompareTable
          titles={data.items.filter((item: ComparedTitle) => filters[filter](item))}
          list={list}
        />
      )}
    </div>
  );
}

/** How much is different, and what made it so. */
function Summary({ data }: { readonly data: ListComparison }): ReactNode {
  const say = useText(messages);
  if (data.same_content) return say('identical');
  const count = (is: (item: ComparedTitle) => boolean): number => data.items.filter(is).length;
  const differences = [
    say(data.same_rules ? 'sameRules' : 'otherRules'),
    data.changed_inputs.length === 0
      ? say('sameInputs')
      : say('otherInputs', { tables: data.changed_inputs.join(', ') }),
  ];
  return (
    <>
      {say('compareAbout', {
        total: count((item) => item.to_rank !== null),
        moved: count((item) => isMoved(item) && !isIn(item) && !isOut(item)),
        entered: count(isIn),
        left: count(isOut),
      })}
      <br />
      <span className="small">{differences.join(' · ')}</span>
    </>
  );
}

function EditionSelect({
  of,
  list,
  chosen,
}: {
  readonly of: 'from' | 'to';
  readonly list: string;
  readonly chosen: string | undefined;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const navigate = route.useNavigate();
  const { data } = useQuery(listEditionsQuery(list));
  return (
    <Select
      label={say(of)}
      value={chosen ?? ''}
      options={(data?.editions ?? []).map(({ edition, business_day: day, revision }) => ({
        value: edition,
        label: say('dayRevision', { day: format.day(day), revision }),
      }))}
      onChange={(edition) =>
        void navigate({
          search: (now: CompareSearch) => ({ ...now, [of]: edition }),
          replace: true,
          resetScroll: false,
        })
      }
    />
  );
}
