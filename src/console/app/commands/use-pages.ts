import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from '../../data/session.tsx';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { pagesQuery } from '../../screens/statistics/queries.ts';
import type { FoundCommand } from './command.ts';
import { messages } from './messages.ts';

/** The statistics pages. */
export function usePages(): readonly FoundCommand[] {
  const say = useText(messages);
  const { language } = useLanguage();
  const { may } = useSession();
  const { data } = useQuery({ ...pagesQuery, enabled: may('metrics:read') });
  return useMemo(
    () =>
      (data?.pages ?? []).map(({ page, title }) => ({
        key: `page:${page}`,
        group: say('pages'),
        icon: 'chart',
        label: typeof title === 'string' ? title : (title[language] ?? title['en'] ?? page),
        go: `/statistics/${encodeURIComponent(page)}`,
        words: typeof title === 'string' ? page : `${Object.values(title).join(' ')} ${page}`,
      })),
    [data, say, language],
  );
}
