import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ListEditions, ListPage } from '../../../api/index.ts';
import { requestFile } from '../../data/request.ts';
import { saveFile } from '../../data/save-file.ts';
import { useFormat, useLanguage, useText } from '../../i18n/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Segment } from '../../parts/segment.tsx';
import { Select } from '../../parts/select.tsx';
import { messages } from './messages.ts';
import { categoriesQuery, listEditionsQuery, listsQuery, type ListView } from './queries.ts';
import type { ListSearch } from './route.ts';
import { useNames } from './use-list.ts';

const segmentsMax = 6;

/** Which list, category and day; what can be done with it. */
export function ListControls({
  view,
  page,
}: {
  readonly view: ListView;
  readonly page: ListPage | undefined;
}): ReactNode {
  const say = useText(messages);
  const navigate = useNavigate();
  const names = useNames(view.list);
  const { data: lists } = useQuery(listsQuery);
  const go = (list: string, search: ListSearch): void =>
    void navigate({ to: '/bestsellers/$list', params: { list }, search, resetScroll: false });
  const options = inOrder(lists?.lists ?? []).map(({ list }) => ({
    value: list,
    label: names.listName(list),
  }));
  const changeList = (list: string): void => go(list, dated(view));
  return (
    <>
      {options.length > segmentsMax ? (
        <Select label={say('lists')} value={view.list} options={options} onChange={changeList} />
      ) : (
        <Segment label={say('lists')} value={view.list} options={options} onChange={changeList} />
      )}
      <CategorySelect view={view} onChange={(category) => go(view.list, { ...dated(view), ...category })} />
      <DaySelect
        view={view}
        page={page}
        onChange={(day) => go(view.list, { ...categorised(view), ...day })}
      />
      <Link
        className="ctl wide-only"
        to="/bestsellers/$list/compare"
        params={{ list: view.list }}
        search={{
          ...categorised(view),
          ...(page === undefined ? {} : { to: page.edition }),
        }}
      >
        {say('compare')}
      </Link>
      <ExportMenu view={view} page={page} />
    </>
  );
}

const first = ['daily', 'weekly', 'monthly'];

/** The three that every bookstore has come first, the others by their ids. */
function inOrder<T extends { readonly list: string }>(lists: readonly T[]): readonly T[] {
  const place = ({ list }: T): number => (first.includes(list) ? first.indexOf(list) : first.length);
  return lists.toSorted((a, b) => place(a) - place(b) || (a.list < b.list ? -1 : 1));
}

function CategorySelect({
  view,
  onChange,
}: {
  readonly view: ListView;
  readonly onChange: (search: ListSearch) => void;
}): ReactNode {
  const say = useText(messages);
  const names = useNames(view.list);
  const { data } = useQuery(categoriesQuery(view.list));
  const options = (data?.categories ?? []).map(({ category, parent }) => ({
    value: category,
    label: parent === null ? names.categoryName(category) : `  ${names.categoryName(category)}`,
  }));
  if (options.length < 2 && view.category === undefined) return null;
  return (
    <Select
      label={say('category')}
      value={view.category ?? 'all'}
      options={options}
      shown={names.categoryName(view.category)}
      onChange={(category) => onChange(category === 'all' ? {} : { category })}
    />
  );
}

function DaySelect({
  view,
  page,
  onChange,
}: {
  readonly view: ListView;
  readonly page: ListPage | undefined;
  readonly onChange: (search: ListSearch) => void;
}): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { data } = useQuery(listEditionsQuery(view.list));
  const editions = data?.editions ?? [];
  const revised = new Set(editions.filter(({ revision }) => revision > 1).map((one) => one.business_day));
  const options = editions.map((one) => ({
    value: one.edition,
    label: revised.has(one.business_day)
      ? say('dayRevision', { day: format.day(one.business_day), revision: one.revision })
      : format.day(one.business_day),
  }));
  const day = page?.business_day ?? view.date;
  return (
    <Select
      label={say('day')}
      value={page?.edition ?? ''}
      options={options}
      shown={day === undefined ? '…' : format.dayShort(day)}
      onChange={(edition) => onChange(searchOf(editions, edition))}
    />
  );
}

/** The newest edition needs nothing in the address, the current one of a day its day, another its id. */
function searchOf(editions: ListEditions['editions'], id: string): ListSearch {
  const chosen = editions.find(({ edition }) => edition === id);
  if (chosen === undefined || !chosen.current) return { edition: id };
  const newest = editions
    .filter(({ current }) => current)
    .map((one) => one.business_day)
    .toSorted()
    .at(-1);
  return chosen.business_day === newest ? {} : { date: chosen.business_day };
}

function ExportMenu({
  view,
  page,
}: {
  readonly view: ListView;
  readonly page: ListPage | undefined;
}): ReactNode {
  const say = useText(messages);
  const { language } = useLanguage();
  const save = async (format: 'csv' | 'xlsx'): Promise<void> => {
    if (page === undefined) return;
    const query = { category: page.category, edition: page.edition, format, language };
    const file = await requestFile(`/v1/bestsellers/${encodeURIComponent(view.list)}/file`, { query });
    saveFile(`${view.list}-${page.category}-${page.business_day}-r${page.revision}.${format}`, file);
  };
  return (
    <Menu
      trigger={
        <Button icon="export" disabled={page === undefined}>
          {say('export')}
        </Button>
      }
      groups={[
        {
          items: [
            { key: 'csv', label: 'CSV', onSelect: () => void save('csv') },
            { key: 'xlsx', label: 'XLSX', onSelect: () => void save('xlsx') },
            { key: 'print', label: say('print'), onSelect: () => window.print() },
          ],
        },
      ]}
    />
  );
}

function dated(view: ListView): ListSearch {
  return view.date === undefined ? {} : { date: view.date };
}

function categorised(view: ListView): { readonly category?: string } {
  return view.category === undefined ? {} : { category: view.category };
}
