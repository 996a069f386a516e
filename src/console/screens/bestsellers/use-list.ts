import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ListPage } from '../../../api/index.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { authorIn, titleIn, type Authored, type NamedTitle } from '../../i18n/title-text.ts';
import { messages } from './messages.ts';
import { categoriesQuery, historyQuery, listQuery, listsQuery, type ListView } from './queries.ts';

export type ListTitle = ListPage['items'][number] & {
  readonly title_en?: string | null;
  readonly author?: string | null;
  readonly author_en?: string | null;
  readonly days_on_list?: number;
};

/** A list as a screen shows it. */
export interface ShownList {
  readonly page: ListPage | undefined;
  readonly titles: readonly ListTitle[];
  readonly ranks: Readonly<Record<string, readonly (number | null)[]>> | undefined;
  readonly error: unknown;
  /** The one before is shown until it is there. */
  readonly waiting: boolean;
  readonly more: (() => void) | undefined;
  readonly retry: () => void;
}

/** The list of a view with the ranks of the days before. */
export function useList(view: ListView): ShownList {
  const pages = useInfiniteQuery(listQuery(view));
  const history = useQuery(historyQuery(view));
  const { data, error, isPlaceholderData, hasNextPage, fetchNextPage, refetch } = pages;
  const page = data?.pages[0];
  return {
    page: page?.list === view.list ? page : undefined,
    titles: page?.list === view.list ? (data?.pages.flatMap(({ items }) => items) ?? []) : [],
    ranks: history.data?.list === view.list ? history.data.ranks : undefined,
    error: error ?? undefined,
    waiting: isPlaceholderData,
    more: hasNextPage ? () => void fetchNextPage() : undefined,
    retry: () => void refetch(),
  };
}

/** The names of a list and its categories, in the reader's language. */
export function useNames(list: string): {
  readonly listName: (list: string) => string;
  readonly categoryName: (category: string | undefined) => string;
  readonly titleName: (title: NamedTitle) => string;
  readonly authorName: (title: Authored) => string | null;
} {
  const say = useText(messages);
  const { language } = useLanguage();
  const { data: lists } = useQuery(listsQuery);
  const { data: categories } = useQuery(categoriesQuery(list));
  return {
    listName: (id) => {
      const title = lists?.lists.find((one) => one.list === id)?.title;
      return title?.[language] ?? title?.['en'] ?? id;
    },
    categoryName: (category = 'all') => {
      if (category === 'all') return say('overall');
      const title = categories?.categories.find((one) => one.category === category)?.title;
      return title?.[language] ?? title?.['ko'] ?? category;
    },
    titleName: (title) => titleIn(language, title),
    authorName: (title) => authorIn(language, title),
  };
}
