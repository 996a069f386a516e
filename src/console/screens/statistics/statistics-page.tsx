import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import type { PageData, PageLayout } from '../../../api/index.ts';
import { RequestError } from '../../data/request.ts';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { PageHead } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Block, Broken } from './block.tsx';
import { Controls } from './controls.tsx';
import type { ShownBlock, TextNode } from './page-types.ts';
import { dataQuery, layoutQuery, pagesQuery } from './queries.ts';
import type { PageSearch } from './route.ts';
import { Text } from './text.tsx';
import { usePageWords, type PageWords } from './words.ts';
import './statistics.css';

const route = getRouteApi('/statistics/$page');

/** One statistics page. Its controls stand in the address; an edit of its file shows by itself. */
export function StatisticsPage(): ReactNode {
  const { page } = route.useParams();
  const search = route.useSearch();
  const layout = useQuery(layoutQuery(page));
  const data = useQuery(dataQuery(page, layout.data?.version, search));
  const words = usePageWords(data.data?.labels);
  const failed = layout.data === undefined ? layout.error : data.data === undefined ? data.error : null;
  if (layout.data === undefined && failed === null)
    return (
      <div className="page">
        <PageHead title="…" />
        <Skeleton rows={8} />
      </div>
    );
  const title = layout.data === undefined ? page : words.text(layout.data.title);
  return (
    <div className="page statistics" aria-busy={data.isPlaceholderData}>
      <PageHead
        title={title}
        about={<About layout={layout.data} data={data.data} words={words} />}
        tools={
          layout.data === undefined ? undefined : (
            <Controls layout={layout.data} data={data.data} search={search} words={words} />
          )
        }
      />
      <Tabs page={page} words={words} />
      {failed !== null ? (
        <Failed
          error={failed}
          words={words}
          onRetry={() => void (layout.data === undefined ? layout.refetch() : data.refetch())}
        />
      ) : layout.data === undefined ? null : (
        <Body layout={layout.data} data={data.data} search={search} words={words} />
      )}
    </div>
  );
}

function About({
  layout,
  data,
  words,
}: {
  readonly layout: PageLayout | undefined;
  readonly data: PageData | undefined;
  readonly words: PageWords;
}): ReactNode {
  const { say, format } = words;
  if (data === undefined) return words.text(layout?.description);
  const { from, to } = data.controls;
  return (
    <>
      {from === to
        ? format.dayLong(to)
        : say('shown', { from: format.dayLong(from), to: format.dayLong(to) })}{' '}
      <span className="nowrap">· {say('counted', { day: format.day(data.newest) })}</span>
    </>
  );
}

/** The other pages, at hand. */
function Tabs({ page, words }: { readonly page: string; readonly words: PageWords }): ReactNode {
  const { data } = useQuery(pagesQuery);
  const nav = useRef<HTMLElement>(null);
  const count = data?.pages.length ?? 0;
  useEffect(() => {
    if (count === 0 || page === '') return;
    const [tabs, tab] = [nav.current, nav.current?.querySelector<HTMLElement>('[aria-current]')];
    // Only the row of tabs is moved, never the page.
    if (tabs !== null && tab !== null && tab !== undefined)
      tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.clientWidth) / 2;
  }, [page, count]);
  if (data === undefined || count < 2) return null;
  return (
    <nav ref={nav} className="page-tabs no-print" aria-label={words.say('otherPages')}>
      {data.pages.map((each) => (
        <Link
          key={each.page}
          to="/statistics/$page"
          params={{ page: each.page }}
          search={{}}
          className="page-tab"
          {...(each.page === page ? { 'aria-current': 'page' as const } : {})}
        >
          {words.text(each.title)}
        </Link>
      ))}
    </nav>
  );
}

function Failed({
  error,
  words,
  onRetry,
}: {
  readonly error: Error;
  readonly words: PageWords;
  readonly onRetry: () => void;
}): ReactNode {
  if (error instanceof RequestError && error.code === 'edition_not_found')
    return <Empty what={words.say('notPublished')}>{words.say('notPublishedNext')}</Empty>;
  return <ErrorState error={error} onRetry={onRetry} />;
}

function Body({
  layout,
  data,
  search,
  words,
}: {
  readonly layout: PageLayout;
  readonly data: PageData | undefined;
  readonly search: PageSearch;
  readonly words: PageWords;
}): ReactNode {
  const { say, format } = words;
  const items = layout.items.filter(
    (item) => item.kind !== 'text' || item.language === null || item.language === words.language,
  );
  return (
    <>
      {data === undefined || data.newest >= data.expected ? null : (
        <Banner
          what={say('late', { day: format.day(data.expected) })}
          next={say('lateNext', { newest: format.day(data.newest) })}
        />
      )}
      {(data?.problems ?? []).map((problem) => (
        <Broken key={`${problem.file}:${problem.line}:${problem.message}`} problem={problem} words={words} />
      ))}
      <div className="statistics-grid">
        {items.map((item, place) => {
          if (item.kind === 'text')
            return (
              <div key={place} className="statistics-text">
                <Text node={item.node as unknown as TextNode} data={data} words={words} />
              </div>
            );
          if (item.kind === 'broken')
            return (
              <div key={item.id} className="statistics-block">
                <Broken problem={item.problem} words={words} />
              </div>
            );
          const block = item.block as unknown as ShownBlock;
          return (
            <div key={item.id} className={`statistics-block ${block.width === 'half' ? 'half' : ''}`}>
              <Block
                page={layout.page}
                id={item.id}
                block={block}
                outcome={data?.blocks[item.id]}
                grain={data?.controls.grain ?? layout.controls.grain}
                search={search}
                words={words}
              />
            </div>
          );
        })}
      </div>
    </>
  );
}
