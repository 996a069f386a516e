import { getRouteApi } from '@tanstack/react-router';
import { useCallback, type ReactNode } from 'react';
import { useFormat, useText } from '../../i18n/language.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useEscape } from '../../parts/use-escape.ts';
import { useMedia } from '../../parts/use-media.ts';
import { AboutList } from './about-list.tsx';
import { ListBanner } from './list-banner.tsx';
import { ListControls } from './list-controls.tsx';
import { ListError } from './list-error.tsx';
import { ListTable } from './list-table.tsx';
import { messages } from './messages.ts';
import type { ListView } from './queries.ts';
import type { ListSearch } from './route.ts';
import { useList, useNames } from './use-list.ts';
import { WhyPanel } from './why-panel.tsx';
import './bestsellers.css';

const route = getRouteApi('/bestsellers/$list');
const hashLetters = 4;

/** A bestseller list, and why each title has its rank. */
export function Bestsellers(): ReactNode {
  const say = useText(messages);
  const format = useFormat();
  const { list } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const view: ListView = { list, category: search.category, date: search.date, edition: search.edition };
  const shown = useList(view);
  const names = useNames(list);
  const wide = useMedia('(min-width: 1024px)');
  const close = useCallback(() => {
    void navigate({
      search: ({ item: _closed, ...rest }: ListSearch) => rest,
      replace: true,
      resetScroll: false,
    });
  }, [navigate]);
  const open = (item: string): void =>
    void navigate({ search: (now: ListSearch) => ({ ...now, item }), replace: true, resetScroll: false });
  useEscape(search.item !== undefined && wide, close, '.bestsellers tr[aria-selected]');
  const { page } = shown;
  const why =
    search.item === undefined || page === undefined ? null : (
      <WhyPanel
        view={{ ...view, edition: page.edition, date: undefined }}
        item={search.item}
        onClose={close}
      />
    );
  return (
    <div className="page bestsellers">
      <PageHead
        title={say('headline', {
          list: names.listName(list),
          category:
            search.category === undefined ? say('overallInTitle') : names.categoryName(search.category),
        })}
        about={
          page === undefined
            ? undefined
            : say('about', {
                span: format.span(
                  page.window?.from ?? page.business_day,
                  page.window?.to ?? page.business_day,
                ),
                revision: page.revision,
                time: format.time(page.published_at),
                hash: page.content_hash.slice(0, hashLetters),
              })
        }
        tools={<ListControls view={view} page={page} />}
      />
      <ListBanner view={view} page={page} />
      {shown.error !== undefined ? (
        <ListError error={shown.error} view={view} onRetry={shown.retry} />
      ) : page === undefined ? (
        <Skeleton rows={10} height={60} />
      ) : (
        <div className="cols side">
          <ListTable shown={shown} page={page} selected={search.item} onOpen={open} />
          {wide ? (
            <aside className="panel list-panel no-print" aria-live="polite">
              {why ?? <AboutList page={page} />}
            </aside>
          ) : (
            <Sheet open={why !== null} onClose={close} title={say('book')} closeLabel={say('close')}>
              {why}
            </Sheet>
          )}
        </div>
      )}
    </div>
  );
}
