import { useQuery } from '@tanstack/react-query';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { authorIn, titleIn, type Authored, type NamedTitle } from '../../i18n/title-text.ts';
import { categoriesQuery, listsQuery } from '../bestsellers/queries.ts';
import { messages } from './messages.ts';

/** Names of titles, lists and categories in the reader's language. */
export function useTitleNames(): {
  readonly title: (title: NamedTitle) => string;
  readonly author: (title: Authored) => string | null;
  readonly list: (list: string) => string;
  readonly category: (category: string) => string;
} {
  const say = useText(messages);
  const { language } = useLanguage();
  const { data: lists } = useQuery(listsQuery);
  const first = lists?.lists.toSorted((a, b) => b.categories - a.categories)[0]?.list;
  const { data: categories } = useQuery({ ...categoriesQuery(first ?? ''), enabled: first !== undefined });
  return {
    title: (title) => titleIn(language, title),
    author: (title) => authorIn(language, title),
    list: (id) => {
      const title = lists?.lists.find(({ list }) => list === id)?.title;
      return title?.[language] ?? title?.['en'] ?? id;
    },
    category: (id) => {
      if (id === 'all') return say('overall');
      const title = categories?.categories.find(({ category }) => category === id)?.title;
      return title?.[language] ?? title?.['ko'] ?? id;
    },
  };
}
