import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { SearchResults } from '../../../api/index.ts';
import { request } from '../../data/request.ts';
import { useSession } from '../../data/session.tsx';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { authorIn, titleIn } from '../../i18n/title-text.ts';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

const lettersMin = 2;
const pauseMs = 150;
const readerPattern = /^[a-z]{0,3}[-_]?\d{3,}$/i;

/** Titles that the server finds, once the reader's hand rests. */
export function useTitles(text: string): readonly FoundCommand[] {
  const say = useText(messages);
  const { language } = useLanguage();
  const { may } = useSession();
  const asked = useRested(text.trim());
  const active = asked.length >= lettersMin && may('bestsellers:read');
  const { data } = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) =>
      request<SearchResults>('/v1/search', { query: { text: asked, limit: 6 }, signal }),
    enabled: active,
    placeholderData: keepPreviousData,
  });
  return useMemo(
    () =>
      !active
        ? []
        : (data?.titles ?? []).map((title) => ({
            key: `title:${title.item_id}`,
            group: say('titles'),
            icon: 'books',
            label: titleIn(language, title),
            note: [authorIn(language, title), title.item_id].filter((part) => part !== null).join(' · '),
            go: `/titles/${encodeURIComponent(title.item_id)}`,
          })),
    [active, data, say, language],
  );
}

/** A text that could be a reader's id leads to what he sees. */
export function useReader(text: string): readonly FoundCommand[] {
  const say = useText(messages);
  const { may } = useSession();
  const id = text.trim();
  if (!readerPattern.test(id) || !may('recommendations:read')) return [];
  return [
    {
      key: `reader:${id}`,
      group: say('readers'),
      icon: 'person',
      label: say('reader', { id }),
      go: `/recommendations?reader=${encodeURIComponent(id)}`,
    },
  ];
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
